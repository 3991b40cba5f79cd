/// What attention sees, what is learned, and what becomes of it: learned numbers stand over the
/// queries, keys and values that they make.
struct WorkedBand {
  private let figure: Worked
  private let frame: WorkedMatrix.Frame
  private let input: WorkedMatrix
  private let columns: [Column]
  /// Columns that stand side by side, by their places.
  private let columnRows: [Range<Int>]
  /// Whether the input stands at the left of the columns, and not over them.
  private let isBeside: Bool

  private static let lead = 15.0

  /// Learned numbers over what they make.
  private struct Column {
    var parameters: WorkedMatrix?
    var result: WorkedMatrix

    /// Both brackets stand under each other, behind the wider gutter.
    var gutter: Double { max(parameters?.gutter ?? 0, result.gutter) }

    var width: Double {
      [parameters, result].compactMap(\.self).reduce(0) {
        max($0, gutter + $1.width - $1.gutter)
      }
    }
  }

  init(_ figure: Worked, _ frame: WorkedMatrix.Frame, in room: Double) {
    self.figure = figure
    self.frame = frame
    input = WorkedMatrix(figure.input, hasNames: true, frame)
    let columns = figure.projections.map { projection in
      Column(
        parameters: projection.parameters.map { WorkedMatrix($0, hasNames: false, frame) },
        result: WorkedMatrix(projection.result, hasNames: true, frame))
    }
    self.columns = columns
    let widths = columns.map(\.width)
    let all = widths.reduce(input.firstWidth) { $0 + WorkedLayout.gap + $1 }
    isBeside = all <= room && input.firstWidth >= 0
    let flow = Flow(widths: widths, gap: WorkedLayout.gap, in: isBeside ? .infinity : room)
    columnRows = (0..<flow.rows).map { row in
      let places = flow.places.indices.filter { flow.places[$0].row == row }
      return (places.first ?? 0)..<(places.last ?? -1) + 1
    }
  }

  var rows: Int { columnRows.count + (isBeside ? 0 : 1) }

  private func width(_ row: Range<Int>) -> Double {
    columns[row].reduce(-WorkedLayout.gap) { $0 + WorkedLayout.gap + $1.width }
  }

  var width: Double {
    let widest = columnRows.reduce(0) { max($0, width($1)) }
    return isBeside
      ? input.firstWidth + WorkedLayout.gap + widest : max(widest, input.firstWidth)
  }

  func place(on page: inout Page) {
    let top = page.y
    page.add(
      figure.input.name, input.marks(at: Point(page.left, top), isFirst: true, isNamed: true))
    let inputEnd = top + input.height(hasColumnNames: true)
    guard isBeside else {
      let x = page.left + input.firstWidth + WorkedLayout.largestGap
      if page.right - x >= 110 {
        page.y = max(inputEnd, guide(at: Point(x, top + WorkedMatrix.headingHeight), page.right - x, &page))
      } else {
        page.y = guide(at: Point(page.left, inputEnd + 8), page.width, &page)
      }
      for row in columnRows {
        page.y += Self.lead
        place(row, from: page.left, on: &page)
      }
      return
    }
    let left = page.left + input.firstWidth
    place(0..<columns.count, from: left, on: &page, hasGapBefore: true)
    let room = max(input.firstWidth + 10, 90)
    let start = Point(page.left, inputEnd + 18)
    page.y = max(page.y, guide(at: start, min(room, input.firstWidth + 12), &page))
  }

  /// Columns side by side from a left edge to the margin.
  private func place(
    _ row: Range<Int>, from left: Double, on page: inout Page, hasGapBefore: Bool = false
  ) {
    let top = page.y
    let gaps = Double(max(row.count - (hasGapBefore ? 0 : 1), 1))
    let least = width(row) + (hasGapBefore ? WorkedLayout.gap : 0)
    let free = max(page.right - left - least, 0)
    let gap =
      WorkedLayout.gap + min(free / gaps, WorkedLayout.largestGap - WorkedLayout.gap)
    let upper = columns[row].compactMap { $0.parameters?.height(hasColumnNames: false) }.max()
    let second = top + (upper.map { $0 + Self.lead } ?? 0)
    var (x, end) = (left + (hasGapBefore ? gap : 0), top)
    var bare: (start: Double, end: Double)?
    for column in columns[row] {
      if let parameters = column.parameters {
        page.add(
          parameters.panel.name,
          parameters.marks(
            at: Point(x + column.gutter - parameters.gutter, top), isFirst: false,
            isNamed: false))
      } else {
        bare = (bare?.start ?? x + column.gutter, x + column.width)
      }
      let result = column.result
      page.add(
        result.panel.name,
        result.marks(
          at: Point(x + column.gutter - result.gutter, second), isFirst: false, isNamed: false))
      end = max(end, second + result.height(hasColumnNames: false))
      x += column.width + gap
    }
    if let bare, let missing = figure.reason.missing {
      let room = upper == nil ? page.width : bare.end - bare.start
      let place = upper == nil ? Point(page.left, end + 10) : Point(bare.start, top + 17)
      let reached = words([.text(missing)], at: place, room, "missing", &page)
      end = max(end, reached)
    }
    page.y = end
  }

  /// Wrapped words under a first baseline; returns how far they reach.
  private func words(
    _ text: [Inline], at start: Point, _ room: Double, _ name: String, _ page: inout Page
  ) -> Double {
    let style = TextStyle(font: .note, color: page.theme.secondary)
    let lines = RichText(text, style, width: room, measure: page.style.measure).lines
    page.add(
      name,
      lines.enumerated().flatMap { index, line in
        line.marks(at: Point(start.x, start.y + Double(index) * 8.4))
      })
    return start.y + Double(max(lines.count - 1, 0)) * 8.4 + 2
  }

  /// What the shades mean; returns how far the words reach.
  private func guide(at start: Point, _ room: Double, _ page: inout Page) -> Double {
    let theme = page.theme
    let ordinals = ["first", "second", "third", "fourth"]
    let query = figure.tokens[figure.query].quoted
    let place = ordinals.indices.contains(figure.query) ? ordinals[figure.query] : "shaded"
    var y = words(
      [
        .text(
          "Rows are tokens, so \(query) is the \(place) row. Shaded rows meet in the boxed score.")
      ], at: start, room, "guide", &page)
    var keys: [(Color?, String)] = [
      (theme.queryTint, "the query \(query)"),
      (theme.keyTint, "the key \(figure.tokens[figure.key].quoted)"),
    ]
    let isMasked = figure.steps.contains { $0.rows.joined().contains(nil) }
    if isMasked { keys.append((nil, "masked: comes later")) }
    var marks: [Mark] = []
    for (color, words) in keys {
      let swatch = Rectangle(x: start.x, y: y + 2.2, width: 10, height: 6.2)
      y += 8.6
      marks.append(
        color.map { .plate(swatch, radius: 1, fill: $0) } ?? Hatch(theme: theme).fill(swatch))
      let shown = page.style.measure.shortened(words, .note, to: room - 14)
      marks.append(
        .text(Text(shown, font: .note, color: theme.secondary, at: Point(start.x + 14, y - 1))))
    }
    page.add("shades", marks)
    return y + 2
  }
}

extension TokenLabel {
  /// The token in quotation marks, on its own whatever its direction.
  fileprivate var quoted: String { "“\u{2068}\(text)\u{2069}”" }
}
