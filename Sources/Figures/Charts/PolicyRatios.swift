/// How far the probabilities of tokens moved in updates: a histogram of ratios with the clip band.
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

  var panel: PlotPanel {
    PlotPanel(
      "ratios", "How far probabilities moved",
      [.text("tokens by new over old probability ρ, \(figure.updates)")], height: Self.height,
      marks: marks)
  }

  /// A bar of the histogram: the tokens that still pull, and over them those that do not.
  private struct Bar {
    var low: Double
    var high: Double
    var pulling: Int
    var clipped: Int
    var isSum: Bool
    var count: Int { pulling + clipped }
  }

  /// The bars; what lies beyond all bounds is as wide as the bin beside it.
  private var bars: [Bar] {
    let widths = figure.bins.compactMap { bin in
      bin.low.flatMap { low in bin.high.map { $0 - low } }
    }
    let width = widths.first ?? figure.clip / 5
    return figure.bins.map { bin in
      let good = figure.isClipped(bin, isGood: true) ? bin.better : 0
      let bad = figure.isClipped(bin, isGood: false) ? bin.worse : 0
      return Bar(
        low: bin.low ?? (bin.high ?? 0) - width, high: bin.high ?? (bin.low ?? 0) + width,
        pulling: bin.better + bin.worse - good - bad, clipped: good + bad,
        isSum: bin.low == nil || bin.high == nil)
    }
  }

  private func marks(_ area: Rectangle) -> [Mark] {
    let bars = bars
    let (counts, rounds) = LinearScale.round(bars.map { Double($0.count) }, about: 4)
    let ticks = Tick.round(rounds.filter { $0 == $0.rounded() })
    let gutter = (ticks.map { style.measure($0.label, .tick).width }.max() ?? 0) + 5
    let frame = Rectangle(
      x: area.minX + gutter, y: area.minY, width: area.size.width - gutter - 5,
      height: area.size.height)
    let (low, high) = (figure.domain.lowerBound, figure.domain.upperBound)
    let domain = min(low, bars.first?.low ?? low)...max(high, bars.last?.high ?? high)
    let plot = PlotFrame(frame, x: domain, y: counts, in: style)
    var marks: [Mark] = [plot.band(figure.band), plot.gridlines(at: ticks.map(\.value))]
    for bar in bars { marks += self.marks(bar, plot) }
    marks += [figure.band.lowerBound, figure.band.upperBound].map {
      plot.reference(x: $0, clipped)
    }
    let words = words(plot, bars)
    return marks + words.patches + words.words + plot.leftLabels(ticks)
      + plot.bottomAxis(
        plot.linearTicks(about: 4), title: ["ratio ", .formula(.variable("ρ"))])
  }

  private func marks(_ bar: Bar, _ plot: PlotFrame) -> [Mark] {
    let x = plot.x(bar.low) + 0.25
    let width = max(plot.x(bar.high) - x - 0.25, 0.4)
    var (marks, base) = ([Mark](), 0)
    for (count, color) in [(bar.pulling, theme.accent), (bar.clipped, clipped)] where count > 0 {
      let (bottom, top) = (plot.y(Double(base)), plot.y(Double(base + count)))
      let frame = Rectangle(x: x, y: top, width: width, height: bottom - top)
      marks.append(
        bar.isSum
          ? Hatch(sum: color, in: theme).fill(frame)
          : .rectangle(frame, fill: theme.paper.mixed(with: color, theme.isDark ? 0.65 : 0.55)))
      base += count
    }
    return marks
  }

  /// The shares on both sides of the band.
  private func words(_ plot: PlotFrame, _ bars: [Bar]) -> PlacedLabels {
    let taken = bars.filter { $0.count > 0 }.map { bar in
      Rectangle(
        x: plot.x(bar.low), y: plot.y(Double(bar.count)), width: plot.x(bar.high) - plot.x(bar.low),
        height: plot.frame.maxY - plot.y(Double(bar.count)))
    }
    let edges = [figure.band.lowerBound, figure.band.upperBound]
    let lines = edges.map { value in
      Curve([Point(plot.x(value), plot.frame.minY), Point(plot.x(value), plot.frame.maxY)])
    }
    var labels = PlacedLabels(
      LabelField(in: plot.frame.inset(by: 1), curves: lines, taken: taken), in: theme)
    let total = max(bars.reduce(0) { $0 + $1.count }, 1)
    let sides = [
      (bars.filter { $0.high < edges[0] + 1e-9 }, plot.frame.minX, plot.x(edges[0])),
      (bars.filter { $0.low > edges[1] - 1e-9 }, plot.x(edges[1]), plot.frame.maxX),
    ]
    for (bars, left, right) in sides {
      let share = 100 * Double(bars.reduce(0) { $0 + $1.count }) / Double(total)
      let label = CurveLabel(
        [[.text(Self.percent(share))], ["outside"]], .note, theme.readable(clipped),
        isCentered: true, in: style)
      let x = (left + right - label.size.width) / 2
      let places = stride(from: 2.0, to: 60, by: 6).map { Point(x, plot.frame.minY + $0) }
      if let box = labels.field.place(label.size, at: places) { labels.append(label, in: box) }
    }
    return labels
  }

  private static func percent(_ value: Double) -> String {
    let words = value > 0 && value < 0.05 ? "<0.1" : NumberFormat.fixed(value, decimals: 1)
    return words + "\u{A0}%"
  }

  var declarations: [String] {
    let epsilon = NumberFormat.tick(figure.clip)
    let sums = bars.contains { $0.isSum && $0.count > 0 }
    return [
      "Blue ground: 1 − ε to 1 + ε, ε = \(epsilon). Orange: tokens from which nothing is learned any more."
        + (sums ? " Hatched bars hold everything beyond." : "")
    ]
  }
}

extension PlotFrame {
  /// The band in which no ratio is clipped.
  func band(_ band: ClosedRange<Double>) -> Mark {
    let (left, right) = (x(band.lowerBound), x(band.upperBound))
    return .rectangle(
      Rectangle(x: left, y: frame.minY, width: right - left, height: frame.size.height),
      fill: style.theme.accent.opacity(0.07))
  }
}
