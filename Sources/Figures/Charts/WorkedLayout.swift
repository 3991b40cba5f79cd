/// Where the matrices of a worked head stand: what is learned over what it makes, then the steps,
/// then one row number by number.
struct WorkedLayout {
  private let figure: Worked
  private let style: Style
  private let width: Double
  private let frame: WorkedMatrix.Frame
  private let upper: WorkedBand
  private let lower: WorkedSteps

  static let gap = 14.0
  static let largestGap = 34.0
  private static let most = Double.millimetres(170)

  init(_ figure: Worked, in style: Style) {
    self.figure = figure
    self.style = style
    let room = Page.fittedWidth(in: style) ?? Self.most
    // The largest numbers that need the fewest rows of matrices; smaller ones where one matrix alone
    // is too wide.
    let sizes = [7, 6.5, 6].map { Plan(figure, size: $0, room, in: style) }
    let fitting = sizes.filter(\.fits)
    let rows = fitting.map(\.rows).min()
    let smaller = stride(from: 5.5, through: 2.5, by: -0.5).lazy
      .map { Plan(figure, size: $0, room, in: style) }
    let plan =
      fitting.first { $0.rows == rows } ?? smaller.first(where: \.fits)
      ?? Plan(figure, size: 2, room, in: style)
    (frame, upper, lower) = (plan.frame, plan.upper, plan.lower)
    let natural = max(
      plan.width, Page.comfortableWidth(figure.caption, most: room, in: style),
      min(WorkedLines(figure, style).width, room), min(.millimetres(120), room))
    width = Page.fittedWidth(in: style) ?? min(natural, Self.most)
  }

  /// The matrices at one size of numbers.
  private struct Plan {
    let frame: WorkedMatrix.Frame
    let upper: WorkedBand
    let lower: WorkedSteps
    let room: Double

    init(_ figure: Worked, size: Double, _ room: Double, in style: Style) {
      let limit = min(40, 0.16 * room)
      let layout = FormulaLayout(color: style.theme.secondary, measure: style.measure)
      let symbols = figure.projections.compactMap(\.parameters)
        .flatMap { [$0.symbol, $0.bias?.symbol].compactMap(\.self) }
      frame = WorkedMatrix.Frame(
        tokens: figure.tokens, query: figure.query, key: figure.key, size: size, limit: limit,
        style: style,
        rowLabels: AxisLabels(
          Axis("token", tokens: figure.tokens.map(\.unfocused)), .rows,
          pitch: WorkedMatrix.Frame.pitch(size), limit: limit, in: style),
        symbols: symbols.reduce(0) { max($0, layout.box($1, size: 8).width + 3.5) })
      upper = WorkedBand(figure, frame, in: room)
      lower = WorkedSteps(figure.steps, frame, in: room)
      self.room = room
    }

    var width: Double { max(upper.width, lower.width) }
    var fits: Bool { width <= room + 0.01 }
    var rows: Int { upper.rows + lower.rows.count }
  }

  func scene() -> Scene {
    var page = Page(figure.caption, width: width, in: style)
    page.y += 16
    upper.place(on: &page)
    page.y += 11
    page.rule()
    page.y += 10
    lower.place(on: &page)
    page.y += 11
    page.rule()
    page.y += 10
    WorkedLines(figure, style).place(on: &page)
    page.y += 9
    return page.scene(declaring: frame.rowLabels.declarations)
  }
}

/// The steps from the scores to the output, in as few rows as they need.
struct WorkedSteps {
  let rows: [[WorkedMatrix]]
  private static let lead = 15.0

  init(_ panels: [Worked.Panel], _ frame: WorkedMatrix.Frame, in room: Double) {
    var rows: [[WorkedMatrix]] = []
    for panel in panels {
      let next = WorkedMatrix(panel, hasNames: false, frame)
      if let row = rows.last, Self.width(row + [next]) <= room {
        rows[rows.count - 1].append(next)
      } else {
        rows.append([WorkedMatrix(panel, hasNames: true, frame)])
      }
    }
    self.rows = rows
  }

  private static func width(_ row: [WorkedMatrix]) -> Double {
    row.dropFirst().reduce(row.first?.firstWidth ?? 0) { $0 + $1.width + WorkedLayout.gap }
  }

  var width: Double { rows.reduce(0) { max($0, Self.width($1)) } }

  func place(on page: inout Page) {
    let heights = rows.map { $0.map { $0.height(hasColumnNames: true) }.max() ?? 0 }
    for (index, row) in rows.enumerated() {
      if index > 0 { page.y += Self.lead }
      let free = page.width - Self.width(row)
      let gaps = Double(max(row.count - 1, 1))
      let gap = WorkedLayout.gap + min(free / gaps, WorkedLayout.largestGap - WorkedLayout.gap)
      var x = page.left
      for (place, matrix) in row.enumerated() {
        page.add(
          matrix.panel.name,
          matrix.marks(at: Point(x, page.y), isFirst: place == 0, isNamed: true))
        x += (place == 0 ? matrix.firstWidth : matrix.width) + gap
      }
      page.y += heights[index]
    }
  }
}
