/// Where everything about positions stands: the map, the plot, the rows of two equal tokens.
struct PositionsLayout {
  private let figure: Positions
  private let style: Style
  private let width: Double
  private let gutter: Double
  private static let map = 120.0
  private static let plot = 84.0

  init(_ figure: Positions, in style: Style) {
    self.figure = figure
    self.style = style
    let width = Page.fittedWidth(in: style) ?? .millimetres(150)
    self.width = width
    let names = figure.comparison.map { comparison in
      comparison.names.map { style.measure("\($0), without", .body).width }.max() ?? 0
    }
    gutter = min(max(names ?? 0, 28) + 6, 0.34 * width)
  }

  private var theme: Theme { style.theme }

  func scene() -> Scene {
    var page = Page(figure.caption, width: width, in: style)
    page.y += 15
    map(&page)
    similarity(&page)
    if let comparison = figure.comparison { rows(comparison, &page) }
    return page.scene(declaring: declarations)
  }

  private func heading(_ title: String, _ more: String, _ page: Page) -> [Mark] {
    let start = page.left + style.measure(title, .heading).width + 8
    let words = style.measure.shortened(more, .note, to: max(page.right - start, 12))
    return [
      .text(Text(title, font: .heading, color: theme.ink, at: Point(page.left, page.y))),
      .text(Text(words, font: .note, color: theme.secondary, at: Point(start, page.y))),
    ]
  }

  // MARK: The map

  private var matrix: Matrix {
    Matrix(rows: figure.positions, columns: figure.dimensions, values: figure.values)
  }

  private var scale: ColorScale {
    figure.limit.map { ColorScale(limit: $0, .linear, in: style) }
      ?? ColorScale(largest: matrix.largest, .linear, in: style)
  }

  private var frameWidth: Double { width - gutter - 6.5 }

  private func map(_ page: inout Page) {
    let height = min(Self.map, max(Double(figure.positions) * 9, 40))
    let columns = AxisLabels(
      Axis(figure.columnName, count: figure.dimensions), .columns,
      pitch: frameWidth / Double(figure.dimensions), limit: 60, in: style)
    let rows = AxisLabels(
      Axis("position", count: figure.positions), .rows,
      pitch: height / Double(figure.positions), limit: 60, in: style)
    let marks = heading(
      "The encodings", "down: position, across: \(figure.columnName)", page)
    let frame = Rectangle(
      x: page.left + gutter, y: page.y + 8 + columns.extent, width: frameWidth, height: height)
    let panel = MatrixPanel(matrix: matrix, scale: scale, theme: theme, frame: frame)
    page.add(
      "map",
      marks + [panel.image(), .rectangle(frame, stroke: .init(theme.frame, width: 0.35))]
        + panel.crosses() + columns.marks(beside: frame) + rows.marks(beside: frame))
    page.y = frame.maxY + 9
    Legend(scale: scale, text: figure.legend, mask: nil, style: style)
      .place(on: &page, at: frame.minX, barWidth: .millimetres(36))
    page.y += 20
  }

  private var declarations: [String] {
    let height = min(Self.map, max(Double(figure.positions) * 9, 40))
    let blocks = MatrixPanel.block(matrix, in: Size(frameWidth, height)).map {
      ["Each drawn cell of the map is the strongest of up to \($0) values."]
    }
    let limit = figure.limit.map { limit -> [String] in
      let beyond = figure.values.count { Double($0.magnitude) > limit }
      return [
        "Colours of the map end at ±\(NumberFormat.tick(limit)); \(NumberFormat.count(beyond)) of "
          + "\(NumberFormat.count(figure.values.count)) values lie beyond, the largest "
          + "\(NumberFormat.amount(matrix.largest, decimals: 2))."
      ]
    }
    return (blocks ?? []) + (limit ?? [])
  }

  // MARK: The similarity

  private func similarity(_ page: inout Page) {
    let all = figure.similarity
    guard all.count > 1 else { return }
    let marks = heading("Similarity by distance", figure.similarityName, page)
    let low = all.map(\.low).min() ?? 0
    let (range, values) = LinearScale.round([min(low, 0), 1], about: 4)
    let frame = Rectangle(
      x: page.left + gutter, y: page.y + 9, width: frameWidth, height: Self.plot)
    let plot = PlotFrame(frame, x: 0...Double(all.count - 1), y: range, in: style)
    func points(_ value: (Positions.Similarity) -> Double) -> [Point] {
      all.enumerated().map { plot.point(Double($0.offset), value($0.element)) }
    }
    let ticks = plot.fitting(
      [12, 8, 6, 4, 3, 2, 1].map { count in
        LinearScale(0...Double(all.count - 1), from: 0, to: 1).ticks(about: count)
          .filter { $0 == $0.rounded() }.map { Tick($0, NumberFormat.tick($0)) }
      })
    page.add(
      "similarity",
      marks + [
        plot.gridlines(at: values),
        plot.clipped([
          .area(between: points(\.high), points(\.low), fill: theme.accent.opacity(0.15))
        ]), Curve(points(\.mean)).line(theme.accent),
      ] + plot.leftLabels(Tick.round(values))
        + plot.bottomAxis(ticks, title: ["distance in tokens"]))
    page.y = frame.maxY + PlotFrame.titleBaseline + 22
  }

  // MARK: Two equal tokens

  private func rows(_ comparison: Positions.Comparison, _ page: inout Page) {
    let count = Double(comparison.keys.count)
    let pitch = min(frameWidth / count, .millimetres(9))
    let height = 11.0
    let labels = AxisLabels(
      Axis("key", tokens: comparison.keys), .columns, pitch: pitch, limit: 60, in: style)
    let marks = heading("Positions switched off", "scores of two equal tokens", page)
    let values = comparison.rows.flatMap { $0 }
    let matrix = Matrix(rows: 4, columns: comparison.keys.count, values: values)
    let scale = ColorScale(largest: matrix.largest, .linear, in: style)
    let top = page.y + 9 + labels.extent
    var all = marks
    for half in 0..<2 {
      let part = Matrix(
        rows: 2, columns: comparison.keys.count,
        values: Array(
          values[half * 2 * comparison.keys.count..<(half + 1) * 2 * comparison.keys.count]))
      let frame = Rectangle(
        x: page.left + gutter, y: top + Double(half) * (2 * height + 5), width: pitch * count,
        height: 2 * height)
      let panel = MatrixPanel(matrix: part, scale: scale, theme: theme, frame: frame)
      all += pitch >= 7 ? panel.rectangles() : [panel.image()]
      let room = style.measure("−00.0", .cell).width + 1.5
      if pitch >= room { all += panel.numbers(.cell) { NumberFormat.score($0) } }
      for (index, name) in comparison.names.enumerated() {
        let words = style.measure.shortened(
          name + (half == 0 ? ", with" : ", without"), .body, to: gutter - 5)
        all.append(
          .text(
            Text(
              words, font: .body, color: theme.ink,
              at: Point(frame.minX - 4, frame.minY + (Double(index) + 0.5) * height + 2.5),
              alignment: .end)))
      }
      if half == 0 { all += labels.marks(beside: frame) }
    }
    page.add("rows", all)
    page.y = top + 4 * height + 5 + 9
    Legend(
      scale: scale, text: LegendText(name: ["score ", .formula(.variable("α"))]), mask: nil,
      style: style
    ).place(on: &page, at: page.left + gutter, barWidth: .millimetres(36))
    page.y += 10
  }
}
