/// Where everything on a sheet of three attentions stands: the encoder at the top right, under it
/// the decoder's look at the source, at the left of that its look at itself. At the top left, legend.
struct TranslationLayout {
  private let figure: Translation
  private let style: Style
  private let scale: ColorScale
  /// The side of a cell.
  private let side: Double
  private let source: (rows: AxisLabels, columns: AxisLabels)
  private let target: (rows: AxisLabels, columns: AxisLabels)

  /// Cells grow to this when there are few.
  private static let largest = Double.millimetres(7)
  /// Below this, cells are an image without gaps, and have no numbers.
  private static let leastRectangle = 8.5
  /// The longest side of a sheet that grows.
  private static let longest = Double.millimetres(260)
  /// From the decoder to what stands beside it.
  private static let gap = 12.0

  init(_ figure: Translation, in style: Style) {
    self.figure = figure
    self.style = style
    scale = ColorScale(weights: .linear, in: style)
    let fitted = Page.fittedWidth(in: style)
    let limit = fitted.map { min(max(0.14 * $0, 24), 60) } ?? 60
    func labels(_ tokens: [TokenLabel], _ side: Double) -> (rows: AxisLabels, columns: AxisLabels) {
      let axis = Axis("token", tokens: tokens)
      return (
        AxisLabels(axis, .rows, pitch: side, limit: limit, in: style),
        AxisLabels(axis, .columns, pitch: side, limit: limit, in: style)
      )
    }
    let count = Double(figure.source.count + figure.target.count)
    var side = min(max(.millimetres(110) / count, .millimetres(4.4)), Self.largest)
    side = min(side, Self.longest / count)
    var (source, target) = (labels(figure.source, side), labels(figure.target, side))
    // The cells leave room for the labels, and the labels depend on the cells.
    var gutters = 0.0
    for _ in 0..<4 {
      guard let fitted else { break }
      let extent = target.rows.extent + max(source.rows.extent, target.rows.extent)
      gutters = max(gutters, extent + Self.gap)
      side = min(Self.largest, Self.side(figure, in: fitted - gutters, style))
      (source, target) = (labels(figure.source, side), labels(figure.target, side))
    }
    (self.side, self.source, self.target) = (side, source, target)
  }

  /// The largest side at which both columns of grids, each at least as wide as its name, have room.
  private static func side(_ figure: Translation, in room: Double, _ style: Style) -> Double {
    let (left, right) = leastWidths(figure, style)
    let (source, target) = (Double(figure.source.count), Double(figure.target.count))
    var (low, high) = (0.05, max(room, 1))
    for _ in 0..<40 {
      let side = (low + high) / 2
      let isWide = max(source * side, right) + max(target * side, left) > room
      (low, high) = isWide ? (low, side) : (side, high)
    }
    return low
  }

  /// The widths of the short names over the decoder's map, and over the two others.
  private static func leastWidths(
    _ figure: Translation, _ style: Style
  ) -> (left: Double, right: Double) {
    func least(_ panel: Translation.Panel) -> Double {
      Self.width(of: heading(panel.shortName, panel.head, style)) + 0.5
    }
    return (least(figure.decoder), max(least(figure.encoder), least(figure.cross)))
  }

  private var sourceSide: Double { side * Double(figure.source.count) }
  private var targetSide: Double { side * Double(figure.target.count) }

  /// The left edge of the two grids on the right, from the left margin.
  private var second: Double {
    let names = Self.leastWidths(figure, style)
    let least = target.rows.extent + max(targetSide, names.left) + Self.gap
    return max(least, legendRoom) + max(source.rows.extent, target.rows.extent)
  }

  /// The room for the legend at the left of the encoder, where there may be any.
  private var legendRoom: Double { Page.fittedWidth(in: style) == nil ? Legend.columnRoom : 0 }

  private var isLegendBeside: Bool { second - source.rows.extent >= Legend.columnRoom }

  func scene() -> Scene {
    var caption = figure.caption
    if caption.summary.isEmpty { caption.summary = figure.summary }
    var page = Page(caption, width: width, in: style)
    let top = page.y + 12
    let x = page.left + second
    let encoder = grid(
      figure.encoder, (figure.source, source.rows), (figure.source, source.columns),
      at: Point(x, top), on: &page)
    if isLegendBeside {
      page.y = top - 13
      legend.placeColumn(on: &page, at: page.left)
    }
    let below = encoder.maxY + 16
    let left = page.left + target.rows.extent
    let reach = max(target.columns.extent, source.columns.extent)
    let decoder = grid(
      figure.decoder, (figure.target, target.rows), (figure.target, target.columns),
      at: Point(left, below), reach: reach, on: &page)
    _ = grid(
      figure.cross, (figure.target, target.rows), (figure.source, source.columns),
      at: Point(x, below), reach: reach, on: &page)
    page.y = decoder.maxY + 10
    if !isLegendBeside {
      legend.place(on: &page, at: page.left, barWidth: .millimetres(36))
      page.y += 8.6
    }
    return page.scene(declaring: declarations)
  }

  private var width: Double {
    if let fitted = Page.fittedWidth(in: style) { return fitted }
    let picture = second + max(sourceSide, nameWidth)
    let words = Page.comfortableWidth(figure.caption, most: .millimetres(110), in: style)
    return max(picture, words)
  }

  /// The width of the longest name over a grid on the right.
  private var nameWidth: Double {
    [figure.encoder, figure.cross].map { Self.width(of: heading($0)) }.max() ?? 0
  }

  private static func width(of boxes: [Box]) -> Double {
    boxes.reduce(-4) { $0 + $1.width + 4 }
  }

  /// The name and the head, as they stand over a grid; the short name where there is no room.
  private func heading(_ panel: Translation.Panel, in room: Double = .infinity) -> [Box] {
    let boxes = Self.heading(panel.name, panel.head, style)
    return Self.width(of: boxes) <= room
      ? boxes : Self.heading(panel.shortName, panel.head, style)
  }

  private static func heading(_ name: String, _ head: String, _ style: Style) -> [Box] {
    let name = RichText(
      [.text(name)], TextStyle(font: .heading, color: style.theme.ink), width: 1000,
      measure: style.measure)
    let head = RichText(
      [.text(head)], TextStyle(font: .note, color: style.theme.secondary), width: 1000,
      measure: style.measure)
    return Array(name.lines.prefix(1) + head.lines.prefix(1))
  }

  /// One map with its name, labels and cells; returns the frame of the cells.
  private func grid(
    _ panel: Translation.Panel, _ rows: (tokens: [TokenLabel], labels: AxisLabels),
    _ columns: (tokens: [TokenLabel], labels: AxisLabels), at corner: Point, reach: Double? = nil,
    on page: inout Page
  ) -> Rectangle {
    let top = corner.y + 6 + max(reach ?? columns.labels.extent, 16)
    let frame = Rectangle(
      x: corner.x, y: top, width: side * Double(columns.tokens.count),
      height: side * Double(rows.tokens.count))
    let matrix = Matrix(
      rows: rows.tokens.count, columns: columns.tokens.count, values: panel.values,
      mask: panel.mask)
    let cells = MatrixPanel(matrix: matrix, scale: scale, theme: style.theme, frame: frame)
    let border = Mark.rectangle(frame, stroke: .init(style.theme.frame, width: 0.35))
    var marks = isImage ? [cells.image(), border] : cells.rectangles()
    marks += cells.hatch() + cells.crosses()
    marks += panel.focus.map { cells.frames(around: [$0]) } ?? []
    if hasNumbers { marks += cells.numbers(.cell, NumberFormat.cellWeight) }
    var x = corner.x
    var words: [Mark] = []
    let isLeft = corner.x < page.left + second
    let room = isLeft ? page.left + second - 8 - corner.x : page.right - corner.x
    for box in heading(panel, in: room) {
      words += box.marks(at: Point(x, corner.y))
      x += box.width + 4
    }
    let id = panel.shortName.lowercased()
    page.add(id + "-name", words)
    page.add(id, summary: "\(panel.name): \(matrix.rows) × \(matrix.columns)", marks)
    page.add(id + "-rows", rows.labels.marks(beside: frame))
    page.add(id + "-columns", columns.labels.marks(beside: frame))
    return frame
  }

  private var isImage: Bool { side < Self.leastRectangle }

  /// Whether every number has room in its cell.
  private var hasNumbers: Bool { !isImage && side >= style.measure(".88", .cell).width + 1.7 }

  // MARK: words

  private var legend: Legend {
    let isMasked = figure.decoder.mask?.contains(true) ?? false
    return Legend(
      scale: scale, text: figure.legend, mask: isMasked ? .masked : nil, style: style)
  }

  /// What the figure did itself.
  private var declarations: [String] {
    var sentences: [String] = []
    if hasNumbers { sentences.append("Blank: weight below .005.") }
    var seen: Set<String> = []
    let all = [target.rows, source.rows, target.columns, source.columns]
    let thinned = zip(all, ["Target rows", "Source rows", "Target columns", "Source columns"])
      .compactMap { labels, name in labels.thinning.map { "\(name): labels \($0)." } }
    sentences += (thinned + all.flatMap(\.declarations)).filter { seen.insert($0).inserted }
    let crossed = [figure.encoder, figure.decoder, figure.cross].filter { panel in
      panel.values.indices.contains { !panel.values[$0].isFinite && panel.mask?[$0] != true }
    }
    if !crossed.isEmpty {
      let names = crossed.map(\.name).joined(separator: ", ")
      sentences.append("Crosses mark what is no finite number, in: \(names).")
    }
    return sentences
  }
}
