/// One matrix of printed numbers between brackets, with its heading, the names of its rows and
/// columns, and what stands beside it.
struct WorkedMatrix {
  /// What all matrices of a figure share.
  struct Frame {
    var tokens: [TokenLabel]
    var query: Int
    var key: Int
    /// The size of the numbers.
    var size: Double
    /// The longest name of a token.
    var limit: Double
    var style: Style
    var rowLabels: AxisLabels
    /// The widest symbol beside learned numbers.
    var symbols: Double

    var pitch: Double { Self.pitch(size) }
    static func pitch(_ size: Double) -> Double { max(1.8 * size, 9) }
  }

  let panel: Worked.Panel
  /// Whether the names of the rows stand at the left.
  let hasNames: Bool
  private let frame: Frame
  private let column: Double
  private let heading: (title: Double, detail: Box)

  static let headingHeight = 21.5
  private static let namesHeight = 11.0
  private static let biasGap = 5.0
  private static let sideGap = 6.0

  init(_ panel: Worked.Panel, hasNames: Bool, _ frame: Frame) {
    self.panel = panel
    self.frame = frame
    self.hasNames = hasNames && panel.kind != .parameters
    let (size, measure) = (frame.size, frame.style.measure)
    let all = panel.rows.joined().compactMap(\.self) + (panel.bias?.numbers ?? [])
    let widest = all.reduce(0) { max($0, measure($1, Font(size: size)).width) }
    let isSigned = all.contains { $0.hasPrefix("−") }
    let names = panel.isMap ? min(frame.names, 6 * size) : 0
    column = max(widest + (isSigned ? 8 : 6.6) * size / 7, names + 3.5)
    let step = panel.step.map { measure("\($0)", .heading).width + 5 } ?? 0
    heading = (step + measure(panel.title, .heading).width, Self.detail(panel, frame.style))
  }

  private var theme: Theme { frame.style.theme }
  private var font: Font { Font(size: frame.size) }

  /// From the left edge to the bracket.
  var gutter: Double {
    if panel.kind == .parameters { return frame.symbols }
    return hasNames ? frame.rowLabels.extent : 0
  }

  private var matrix: Double { column * Double(panel.rows.first?.count ?? 0) }

  private var side: Double {
    guard let side = panel.side else { return 0 }
    let measure = frame.style.measure
    let title = measure(side.title, .note).width
    return Self.sideGap
      + side.numbers.reduce(title) { max($0, measure($1, font).width) }
  }

  /// The room for numbers and words.
  var width: Double {
    max(gutter + matrix + side, gutter + max(heading.title, heading.detail.width))
  }

  /// The same where the heading begins at the left edge.
  var firstWidth: Double { max(gutter + matrix + side, heading.title, heading.detail.width) }

  /// Whether there are names over the columns.
  private var hasColumnNames: Bool { panel.isMap || panel.kind == .queries && panel.step == 1 }

  /// Heading and matrix.
  func height(hasColumnNames: Bool) -> Double {
    let bias = panel.bias == nil ? 0 : Self.biasGap + frame.pitch
    return Self.headingHeight + (hasColumnNames ? Self.namesHeight : 4)
      + Double(panel.rows.count) * frame.pitch + bias
  }

  /// The marks, the top left corner at a point.
  ///
  /// - Parameters:
  ///   - isFirst: Whether the heading begins at the left edge and not at the bracket.
  ///   - isNamed: Whether neighbours have names over their columns, so that this leaves room.
  func marks(at corner: Point, isFirst: Bool, isNamed: Bool) -> [Mark] {
    let left = corner.x + gutter
    let top = corner.y + Self.headingHeight + (isNamed ? Self.namesHeight : 4)
    let grid = Rectangle(
      x: left, y: top, width: matrix, height: Double(panel.rows.count) * frame.pitch)
    var marks = headingMarks(at: Point(isFirst ? corner.x : left, corner.y))
    marks += shading(grid) + numbers(panel.rows, grid) + brackets(grid)
    if hasNames { marks += frame.rowLabels.marks(beside: grid) }
    if hasColumnNames { marks += columnNames(grid) }
    if let symbol = panel.symbol { marks += self.symbol(symbol, beside: grid) }
    if let bias = panel.bias {
      let row = Rectangle(
        x: left, y: grid.maxY + Self.biasGap, width: matrix, height: frame.pitch)
      marks += numbers([bias.numbers], row) + brackets(row) + symbol(bias.symbol, beside: row)
    }
    if let side = panel.side { marks += sideMarks(side, grid) }
    return marks
  }

  private static func detail(_ panel: Worked.Panel, _ style: Style) -> Box {
    let layout = FormulaLayout(color: style.theme.ink, measure: style.measure)
    var parts = panel.formula.map { [layout.box($0, size: 8)] } ?? []
    if !panel.note.isEmpty {
      if !parts.isEmpty { parts.append(.space(4.5)) }
      let text = Text(panel.note, font: .note, color: style.theme.secondary, at: Point(0, 0))
      parts.append(
        Box(
          width: style.measure(panel.note, .note).width, ascent: 4.5, descent: 1.5,
          marks: [.text(text)]))
    }
    return .row(parts)
  }

  private func headingMarks(at corner: Point) -> [Mark] {
    let baseline = corner.y + 6.5
    var (x, marks) = (corner.x, [Mark]())
    if let step = panel.step {
      let number = Text(
        "\(step)", font: .heading, color: theme.accent, at: Point(x, baseline))
      marks.append(.text(number))
      x += frame.style.measure("\(step)", .heading).width + 5
    }
    if !panel.title.isEmpty {
      marks.append(
        .text(Text(panel.title, font: .heading, color: theme.ink, at: Point(x, baseline))))
    }
    return marks + heading.detail.marks(at: Point(corner.x, baseline + 10.6))
  }

  /// A cell of the matrix.
  private func cell(_ row: Int, _ column: Int, _ grid: Rectangle) -> Rectangle {
    Rectangle(
      x: grid.minX + Double(column) * self.column, y: grid.minY + Double(row) * frame.pitch,
      width: self.column, height: frame.pitch)
  }

  private func shading(_ grid: Rectangle) -> [Mark] {
    var marks: [Mark] = []
    let row: (Int, Color)? =
      switch panel.kind {
      case .queries, .map: (frame.query, theme.queryTint)
      case .keys: (frame.key, theme.keyTint)
      case .values, .parameters, .weights: nil
      }
    if let (row, color) = row {
      let place = Rectangle(
        x: grid.minX + 2, y: cell(row, 0, grid).minY + 0.4, width: grid.size.width - 4,
        height: frame.pitch - 0.8)
      marks.append(.rectangle(place, fill: color))
    }
    if panel.kind == .weights { marks += colors(grid) }
    return marks + hatch(grid) + box(grid)
  }

  private func colors(_ grid: Rectangle) -> [Mark] {
    let scale = ColorScale(weights: .linear, in: frame.style)
    return panel.rows.enumerated().flatMap { row, numbers in
      numbers.enumerated().compactMap { column, number in
        number.map {
          .rectangle(
            cell(row, column, grid).inset(by: 0.5), fill: scale.color(of: Double($0) ?? 0))
        }
      }
    }
  }

  private func hatch(_ grid: Rectangle) -> [Mark] {
    guard panel.rows.joined().contains(nil) else { return [] }
    let columns = panel.rows.first?.count ?? 0
    let outline = CellOutline(
      rows: panel.rows.count, columns: columns, contains: { panel.rows[$0][$1] == nil })
    let inner = outline.steps(in: grid, rows: panel.rows.count, columns: columns)
    return [Hatch(theme: theme).fill(inner, in: grid)]
  }

  /// The frame around the score that the figure follows.
  private func box(_ grid: Rectangle) -> [Mark] {
    guard panel.isMap, panel.rows[frame.query][frame.key] != nil else { return [] }
    return [
      .rectangle(
        cell(frame.query, frame.key, grid).inset(by: 0.6), stroke: .init(theme.ink, width: 0.7))
    ]
  }

  private func numbers(_ rows: [[String?]], _ grid: Rectangle) -> [Mark] {
    let inset = (panel.kind == .weights ? 3.3 : 4) * frame.size / 7
    let scale = ColorScale(weights: .linear, in: frame.style)
    return rows.enumerated().flatMap { row, numbers in
      numbers.enumerated().compactMap { column, number -> Mark? in
        guard let string = number ?? panel.masked else { return nil }
        let place = cell(row, column, grid)
        let color =
          panel.kind == .weights
          ? theme.text(on: scale.color(of: Double(string) ?? 0))
          : number == nil ? theme.secondary : theme.ink
        return .text(
          Text(
            string, font: font, color: color,
            at: Point(place.maxX - inset, place.minY + frame.pitch / 2 + 0.364 * frame.size),
            alignment: .end))
      }
    }
  }

  private func brackets(_ grid: Rectangle) -> [Mark] {
    let foot = 2.4
    func bracket(_ x: Double, _ inside: Double) -> Mark {
      .line(
        [
          Point(inside, grid.minY), Point(x, grid.minY), Point(x, grid.maxY),
          Point(inside, grid.maxY),
        ], .init(theme.ink, width: 0.6))
    }
    return [bracket(grid.minX, grid.minX + foot), bracket(grid.maxX, grid.maxX - foot)]
  }

  private func symbol(_ symbol: Formula, beside grid: Rectangle) -> [Mark] {
    let layout = FormulaLayout(color: theme.secondary, measure: frame.style.measure)
    let box = layout.box(symbol, size: 8)
    let y = grid.minY + grid.size.height / 2 + 2.6
    return box.marks(at: Point(grid.minX - 3.5 - box.width, y))
  }

  private func columnNames(_ grid: Rectangle) -> [Mark] {
    let columns = panel.rows.first?.count ?? 0
    return (0..<columns).map { index in
      let place = cell(0, index, grid)
      let end = Point(place.maxX - 4 * frame.size / 7, grid.minY - 4)
      guard panel.isMap else {
        return .text(
          Text(
            "\(index + 1)", font: .note, color: theme.secondary, at: end, alignment: .end))
      }
      let token = frame.tokens[index].unfocused
      let font = Font(size: min(frame.size, 7))
      return .text(
        Text(
          frame.style.measure.shortened(token.text, font, to: column - 3), font: font,
          color: theme.color(of: token), at: end, alignment: .end))
    }
  }

  private func sideMarks(_ side: Worked.Panel.Side, _ grid: Rectangle) -> [Mark] {
    let end = grid.maxX + self.side
    let title = Text(
      side.title, font: .note, color: theme.secondary, at: Point(end, grid.minY - 4),
      alignment: .end)
    return [.text(title)]
      + side.numbers.enumerated().map { row, number in
        .text(
          Text(
            number, font: font, color: theme.ink,
            at: Point(
              end, grid.minY + (Double(row) + 0.5) * frame.pitch + 0.364 * frame.size),
            alignment: .end))
      }
  }
}

extension Worked.Panel {
  /// Whether both sides are tokens.
  var isMap: Bool { kind == .map || kind == .weights }
}

extension WorkedMatrix.Frame {
  /// The widest name of a token.
  fileprivate var names: Double {
    tokens.reduce(0) { max($0, min(style.measure($1.text, Font(size: min(size, 7))).width, limit)) }
  }
}

extension Theme {
  /// The row that looks.
  var queryTint: Color { paper.mixed(with: accent, isDark ? 0.24 : 0.12) }
  /// The row that is looked at.
  var keyTint: Color { paper.mixed(with: Color(0xE08A2E), isDark ? 0.26 : 0.17) }
}
