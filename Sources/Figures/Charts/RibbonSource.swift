/// What every step of a ribbon looked at in the source: a row of cells beside each line, with the
/// source tokens above the first.
struct RibbonSource {
  private let source: Ribbon.Source
  private let style: Style
  private let scale: ColorScale
  private let labels: AxisLabels
  /// The width of a cell.
  private let side: Double
  /// The room on the right of the table.
  let width: Double

  /// The distance to the table.
  static let gap = 16.0
  /// Cells grow to this.
  private static let largest = 15.0
  /// The widest map that grows, and its part of a width that is asked for.
  private static let longest = Double.millimetres(120)
  private static let part = 0.36
  /// Below this, cells have no numbers and no gaps.
  private static let leastRectangle = 8.5

  /// - Parameter width: The width between the margins that is asked for.
  init(_ source: Ribbon.Source, fitting width: Double?, in style: Style) {
    self.source = source
    self.style = style
    let count = Double(source.tokens.count)
    let room = width.map { Self.part * $0 } ?? Self.longest
    side = min(Self.largest, room / count)
    scale = ColorScale(weights: .linear, in: style)
    labels = AxisLabels(
      Axis("key", tokens: source.tokens), .columns, pitch: side, limit: 34, in: style)
    let name = style.measure(source.name, .note).width
    self.width = max(side * count, min(name, room))
  }

  private var count: Int { source.tokens.count }

  /// The cells of some steps from a corner, `end` the right margin.
  private func frame(_ end: Double, _ top: Double, _ height: Double) -> Rectangle {
    Rectangle(x: end - width, y: top, width: side * Double(count), height: height)
  }

  /// The tokens over the first row, and what the map is over them.
  func head(on page: inout Page, x end: Double, above top: Double) {
    let grid = frame(end, top, 1)
    page.add("source", labels.marks(beside: grid))
    let name = style.measure.shortened(source.name, .note, to: width)
    let y = top - max(labels.extent, 8) - 5
    page.add(
      .text(Text(name, font: .note, color: style.theme.secondary, at: Point(grid.minX, y))))
  }

  /// The row of a step.
  func row(_ step: Int, on page: inout Page, x end: Double, height: Double) {
    guard (step + 1) * count <= source.weights.count else { return }
    let frame = frame(end, page.y, height)
    let values = Array(source.weights[step * count..<(step + 1) * count])
    let panel = MatrixPanel(
      matrix: Matrix(rows: 1, columns: count, values: values), scale: scale, theme: style.theme,
      frame: frame)
    let border = Mark.rectangle(frame, stroke: .init(style.theme.frame, width: 0.35))
    var marks = side < Self.leastRectangle ? [panel.image(), border] : panel.rectangles()
    marks += panel.crosses()
    if hasNumbers { marks += panel.numbers(.cell, NumberFormat.cellWeight) }
    page.add("looks-\(step)", marks)
  }

  private var hasNumbers: Bool { side >= style.measure(".88", .cell).width + 1.7 }

  /// The legend of the cells.
  func foot(on page: inout Page) {
    page.y += 3
    let legend = Legend(
      scale: scale,
      text: LegendText(
        name: ["weight ", .formula(.variable("a"))], note: ["each row sums to 1"]),
      mask: nil, style: style)
    legend.place(on: &page, at: page.right - width, barWidth: .millimetres(30))
    page.y += 8.6
  }

  /// How to read the rows, and what was left out.
  var declarations: [String] {
    ["Right: where the row looked in the source when it wrote, \(source.name)."]
      + (hasNumbers ? ["Blank: weight below .005."] : [])
      + (labels.thinning.map { ["Source labels: \($0)."] } ?? []) + labels.declarations
  }
}
