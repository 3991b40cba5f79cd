#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The probabilities of all states by rank, both axes logarithmic, one curve a temperature.
struct RankPlot {
  private let figure: Tempering
  private let style: Style
  private static let height = 118.0
  /// No probability below this is drawn.
  private static let least = 1e-10

  init(_ figure: Tempering, in style: Style) {
    self.figure = figure
    self.style = style
  }

  /// Draws the plot with its heading; `page.y` becomes the baseline of the axis's title.
  func place(on page: inout Page, gutter: Double) {
    page.add("ranks-heading", heading(at: Point(page.left, page.y), width: page.width, &page.y))
    let left = page.left + gutter
    let frame = Rectangle(
      x: left, y: page.y + 12, width: page.right - left - 6, height: Self.height)
    let x = LogScale(1...Double(max(figure.count, 2)), from: frame.minX, to: frame.maxX)
    let y = LogScale(floor...1, from: frame.maxY, to: frame.minY)
    let plot = PlotFrame(frame, x: .log(x), y: .log(y), in: style)
    let ticks = probabilityTicks(y)
    let (lines, words) = curves(plot)
    page.add(
      "ranks", summary: "probability by rank, both axes logarithmic",
      [plot.gridlines(at: ticks.map(\.value))] + words.patches + [plot.clipped(lines.map(\.0))]
        + lines.flatMap(\.1) + words.words)
    let title = Text(
      "probability", font: .body, color: style.theme.secondary,
      at: Point(page.left + 7, (frame.minY + frame.maxY) / 2), alignment: .middle, rotation: -90)
    page.add(
      "ranks-axes",
      plot.leftLabels(ticks) + [.text(title)]
        + plot.bottomAxis(rankTicks(plot, x), title: ["rank of the \(figure.stateName.singular)"]))
    page.y = frame.maxY + PlotFrame.titleBaseline
  }

  /// The lowest probability of the axis: a power of ten below every drawn one.
  private var floor: Double {
    let drawn =
      figure.columns.filter { $0.temperature > 0 }
      .flatMap(\.ranks).map(\.probability).filter { $0 > 0 }.min() ?? 0.1
    let least = max(drawn, Self.least)
    return min(pow(10, (log10(least) + 1e-9).rounded(.down)), 0.1)
  }

  private var isCut: Bool {
    figure.columns.contains { column in
      column.temperature > 0 && column.ranks.contains { $0.probability < Self.least }
    }
  }

  private func heading(at point: Point, width: Double, _ y: inout Double) -> [Mark] {
    let count = figure.stateName.counted(figure.count)
    let heading = figure.count == 1 ? count : "All \(count), sorted by probability"
    let end = style.measure(heading, .heading).width + 7
    let cut = isCut ? "; curves below 10⁻¹⁰ are cut off" : ""
    let fact = "log–log" + cut
    let isBeside = end + style.measure(fact, .note).width <= width
    if !isBeside { y += 9 }
    let place = isBeside ? Point(point.x + end, point.y) : Point(point.x, y)
    return [
      .text(Text(heading, font: .heading, color: style.theme.ink, at: point)),
      .text(Text(fact, font: .note, color: style.theme.secondary, at: place)),
    ]
  }

  private func probabilityTicks(_ scale: LogScale) -> [Tick] {
    let decades = log10(1 / scale.domain.lowerBound)
    return scale.decades(every: decades > 5 ? 2 : 1).map { Tick($0, NumberFormat.power($0)) }
  }

  private func rankTicks(_ plot: PlotFrame, _ scale: LogScale) -> [Tick] {
    let all = figure.count <= 10 ? [(1...max(figure.count, 2)).map(Double.init)] : []
    let few = figure.count <= 200 ? [scale.oneTwoFive] : []
    let choices = all + few + [scale.decades(), scale.decades(every: 2)]
    return plot.fitting(
      choices.map { $0.map { Tick($0, NumberFormat.count(Int($0.rounded()))) } })
  }

  // MARK: Curves and their names

  /// The lines with their dots, hot ones over cold ones, and the names beside them.
  private func curves(_ plot: PlotFrame) -> (lines: [(Mark, [Mark])], words: PlacedLabels) {
    let columns = figure.columns.sorted { $0.temperature < $1.temperature }
    let curves = columns.map { curve($0, plot) }
    let lines = zip(columns, curves).map { column, curve -> (Mark, [Mark]) in
      let color = TemperatureColor(in: style.theme).line(column.temperature)
      let hasDots = curve.points.count == 1 || figure.count <= 12
      let dots =
        hasDots ? dots(column, plot).map { Mark.marker(at: $0, color, in: style.theme) } : []
      return (curve.line(color), dots)
    }
    let bounds = Rectangle(
      x: plot.frame.minX + 3, y: plot.frame.minY + 1, width: plot.frame.size.width - 3,
      height: plot.frame.size.height - 3)
    var field = LabelField(in: bounds, curves: curves)
    let first = Point(plot.frame.minX, plot.frame.minY)
    field.take(Rectangle(x: first.x - 4, y: first.y - 4, width: 8, height: 8))
    var words = PlacedLabels(field, in: style.theme)
    for (column, curve) in zip(columns, curves).sorted(by: { isEnd($0.0) && !isEnd($1.0) }) {
      let color = TemperatureColor(in: style.theme).fill(column.temperature)
      let visible = curve.points.filter { $0.y <= plot.frame.maxY }
      guard let anchor = visible.dropFirst(visible.count / 2).first else { continue }
      let others = curves.filter { $0 != curve }
      words.add(labels(column), color, anchor: anchor) { label in
        corners(label, curve, plot).filter { curve.isNearest(to: $0, label.size, of: others) }
      }
    }
    return (lines, words)
  }

  private func isEnd(_ column: Tempering.Column) -> Bool {
    column.temperature == 0 || column.temperature == .infinity
  }

  private func curve(_ column: Tempering.Column, _ plot: PlotFrame) -> Curve {
    Curve(points(column, plot))
  }

  private func points(_ column: Tempering.Column, _ plot: PlotFrame) -> [Point] {
    let top = Double(max(figure.count, 1))
    switch column.temperature {
    case 0:
      let ties = Double(figure.ties)
      return (figure.ties > 1 ? [1, ties] : [1]).map { plot.point($0, 1 / ties) }
    case .infinity: return [1, top].map { plot.point($0, 1 / top) }
    default:
      return column.ranks.map { plot.point(Double($0.rank), max($0.probability, 1e-300)) }
    }
  }

  /// Where dots stand when there are few states.
  private func dots(_ column: Tempering.Column, _ plot: PlotFrame) -> [Point] {
    guard isEnd(column) else {
      return points(column, plot).filter { $0.y <= plot.frame.maxY + 0.01 }
    }
    let last = column.temperature == 0 ? figure.ties : figure.count
    return (1...max(last, 1)).map { plot.point(Double($0), 1 / Double(last)) }
  }

  /// The names of a curve, the one that says most first.
  private func labels(_ column: Tempering.Column) -> [CurveLabel] {
    let name = Formula.temperature(column.temperature)
    let color = TemperatureColor(in: style.theme).text(column.temperature)
    let plain = CurveLabel(name, color, in: style)
    let facts: [String]
    switch column.temperature {
    case 0:
      let rest = figure.count - figure.ties
      let zero =
        rest > 0
        ? ", the other \(NumberFormat.count(rest)) \(rest == 1 ? "is" : "are") exactly 0" : ""
      let tie = figure.ties > 1
      let some =
        tie
        ? "\(figure.stateName.counted(figure.ties)) have 1/\(figure.ties) each"
        : "one \(figure.stateName.singular) has probability 1"
      facts = [some + zero, tie ? some : "one has probability 1"]
    case .infinity:
      let value = NumberFormat.probability(1 / Double(figure.count))
      facts = figure.count == 1 ? [] : ["1/\(NumberFormat.count(figure.count)) ≈ \(value)"]
    default: facts = []
    }
    return facts.map { CurveLabel(beside: name, color, fact: $0, in: style) } + [plain]
  }

  /// Places over and under the curve, from its middle to its ends.
  private func corners(_ label: CurveLabel, _ curve: Curve, _ plot: PlotFrame) -> [Point] {
    let size = label.size
    let visible = curve.points.filter { $0.y <= plot.frame.maxY }
    guard let first = visible.first?.x, let last = visible.last?.x else { return [] }
    guard last > first else {
      let y = curve.points[0].y
      return [14, 24, 40, 60].flatMap { dx in
        [3, 10, 18].map { Point(first + dx, y + $0) }
      }
    }
    let isFlat = curve.points.first?.y == curve.points.last?.y
    let shares =
      isFlat
      ? [0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]
      : [0.55, 0.65, 0.45, 0.75, 0.35, 0.85, 0.25, 0.95, 0.15]
    return shares.flatMap { share -> [Point] in
      let x = first + share * (last - first) - (isFlat ? share * size.width : size.width / 2)
      let heights = stride(from: x, through: x + size.width, by: 2).compactMap { curve.y(at: $0) }
      guard let high = heights.min(), let low = heights.max() else { return [] }
      let (over, under) = (Point(x, high - 3 - size.height), Point(x, low + 3))
      let farther = [Point(x, high - 9 - size.height), Point(x, low + 9)]
      return (isFlat ? [under, over] : [over, under]) + farther
    }
  }
}

extension Curve {
  /// Whether words with their top left corner at a point are clearly nearer to this curve than to
  /// the others, so that nobody takes them for another's name.
  fileprivate func isNearest(to corner: Point, _ size: Size, of others: [Curve]) -> Bool {
    let center = Point(corner.x + size.width / 2, corner.y + size.height / 2)
    func distance(_ curve: Curve) -> Double {
      curve.y(at: center.x).map { abs($0 - center.y) } ?? .infinity
    }
    let own = distance(self)
    return own == .infinity || others.allSatisfy { own < 0.8 * distance($0) }
  }
}
