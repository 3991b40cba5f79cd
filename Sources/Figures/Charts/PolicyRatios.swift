/// How far the probabilities of tokens moved in an update: a histogram of ratios with the clip band.
struct PolicyRatios {
  private let figure: PolicyUpdate
  private let style: Style

  static let height = 104.0

  init(_ figure: PolicyUpdate, in style: Style) {
    self.figure = figure
    self.style = style
  }

  private var theme: Theme { style.theme }
  private var clipped: Color { HeadColors(in: theme)[1] }
  private var ratios: [Double] { figure.samples.map(\.ratio) }

  var panel: PlotPanel {
    PlotPanel(
      "ratios", "How far probabilities moved",
      [.text("tokens by new over old probability ρ; \(figure.update)")], height: Self.height,
      marks: marks)
  }

  /// The ratios that are drawn: twice the band, or less where all are nearer.
  static func domain(_ figure: PolicyUpdate) -> ClosedRange<Double> {
    let reach = figure.samples.reduce(1.5 * figure.clip) { max($0, abs($1.ratio - 1) * 1.08) }
    let limit = min(reach, 3 * figure.clip)
    return max(1 - limit, 0)...(1 + limit)
  }

  private func marks(_ area: Rectangle) -> [Mark] {
    let domain = Self.domain(figure)
    let bins = bins(domain)
    let (counts, rounds) = LinearScale.round(bins.map { Double($0.count) }, about: 4)
    let ticks = Tick.round(rounds.filter { $0 == $0.rounded() })
    let gutter = (ticks.map { style.measure($0.label, .tick).width }.max() ?? 0) + 5
    let frame = Rectangle(
      x: area.minX + gutter, y: area.minY, width: area.size.width - gutter - 5,
      height: area.size.height)
    let plot = PlotFrame(frame, x: domain, y: counts, in: style)
    var marks: [Mark] = [band(plot), plot.gridlines(at: ticks.map(\.value))]
    for bin in bins where bin.count > 0 {
      let (x, top) = (plot.x(bin.low) + 0.25, plot.y(Double(bin.count)))
      let frame = Rectangle(
        x: x, y: top, width: max(plot.x(bin.high) - x - 0.25, 0.4), height: plot.frame.maxY - top)
      let isInside =
        bin.high <= figure.band.upperBound + 1e-9
        && bin.low >= figure.band.lowerBound - 1e-9
      let color = isInside ? theme.accent : clipped
      marks.append(
        bin.isSum
          ? Hatch(sum: color, in: theme).fill(frame)
          : .rectangle(
            frame, fill: theme.paper.mixed(with: color, theme.isDark ? 0.6 : 0.5)))
    }
    let words = words(plot, bins)
    return marks + edges(plot) + words.patches + words.words + plot.leftLabels(ticks)
      + plot.bottomAxis(
        plot.linearTicks(about: 4),
        title: ["ratio ", .formula(.variable("ρ"))])
  }

  /// The band in which nothing is clipped.
  private func band(_ plot: PlotFrame) -> Mark {
    let (left, right) = (plot.x(figure.band.lowerBound), plot.x(figure.band.upperBound))
    return .rectangle(
      Rectangle(
        x: left, y: plot.frame.minY, width: right - left, height: plot.frame.size.height),
      fill: theme.accent.opacity(0.07))
  }

  private func edges(_ plot: PlotFrame) -> [Mark] {
    [figure.band.lowerBound, figure.band.upperBound].map { plot.reference(x: $0, clipped) }
  }

  /// The shares on both sides of the band and in it.
  private func words(_ plot: PlotFrame, _ bins: [Bin]) -> PlacedLabels {
    let bars = bins.filter { $0.count > 0 }.map { bin in
      Rectangle(
        x: plot.x(bin.low), y: plot.y(Double(bin.count)),
        width: plot.x(bin.high) - plot.x(bin.low),
        height: plot.frame.maxY - plot.y(Double(bin.count)))
    }
    let lines = [figure.band.lowerBound, figure.band.upperBound].map { value in
      Curve([Point(plot.x(value), plot.frame.minY), Point(plot.x(value), plot.frame.maxY)])
    }
    var labels = PlacedLabels(
      LabelField(in: plot.frame.inset(by: 1), curves: lines, taken: bars), in: theme)
    let total = max(ratios.count, 1)
    let below = ratios.count { $0 < figure.band.lowerBound }
    let above = ratios.count { $0 > figure.band.upperBound }
    let (low, high) = (plot.x(figure.band.lowerBound), plot.x(figure.band.upperBound))
    for (count, left, right, word) in [
      (below, plot.frame.minX, low, "below"), (above, high, plot.frame.maxX, "above"),
    ] {
      let share = NumberFormat.fixed(100 * Double(count) / Double(total), decimals: 1) + "\u{A0}%"
      let label = CurveLabel(
        [[.text(share)], [.text(word)]], .note, theme.readable(clipped), isCentered: true,
        in: style)
      let x = (left + right - label.size.width) / 2
      let places = stride(from: 2.0, to: 60, by: 6).map { Point(x, plot.frame.minY + $0) }
      if let box = labels.field.place(label.size, at: places) { labels.append(label, in: box) }
    }
    return labels
  }

  struct Bin: Equatable {
    var low: Double
    var high: Double
    var count: Int
    /// Whether it holds everything beyond.
    var isSum: Bool
  }

  /// Bins that end at the edges of the band, eight across it; what lies outside the domain is in
  /// the outermost ones.
  private func bins(_ domain: ClosedRange<Double>) -> [Bin] {
    let width = figure.clip / 6
    let half = Int(((domain.upperBound - 1) / width).rounded(.up))
    let lowest = -min(half, Int((1 / width).rounded(.down)))
    return (lowest..<half).map { index in
      let (low, high) = (1 + Double(index) * width, 1 + Double(index + 1) * width)
      let (isFirst, isLast) = (index == lowest, index == half - 1)
      let count = ratios.count {
        ($0 >= low || isFirst) && ($0 < high || isLast)
      }
      let isSum = ratios.contains { isFirst && $0 < low || isLast && $0 > high }
      return Bin(
        low: max(low, domain.lowerBound), high: min(high, domain.upperBound), count: count,
        isSum: isSum)
    }
  }

  var declarations: [String] {
    let epsilon = NumberFormat.tick(figure.clip)
    let sums = bins(Self.domain(figure)).contains(where: \.isSum)
    return [
      "Blue band: 1 − ε to 1 + ε, ε = \(epsilon)."
        + (sums ? " Hatched bars hold everything beyond the axis." : "")
    ]
  }
}
