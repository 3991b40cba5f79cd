#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The scores of pairs: one against the other, and their differences.
struct PreferencePairs {
  private let pairs: [Preference.Pair]
  private let style: Style

  init(_ pairs: [Preference.Pair], in style: Style) {
    self.pairs = pairs
    self.style = style
  }

  private var theme: Theme { style.theme }
  private var wrong: Color { HeadColors(in: theme)[1] }
  private var isMany: Bool { pairs.count > 300 }

  private static let winner = Formula.sub(.variable("r"), .variable("w"))
  private static let loser = Formula.sub(.variable("r"), .variable("l"))
  private static let margin: Formula = .row([
    .word("Δ"), .sign("="), winner, .sign("−"), loser,
  ])

  // MARK: One against the other

  func scatter(_ height: Double) -> PlotPanel {
    PlotPanel(
      "pairs", "Every pair, scored",
      [
        "up: score of the preferred ", .formula(Self.winner),
      ], height: height, marks: scatter)
  }

  private func scatter(_ area: Rectangle) -> [Mark] {
    let values = pairs.flatMap { [$0.preferred, $0.rejected] }
    let (range, ticks) = Self.range(values)
    let labels = Tick.round(ticks)
    let gutter =
      (labels.map { style.measure($0.label, .tick).width }.max() ?? 0) + PlotFrame.sideGap
    let frame = Rectangle(
      x: area.minX + gutter, y: area.minY,
      width: area.size.width - gutter - Self.overhang(labels, style),
      height: area.size.height)
    let plot = PlotFrame(frame, x: range, y: range, in: style)
    let corner = [
      Path.Step.move(Point(frame.minX, frame.maxY)), .line(Point(frame.maxX, frame.minY)),
      .line(frame.origin), .close,
    ]
    let verticals = ticks.map { plot.x($0) }.flatMap { x -> [Path.Step] in
      [.move(Point(x, frame.minY)), .line(Point(x, frame.maxY))]
    }
    let points = pairs.map { plot.point($0.rejected, $0.preferred) }
    let names = sides(frame, points)
    var marks: [Mark] = [
      .path(Path(corner, fill: theme.accent.opacity(0.055))), plot.gridlines(at: ticks),
      .path(Path(verticals, stroke: .init(theme.hairline, width: 0.35))),
      .line(
        [Point(frame.minX, frame.maxY), Point(frame.maxX, frame.minY)],
        .init(theme.secondary, width: 0.6)),
    ]
    for (pair, point) in zip(pairs, points) { marks.append(dot(pair, at: point)) }
    return marks + names.patches + names.words + plot.leftLabels(labels)
      + plot.bottomAxis(
        plot.linearTicks(about: 4), title: ["rejected ", .formula(Self.loser)])
  }

  /// Hollow where the rejected one has the higher score.
  private func dot(_ pair: Preference.Pair, at point: Point) -> Mark {
    let isRight = pair.margin > 0
    return .dot(
      at: point, radius: isMany ? 1 : 1.5,
      fill: isRight ? theme.accent.opacity(isMany ? 0.6 : 1) : theme.paper,
      stroke: isRight ? .init(theme.paper, width: 0.3) : .init(wrong, width: 0.7))
  }

  /// What the two sides of the diagonal mean, where dots leave room, else in the corners over them.
  private func sides(_ frame: Rectangle, _ points: [Point]) -> PlacedLabels {
    let dots = points.map { Curve([Point($0.x - 1.4, $0.y), Point($0.x + 1.4, $0.y)]) }
    let diagonal = Curve([Point(frame.minX, frame.maxY), Point(frame.maxX, frame.minY)])
    var labels = PlacedLabels(
      LabelField(in: frame.inset(by: 2), curves: dots + [diagonal]), in: theme)
    let right = pairs.count { $0.margin > 0 }
    for (count, words, color, isUp) in [
      (right, "right", theme.readable(theme.accent), true),
      (pairs.count - right, "wrong", theme.readable(wrong), false),
    ] {
      let label = CurveLabel(
        [[.text("\(NumberFormat.count(count)) \(words)")]], .note, color, in: style)
      let corner = Point(
        isUp ? frame.minX + 4 : frame.maxX - label.size.width - 4,
        isUp ? frame.minY + 4 : frame.maxY - label.size.height - 4)
      let steps = stride(from: 0.0, to: frame.size.height * 0.6, by: 8)
      let places = steps.map { Point(corner.x, corner.y + (isUp ? $0 : -$0)) }
      if let box = labels.field.place(label.size, at: places) {
        labels.append(label, in: box)
      } else {
        labels.append(
          label,
          in: Rectangle(
            x: corner.x, y: corner.y, width: label.size.width, height: label.size.height))
      }
    }
    return labels
  }

  /// The room that half a number at the end of an axis needs.
  private static func overhang(_ ticks: [Tick], _ style: Style) -> Double {
    ticks.map { PlotFrame.overhang($0.label, in: style) }.max() ?? 5
  }

  /// A range around values, and round values in it.
  static func range(_ values: [Double]) -> (ClosedRange<Double>, ticks: [Double]) {
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    let room = high > low ? 0.06 * (high - low) : 0.5
    let range = low - room...high + room
    return (range, LinearScale(range, from: 0, to: 1).ticks(about: 4))
  }

  // MARK: Margins

  func margins(_ height: Double) -> PlotPanel {
    let loss = pairs.reduce(0) { $0 + Self.loss($1.margin) } / Double(pairs.count)
    return PlotPanel(
      "margins", "The margins",
      [
        "pairs by ", .formula(Self.margin), "; the mean of ", .formula(Self.loss),
        .text(" is \(NumberFormat.fixed(loss, decimals: 3)), that of a coin .693"),
      ], height: height, marks: histogram)
  }

  private static let sigma: Formula = .row([.variable("σ"), .word("(Δ)")])

  private static let loss: Formula = .row([
    .word("−ln"), .thinSpace, .variable("σ"), .word("(Δ)"),
  ])

  /// −ln σ(Δ), without overflow.
  private static func loss(_ margin: Double) -> Double {
    margin > 0 ? log1p(exp(-margin)) : -margin + log1p(exp(margin))
  }

  private static func sigmoid(_ value: Double) -> Double { 1 / (1 + exp(-value)) }

  private func histogram(_ area: Rectangle) -> [Mark] {
    let bins = Self.bins(pairs.map(\.margin))
    let (counts, rounds) = LinearScale.round(bins.map { Double($0.count) }, about: 4)
    let ticks = Tick.round(rounds.filter { $0 == $0.rounded() })
    let gutter = (ticks.map { style.measure($0.label, .tick).width }.max() ?? 0) + 5
    let ends = [bins.first?.low ?? 0, bins.last?.high ?? 1]
    let across = Tick.round(LinearScale(ends[0]...ends[1], from: 0, to: 1).ticks(about: 4))
    let frame = Rectangle(
      x: area.minX + gutter, y: area.minY,
      width: area.size.width - gutter - max(PlotFrame.sideGap + 8, Self.overhang(across, style)),
      height: area.size.height)
    let plot = PlotFrame(
      frame, x: ends[0]...ends[1], y: counts, in: style)
    var marks: [Mark] = [plot.gridlines(at: ticks.map(\.value))]
    for bin in bins where bin.count > 0 {
      let (x, top) = (plot.x(bin.low) + 0.3, plot.y(Double(bin.count)))
      let color = bin.high <= 0 ? wrong : theme.accent
      marks.append(
        .rectangle(
          Rectangle(
            x: x, y: top, width: max(plot.x(bin.high) - x - 0.3, 0.4), height: frame.maxY - top),
          fill: theme.paper.mixed(with: color, theme.isDark ? 0.55 : 0.45)))
    }
    let shares = AxisScale.linear(LinearScale(0...1, from: frame.maxY, to: frame.minY))
    let curve = Curve(
      (0...120).map { step in
        let x = frame.minX + frame.size.width * Double(step) / 120
        guard case .linear(let scale) = plot.x else { return Point(x, 0) }
        return Point(x, shares(Self.sigmoid(scale.value(at: x))))
      })
    marks.append(plot.reference(x: 0))
    marks.append(curve.line(theme.ink, width: 1))
    let words = name(of: curve, frame, bins, plot)
    return marks + words.patches + words.words + plot.leftLabels(ticks)
      + plot.rightAxis([Tick(0, "0"), Tick(0.5, "½"), Tick(1, "1")], shares)
      + plot.bottomAxis(plot.linearTicks(about: 4), title: ["margin Δ"])
  }

  /// σ(Δ) beside its curve, off the bars.
  private func name(
    of curve: Curve, _ frame: Rectangle, _ bins: [Bin], _ plot: PlotFrame
  ) -> PlacedLabels {
    let bars = bins.filter { $0.count > 0 }.map { bin in
      Rectangle(
        x: plot.x(bin.low), y: plot.y(Double(bin.count)),
        width: plot.x(bin.high) - plot.x(bin.low),
        height: frame.maxY - plot.y(Double(bin.count)))
    }
    var labels = PlacedLabels(
      LabelField(in: frame.inset(by: 1.5), curves: [curve], taken: bars), in: theme)
    let label = CurveLabel(Self.sigma, theme.ink, in: style)
    let points = curve.points
    let order = points.indices.sorted {
      abs($0 - points.count * 7 / 10) < abs($1 - points.count * 7 / 10)
    }
    if let anchor = order.first {
      labels.add([label], theme.ink, anchor: points[anchor]) { label in
        order.flatMap { label.corners(around: points[$0], gap: 5) }
      }
    }
    return labels
  }

  struct Bin: Equatable {
    var low: Double
    var high: Double
    var count: Int
  }

  /// About sixteen bins with round bounds, one of which is 0.
  static func bins(_ values: [Double]) -> [Bin] {
    let (low, high) = (min(values.min() ?? 0, 0), max(values.max() ?? 0, 0))
    guard high > low else {
      return [Bin(low: -1, high: 0, count: 0), Bin(low: 0, high: 1, count: values.count)]
    }
    let steps = LinearScale(low...high, from: 0, to: 1).ticks(about: 16)
    let step = steps.count > 1 ? steps[1] - steps[0] : high - low
    let (first, last) = (Int((low / step).rounded(.down)), Int((high / step).rounded(.up)))
    return (first..<max(last, first + 1)).map { index in
      let (from, to) = (Double(index) * step, Double(index + 1) * step)
      // A margin of exactly 0 is not above it: it stands at the left.
      return Bin(
        low: from, high: to,
        count: values.count {
          ($0 > from || (index == first && $0 == from)) && $0 <= to
        })
    }
  }

  var declarations: [String] {
    [
      "Hollow dots and bars at the left of 0: the rejected one has the higher score, or an equal one."
    ]
  }
}
