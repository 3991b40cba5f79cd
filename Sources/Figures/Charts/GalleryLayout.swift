/// Where everything in a gallery stands.
struct GalleryLayout {
  private let gallery: Gallery
  private let style: Style
  private let scale: ColorScale
  private let grid: HeadGrid
  private let guide: ReadingGuide?
  private let width: Double

  init(_ gallery: Gallery, in style: Style) {
    self.gallery = gallery
    self.style = style
    scale = ColorScale(weights: gallery.transform, in: style)
    let fitted = Page.fittedWidth(in: style)
    grid = HeadGrid(
      layers: gallery.layers.count, heads: gallery.heads.count,
      aspect: min(max(Double(gallery.rows) / Double(gallery.columns), 0.4), 2.5),
      hasBars: gallery.hasBars, width: fitted,
      gutter: gallery.layers.map { style.measure("L\($0)", .axis).width + 4 }.max() ?? 0,
      largest: max(.millimetres(14), .millimetres(5) * Double(gallery.columns)))
    guide = ReadingGuide(gallery, scale, in: style)
    let picture = max(grid.size.width, guide?.comfortableWidth ?? 0)
    let words = Page.comfortableWidth(
      gallery.caption, most: max(picture, .millimetres(110)), in: style)
    width = fitted ?? max(picture, words)
  }

  func scene() -> Scene {
    var page = Page(gallery.caption, width: width, in: style)
    page.y += 6
    let origin = Point(page.left, page.y)
    page.add("heads", labels.map { $0.moved(x: origin.x, y: origin.y) })
    let sheet = "\(gallery.layers.count) × \(gallery.heads.count)"
    let summary = "layers × heads: \(sheet), each panel \(gallery.rows) × \(gallery.columns)"
    page.add("grid", summary: summary, panels.map { $0.moved(x: origin.x, y: origin.y) })
    page.y += grid.size.height - (grid.pitch - grid.panel.height) + (gallery.hasBars ? 4 : 0)
    place(legend, on: &page, beside: origin)
    page.y += 8.6
    return page.scene(declaring: declarations)
  }

  /// Sets legend and guide under the grid; the legend where there is room: at the right of the
  /// guide, else of the grid, else between them.
  private func place(_ legend: Legend, on page: inout Page, beside origin: Point) {
    let isBesideGuide = guide?.legendFits(in: width) ?? false
    if !isBesideGuide, width - grid.size.width >= Legend.columnRoom {
      let end = page.y
      page.y = origin.y - 5.5
      legend.placeColumn(on: &page)
      page.y = max(page.y, end)
    } else if !isBesideGuide {
      page.y += 10
      legend.place(on: &page, at: page.left + grid.gutter, barWidth: .millimetres(36))
    }
    if let guide {
      page.y += 9
      page.rule()
      guide.place(on: &page, legend: isBesideGuide ? legend : nil)
    }
  }

  private var labels: [Mark] { grid.labels(gallery.layers, gallery.heads, in: style) }

  private var legend: Legend {
    let isMasked = gallery.mask?.contains(true) ?? false
    return Legend(
      scale: scale, text: gallery.legend, mask: isMasked ? gallery.maskLegend : nil, isFlat: true,
      style: style)
  }

  private var panels: [Mark] {
    var marks: [Mark] = []
    for (layer, layerNumber) in gallery.layers.enumerated() {
      for (head, headNumber) in gallery.heads.enumerated() {
        let panel = gallery.panels[layer * gallery.heads.count + head]
        let frame = grid.frame(layer: layer, head: head)
        let cells = MatrixPanel(
          matrix: gallery.matrix(panel), scale: scale, theme: style.theme, frame: frame)
        let isMarked = gallery.highlighted == .init(layer: layerNumber, head: headNumber)
        let stroke =
          isMarked
          ? Path.Stroke(style.theme.ink, width: 0.9) : .init(style.theme.frame, width: 0.35)
        var inner = [cells.image()] + cells.crosses()
        inner.append(.rectangle(isMarked ? frame.inset(by: -0.3) : frame, stroke: stroke))
        if let share = panel.sinkShare {
          inner += SinkBar(share: share, theme: style.theme)
            .marks(x: frame.minX, y: frame.maxY + 2.2, width: frame.size.width, height: 1.6)
        }
        marks.append(.label(Label("l\(layerNumber)h\(headNumber)", inner)))
      }
    }
    return marks
  }

  /// What the figure did itself.
  private var declarations: [String] {
    var sentences: [String] = []
    let step = grid.headNames(gallery.heads, in: style).step
    if step > 1 { sentences.append("Head names: every \(AxisLabels.ordinal(step)).") }
    let whole = gallery.matrix(gallery.panels[0])
    if let block = MatrixPanel.block(
      whole, in: grid.panel, reduction: gallery.reduction)
    {
      sentences.append(
        "A panel has no room for \(NumberFormat.count(gallery.columns)) columns: "
          + "each dot is the largest of up to \(block) weights.")
    }
    return sentences + (guide?.declarations ?? []) + invalid
  }

  private var invalid: [String] {
    let broken = gallery.panels.indices.filter { index in
      !gallery.matrix(gallery.panels[index]).invalid.isEmpty
    }
    guard let first = broken.first else { return [] }
    let layer = gallery.layers[first / gallery.heads.count]
    let head = "L\(layer)H\(gallery.heads[first % gallery.heads.count])"
    let others = broken.count > 1 ? " and \(broken.count - 1) more heads" : ""
    return ["Crosses mark what is no finite number, in \(head)\(others)."]
  }
}

extension Gallery {
  var hasBars: Bool { panels.contains { $0.sinkShare != nil } }
}

/// The share of weight that goes to the sinks, as a bar on a track.
struct SinkBar {
  let share: Double
  let theme: Theme

  func marks(x: Double, y: Double, width: Double, height: Double) -> [Mark] {
    let filled = share.isFinite ? min(max(share, 0), 1) * width : 0
    return [
      .rectangle(Rectangle(x: x, y: y, width: width, height: height), fill: theme.plate),
      .rectangle(Rectangle(x: x, y: y, width: filled, height: height), fill: theme.secondary),
    ]
  }
}
