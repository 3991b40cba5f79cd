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
    isBeside = all <= room
    let flow = Flow(widths: widths, gap: WorkedLayout.gap, in: isBeside ? .infinity : room)
    columnRows = (0..<flow.rows).map { row in
      let places = flow.places.indices.filter { flow.places[$0].row == row }
      return (places.first ?? 0)..<(places.last ?? -1) + 1
    }
  }

  var rows: Int { columnRows.count + (isBeside || isOverBare ? 0 : 1) }

  private func width(_ row: Range<Int>) -> Double {
    columns[row].reduce(-WorkedLayout.gap) { $0 + WorkedLayout.gap + $1.width }
  }

  var width: Double {
    let widest = columnRows.reduce(0) { max($0, width($1)) }
    return isBeside
      ? input.firstWidth + WorkedLayout.gap + widest : max(widest, input.firstWidth)
  }

  /// The first columns that have no learned numbers, where the last one of a row has some: the input
  /// stands over them.
  private var isOverBare: Bool {
    columnRows.count == 1 && columns.count == 3 && columns[0].parameters == nil
      && columns[1].parameters == nil && columns[2].parameters != nil
  }

  func place(on page: inout Page) {
    let top = page.y
    let first = Point(page.left, top)
    page.add(figure.input.name, input.marks(at: first, isFirst: true, isNamed: true))
    let inputEnd = top + input.height(hasColumnNames: true)
    if isBeside {
      place(0..<columns.count, from: page.left + input.firstWidth, on: &page)
      let start = Point(page.left, inputEnd + 18)
      page.y = max(page.y, guide(at: start, max(input.firstWidth + 12, 90), &page))
      return
    }
    if isOverBare {
      place(0..<columns.count, from: page.left, on: &page)
      return
    }
    let x = page.left + input.firstWidth + WorkedLayout.largestGap
    let isRight = page.right - x >= 110
    let start = isRight ? Point(x, top + 24) : Point(page.left, inputEnd + 8)
    let reached = guide(at: start, page.right - start.x, &page)
    page.y = max(inputEnd, reached)
    for row in columnRows {
      page.y += Self.lead
      place(row, from: page.left, on: &page)
    }
  }

  /// Columns side by side from a left edge, or from the input, to the margin.
  private func place(_ row: Range<Int>, from left: Double, on page: inout Page) {
    let (top, named) = (page.y, isOverBare)
    let gaps = Double(max(row.count - (isBeside ? 0 : 1), 1))
    let least = width(row) + (isBeside ? WorkedLayout.gap : 0)
    let free = max(page.right - left - least, 0)
    let gap = WorkedLayout.gap + min(free / gaps, WorkedLayout.largestGap - WorkedLayout.gap)
    let upper = columns[row].compactMap { $0.parameters?.height(hasColumnNames: named) }.max()
    var x = left + (isBeside ? gap : 0)
    let places = columns[row].map { column -> (column: Column, bracket: Double, end: Double) in
      defer { x += column.width + gap }
      return (column, x + column.gutter, max(x + column.width, x + column.gutter))
    }
    let bare = places.filter { $0.column.parameters == nil }.map { $0.bracket...$0.end }
    var second = top
    if let upper {
      second = max(top + upper, explain(bare, from: top, &page)) + Self.lead
    }
    var end = second
    for (column, bracket, _) in places {
      if let learned = column.parameters {
        let corner = Point(bracket - learned.gutter, top)
        page.add(learned.panel.name, learned.marks(at: corner, isFirst: false, isNamed: named))
      }
      let (result, corner) = (column.result, Point(bracket - column.result.gutter, second))
      page.add(result.panel.name, result.marks(at: corner, isFirst: false, isNamed: false))
      end = max(end, second + result.height(hasColumnNames: false))
    }
    if upper == nil, row.lowerBound == 0, let missing = figure.reason.missing {
      end = words(missing, at: Point(page.left, end + 10), page.width, "missing", &page)
    }
    page.y = end
  }

  /// Says why learned numbers are missing, where they would stand; returns how far that reaches.
  private func explain(
    _ bare: [ClosedRange<Double>], from top: Double, _ page: inout Page
  ) -> Double {
    guard let missing = figure.reason.missing, let first = bare.first, let last = bare.last else {
      return top
    }
    guard isOverBare, !isBeside else {
      let room = last.upperBound - first.lowerBound
      return words(missing, at: Point(first.lowerBound, top + 17), room, "missing", &page)
    }
    let room = last.upperBound - last.lowerBound
    let reached = guide(at: Point(last.lowerBound, top + 6), room, &page)
    return words(missing, at: Point(last.lowerBound, reached + 11), room, "missing", &page)
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
    if isMasked { keys.append((nil, "masked: may not be looked at")) }
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
