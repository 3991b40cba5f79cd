/// One row number by number, with the reason why there are so few beside it or under it.
struct WorkedLines {
  private let figure: Worked
  private let style: Style

  private static let lead = 12.4
  private static let number = 11.0
  private static let gap = 3.4
  private static let aside = (least: 96.0, most: 150.0, gap: 26.0)

  init(_ figure: Worked, _ style: Style) {
    self.figure = figure
    self.style = style
  }

  private var theme: Theme { style.theme }

  /// The parts of a line, the result last.
  private func parts(_ line: Worked.Line, size: Double) -> [Box] {
    let layout = FormulaLayout(color: theme.ink, measure: style.measure)
    func words(_ string: String, _ weight: Font.Weight = .regular) -> Box {
      let font = Font(size: size, weight: weight)
      return Box(
        width: style.measure(string, font).width, ascent: 0.75 * size, descent: 0.25 * size,
        marks: [.text(Text(string, font: font, color: theme.ink, at: Point(0, 0)))])
    }
    return line.terms.map { term in
      switch term {
      case .text(let text): words(text)
      case .formula(let formula): layout.box(formula, size: size * 8 / 7)
      }
    } + [.row([words("="), .space(3.5), words(line.result, .semibold)])]
  }

  private func symbol(_ line: Worked.Line) -> Box {
    FormulaLayout(color: theme.ink, measure: style.measure).box(line.symbol, size: 8)
  }

  /// Where the signs of equality stand.
  private var column: Double {
    Self.number + (figure.lines.map { symbol($0).width }.max() ?? 0) + 8
  }

  private var equals: Double { style.measure("=", .body).width + 4 }

  private func reach(size: Double) -> Double {
    figure.lines.map { line in
      parts(line, size: size).reduce(-Self.gap) { $0 + $1.width + Self.gap }
    }.max() ?? 0
  }

  /// The width at which no line is broken and the reason stands beside them.
  var width: Double {
    column + equals + reach(size: 7) + Self.aside.gap + Self.aside.most
  }

  func place(on page: inout Page) {
    let (top, start) = (page.y, page.left + column + equals)
    let whole = column + equals + reach(size: 7)
    let beside = page.width - whole - Self.aside.gap
    let isBeside = beside >= Self.aside.least
    let room = page.right - start - (isBeside ? beside + Self.aside.gap : 0)
    page.y += 6.5
    page.add(
      "row-title",
      [
        .text(
          Text(
            style.measure.shortened(figure.linesTitle, .heading, to: page.width), font: .heading,
            color: theme.ink, at: Point(page.left, page.y)))
      ])
    page.y += 2.5
    for (index, line) in figure.lines.enumerated() {
      place(line, "row-\(index + 1)", start, room, on: &page)
    }
    let end = page.y
    if isBeside {
      let left = max(page.right - Self.aside.most, page.left + whole + Self.aside.gap)
      let x = left - Self.aside.gap / 2
      page.y = top
      reason(at: left, page.right - left, on: &page)
      page.y = max(page.y, end)
      page.add(
        .line([Point(x, top), Point(x, page.y)], .init(theme.hairline, width: 0.35)))
    } else {
      page.y += 10
      reason(at: page.left, page.width, on: &page)
    }
  }

  /// One number, in as many rows as its parts need.
  private func place(
    _ line: Worked.Line, _ name: String, _ start: Double, _ room: Double, on page: inout Page
  ) {
    let size =
      [7, 6.5, 6, 5.5, 5, 4.5, 4, 3.5].first { size in
        parts(line, size: size).allSatisfy { $0.width <= room }
      } ?? 3
    let pieces = parts(line, size: size)
    let flow = Flow(widths: pieces.map(\.width), gap: Self.gap, in: room)
    page.y += Self.lead
    var marks: [Mark] = [
      .text(
        Text(
          "\(line.step)", font: .heading, color: theme.accent, at: Point(page.left, page.y))),
      .text(
        Text(
          "=", font: .body, color: theme.ink, at: Point(page.left + column, page.y))),
    ]
    marks += symbol(line).marks(at: Point(page.left + Self.number, page.y))
    for (part, place) in zip(pieces, flow.places) {
      let y = page.y + Double(place.row) * (Self.lead - 2)
      marks += part.marks(at: Point(start + place.x, y))
    }
    page.y += Double(max(flow.rows - 1, 0)) * (Self.lead - 2)
    page.add(name, marks)
  }

  private func reason(at x: Double, _ room: Double, on page: inout Page) {
    let heading = TextStyle(font: .heading, color: theme.ink)
    let text = TextStyle(font: .note, color: theme.secondary)
    let title = RichText([.text(figure.reason.title)], heading, width: room, measure: style.measure)
    let lines = RichText(figure.reason.text, text, width: room, measure: style.measure)
    var marks: [Mark] = []
    for (index, line) in title.lines.enumerated() {
      page.y += index == 0 ? 6.5 : 9
      marks += line.marks(at: Point(x, page.y))
    }
    for (index, line) in lines.lines.enumerated() {
      page.y += index == 0 ? 10 : 8.4
      marks += line.marks(at: Point(x, page.y))
    }
    page.add("reason", marks)
    page.y += 2
  }
}
