/// The maps of one head after some of the steps, small and side by side on one scale.
struct LearningMaps {
  private let maps: Learning.Maps
  private let style: Style
  private let width: Double
  private let scale: ColorScale
  private let perRow: Int
  private let side: Double
  private let rows: AxisLabels

  private static let gap = 12.0
  /// A map narrower than this shows little.
  private static let least = 62.0
  private static let most = 96.0

  init(_ maps: Learning.Maps, width: Double, in style: Style) {
    self.maps = maps
    self.style = style
    self.width = width
    // The weights of a row of many tokens are small.
    scale = ColorScale(weights: maps.tokens.count > 12 ? .squareRoot : .linear, in: style)
    let axis = Axis("query", tokens: maps.tokens)
    func labels(_ side: Double) -> AxisLabels {
      AxisLabels(
        axis, .rows, pitch: side / Double(maps.tokens.count), limit: min(64, 0.22 * width),
        in: style)
    }
    func side(_ count: Int) -> Double {
      // The room that names take depends on the side of a map; a smaller one thins them.
      (0..<3).reduce(Self.most) { side, _ in
        let free = width - labels(side).extent - 4 - Self.gap * Double(count - 1)
        return max(min(free / Double(count), side), 1)
      }
    }
    let count = max(maps.moments.count, 1)
    perRow = stride(from: count, through: 1, by: -1).first { side($0) >= Self.least } ?? 1
    self.side = side(perRow)
    rows = labels(side(perRow))
  }

  private var theme: Theme { style.theme }
  private var gutter: Double { rows.extent + 4 }

  func place(on page: inout Page) {
    let title = "Where every token looks in \(maps.head)"
    page.add(
      "maps-title",
      [
        .text(
          Text(
            style.measure.shortened(title, .heading, to: page.width), font: .heading,
            color: theme.ink, at: Point(page.left, page.y)))
      ])
    page.y += 14
    for first in stride(from: 0, to: maps.moments.count, by: perRow) {
      let moments = maps.moments[first..<min(first + perRow, maps.moments.count)]
      for (place, moment) in moments.enumerated() {
        let x = page.left + gutter + Double(place) * (side + Self.gap)
        let frame = Rectangle(x: x, y: page.y + 5, width: side, height: side)
        let name = moment.step == 0 ? "new model" : "step \(NumberFormat.count(moment.step))"
        let heading = Text(name, font: .note, color: theme.ink, at: Point(x, page.y))
        let labels = place == 0 ? rows.marks(beside: frame) : []
        page.add("map-\(first + place + 1)", [.text(heading)] + map(moment, frame) + labels)
      }
      page.y += side + 20
    }
    Legend(
      scale: scale, text: LegendText(name: ["weight ", .formula(.variable("a"))]),
      mask: maps.mask?.contains(true) == true ? .masked : nil, style: style
    ).place(on: &page, at: page.left + gutter, barWidth: .millimetres(36))
    page.y += 8.6
  }

  private func map(_ moment: Learning.Maps.Moment, _ frame: Rectangle) -> [Mark] {
    let count = maps.tokens.count
    let cells = MatrixPanel(
      matrix: Matrix(rows: count, columns: count, values: moment.weights, mask: maps.mask),
      scale: scale, theme: theme, frame: frame)
    let edge = Mark.rectangle(frame, stroke: .init(theme.frame, width: 0.35))
    let isImage = side / Double(count) < 5
    return (isImage ? [cells.image(), edge] : cells.rectangles()) + cells.hatch() + cells.crosses()
  }

  var declarations: [String] {
    ["Columns: the tokens of the rows, in order."]
      + (rows.thinning.map { ["Labels: \($0)."] } ?? []) + rows.declarations
  }
}
