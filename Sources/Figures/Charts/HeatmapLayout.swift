/// Where everything in a heatmap stands.
struct HeatmapLayout {
  private let heatmap: Heatmap
  private let style: Style
  private let scale: ColorScale
  private let cells: CellPlan
  private let rowLabels: AxisLabels
  private let columnLabels: AxisLabels
  /// The width of everything left of the grid.
  private let gutter: Double

  init(_ heatmap: Heatmap, in style: Style) {
    self.heatmap = heatmap
    self.style = style
    scale = heatmap.scale(in: style)
    let fitted = Page.fittedWidth(in: style)
    let limit = fitted.map { min(max(0.25 * $0, 30), 84) } ?? 84
    var cells = CellPlan(heatmap, in: style)
    var rowLabels = AxisLabels(heatmap.rows, .rows, pitch: cells.height, limit: limit, in: style)
    let corner = heatmap.rows.cornerLines.map { style.measure($0, .axis).width }.max() ?? 0
    var gutter = max(rowLabels.extent, corner + 10.5)
    // The cells leave room for the labels, and the labels depend on the cells.
    for _ in 0..<3 {
      guard let fitted else { break }
      cells = cells.fitted(to: fitted - gutter)
      rowLabels = AxisLabels(heatmap.rows, .rows, pitch: cells.height, limit: limit, in: style)
      gutter = max(gutter, rowLabels.extent)
    }
    (self.cells, self.rowLabels, self.gutter) = (cells, rowLabels, gutter)
    columnLabels = AxisLabels(
      heatmap.columns, .columns, pitch: cells.width, limit: limit, in: style)
  }

  func scene() -> Scene {
    var page = Page(heatmap.caption, width: width, in: style)
    let grid = axes(on: &page)
    let panel = MatrixPanel(matrix: heatmap.matrix, scale: scale, theme: style.theme, frame: grid)
    let (rows, columns) = (heatmap.rows, heatmap.columns)
    let summary = "\(rows.name) × \(columns.name): \(rows.count) × \(columns.count)"
    page.add("grid", summary: summary, marks(of: panel))
    page.add("rows", rowLabels.marks(beside: grid))
    page.add("columns", columnLabels.marks(beside: grid))
    page.y = grid.maxY + 10
    let bar = min(max(0.5 * cells.size.width, 62), .millimetres(36))
    legend.place(on: &page, at: grid.minX, barWidth: bar)
    page.y += 8.6
    return page.scene(declaring: declarations)
  }

  /// The width between the margins: the grid's, or what the words need.
  private var width: Double {
    if let fitted = Page.fittedWidth(in: style) { return fitted }
    let heading = gutter + style.measure(heatmap.columns.heading, .axis).width + 18
    let words = Page.comfortableWidth(heatmap.caption, most: .millimetres(90), in: style)
    return max(gutter + cells.size.width, heading, words)
  }

  /// The names of both axes with their arrows; returns the grid's frame.
  private func axes(on page: inout Page) -> Rectangle {
    let color = style.theme.secondary
    let left = page.left + gutter
    let baseline = page.y + 14
    let heading = heatmap.columns.heading
    let end = left + style.measure(heading, .axis).width + 5
    let top = baseline + 7 + max(columnLabels.extent, 20)
    let lines = heatmap.rows.cornerLines
    let bottom = top - 5
    var marks: [Mark] = [
      .text(Text(heading, font: .axis, color: color, at: Point(left, baseline))),
      .arrow(from: Point(end, baseline - 2.5), to: Point(end + 11, baseline - 2.5), color: color),
      .arrow(
        from: Point(left - 6, bottom - 9), to: Point(left - 6, bottom + 1), color: color),
    ]
    for (index, line) in lines.enumerated() {
      let y = bottom - 8.4 * Double(lines.count - 1 - index)
      marks.append(
        .text(Text(line, font: .axis, color: color, at: Point(left - 10.5, y), alignment: .end)))
    }
    page.add("axes", marks)
    return Rectangle(x: left, y: top, width: cells.size.width, height: cells.size.height)
  }

  private func marks(of panel: MatrixPanel) -> [Mark] {
    let frame = Mark.rectangle(panel.frame, stroke: .init(style.theme.frame, width: 0.35))
    return (cells.isImage ? [panel.image(), frame] : panel.rectangles())
      + panel.hatch() + panel.crosses()
      + (cells.numberFont.map { panel.numbers($0, heatmap.written) } ?? []) + focus(panel)
  }

  private func focus(_ panel: MatrixPanel) -> [Mark] {
    guard case .tokens(let tokens) = heatmap.rows.labels else { return [] }
    return panel.frames(around: tokens.indices.filter { tokens[$0].isFocused })
  }

  private var legend: Legend {
    let isMasked = heatmap.matrix.mask?.contains(true) ?? false
    return Legend(
      scale: scale, text: heatmap.legend, mask: isMasked ? heatmap.maskLegend : nil, style: style)
  }

  /// What the figure did itself.
  private var declarations: [String] {
    var sentences: [String] = []
    if cells.numberFont != nil && hasBlanks {
      sentences.append(
        heatmap.quantity == .difference
          ? "Blank: difference below .005." : "Blank: weight below .005.")
    }
    if let limits = heatmap.limits {
      let ends = [limits.lowerBound, limits.upperBound].map(NumberFormat.tick)
      let (low, high) = heatmap.quantity == .weights ? (ends[0], ends[1]) : ("−" + ends[1], ends[1])
      sentences.append(
        "Colours run from \(low) to \(high): \(NumberFormat.count(heatmap.beyond)) values beyond "
          + "have the colour of the end.")
    }
    if heatmap.numbers == .always, cells.numberFont == nil {
      sentences.append("Numbers have no room in this width.")
    }
    sentences += thinning
    var seen: Set<String> = []
    sentences += (rowLabels.declarations + columnLabels.declarations)
      .filter { seen.insert($0).inserted }
    if cells.isImage, let block = MatrixPanel.block(heatmap.matrix, in: cells.size) {
      sentences.append("Each drawn cell is the strongest of up to \(block) values.")
    }
    return sentences + invalid
  }

  private var hasBlanks: Bool {
    let matrix = heatmap.matrix
    return matrix.values.indices.contains { index in
      matrix.value(index / matrix.columns, index % matrix.columns).map {
        heatmap.written($0) == nil
      }
        ?? false
    }
  }

  private var thinning: [String] {
    switch (rowLabels.thinning, columnLabels.thinning) {
    case (nil, nil): []
    case (let rows?, let columns?) where rows == columns: ["Labels: \(rows)."]
    case (let rows, let columns):
      [rows.map { "Row labels: \($0)." }, columns.map { "Column labels: \($0)." }].compactMap { $0 }
    }
  }

  private var invalid: [String] {
    let invalid = heatmap.matrix.invalid
    guard let first = invalid.first else { return [] }
    let place = "\(heatmap.rows.described(first.row)), \(heatmap.columns.described(first.column))"
    let others = invalid.count > 1 ? " and \(NumberFormat.count(invalid.count - 1)) more" : ""
    return ["A cross marks what is no finite number: \(place)\(others)."]
  }
}

extension Axis {
  /// "key: looks at".
  var heading: String { role.map { "\(name): \($0)" } ?? name }

  /// The same in two lines.
  package var cornerLines: [String] { role.map { ["\(name):", $0] } ?? [name] }

  /// A row or column by name: "query “it”", "dimension 3".
  func described(_ index: Int) -> String {
    switch labels {
    case .tokens(let tokens): "\(name) “\(tokens[index].text)”"
    case .numbers: "\(name) \(index * stride)"
    }
  }
}
