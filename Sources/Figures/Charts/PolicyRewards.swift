/// The reward, its penalty and what is left over the steps of a run.
struct PolicyRewards {
  private let figure: PolicyUpdate
  private let style: Style

  private static let gap = 14.0
  private static let upper = 92.0
  private static let lower = 42.0

  init(_ figure: PolicyUpdate, in style: Style) {
    self.figure = figure
    self.style = style
  }

  private var theme: Theme { style.theme }
  private var steps: [PolicyUpdate.Step] { figure.steps }

  private static let score = Formula.sub(.variable("r"), .variable("θ"))
  private static let distance = Formula.sub(.variable("r"), .word("KL"))
  private static let total: Formula = .row([
    .variable("r"), .sign("="), score, .sign("−"), .variable("λ"), distance,
  ])

  var panel: PlotPanel {
    PlotPanel(
      "rewards", "What was gained, and what it cost",
      [
        "above: ", .formula(Self.score), " and ", .formula(Self.total),
        .text(" with λ = \(NumberFormat.tick(figure.penalty)); below: "), .formula(Self.distance),
        " in nats a continuation",
      ], height: Self.upper + Self.gap + Self.lower, marks: marks)
  }

  private func marks(_ area: Rectangle) -> [Mark] {
    let both = steps.flatMap { [$0.reward, $0.total] }.filter(\.isFinite)
    let (range, values) = PreferencePairs.range(both)
    let (distances, levels) = LinearScale.round(
      steps.map(\.distance).filter(\.isFinite), about: 2)
    let (high, low) = (Tick.round(values), Tick.round(levels))
    let gutter =
      ((high + low).map { style.measure($0.label, .tick).width }.max() ?? 0) + PlotFrame.sideGap
    let last = Double(max(steps.last?.step ?? 1, 2))
    func plot(_ y: Double, _ height: Double, _ range: ClosedRange<Double>) -> PlotFrame {
      PlotFrame(
        Rectangle(
          x: area.minX + gutter, y: y, width: area.size.width - gutter - 6, height: height),
        x: Double(min(steps.first?.step ?? 1, 1))...last, y: range, in: style)
    }
    let above = plot(area.minY, Self.upper, range)
    let below = plot(area.maxY - Self.lower, Self.lower, distances)
    return rewards(above, high) + penalty(below, low)
      + below.bottomAxis(below.linearTicks(about: 6), title: ["step"])
  }

  private func points(_ plot: PlotFrame, _ value: (PolicyUpdate.Step) -> Double) -> [Point] {
    steps.filter { value($0).isFinite }.map { plot.point(Double($0.step), value($0)) }
  }

  private func rewards(_ plot: PlotFrame, _ ticks: [Tick]) -> [Mark] {
    let (score, total) = (points(plot, \.reward), points(plot, \.total))
    let curves = [Curve(score), Curve(total)]
    var labels = PlacedLabels(
      LabelField(in: plot.frame.inset(by: 1.5), curves: curves), in: theme)
    let isOne = figure.penalty == 0
    let colors = [theme.accent, HeadColors(in: theme)[1]]
    let names: [(Curve, Formula, Color, Double?)] =
      [
        (
          curves[0], isOne ? .row([.variable("r"), .sign("="), Self.score]) : Self.score, colors[0],
          steps.last?.reward
        )
      ] + (isOne ? [] : [(curves[1], .variable("r"), colors[1], steps.last?.total)])
    for (curve, name, color, value) in names {
      let level = value.map { NumberFormat.fixed($0, decimals: 2) + " at the end" } ?? ""
      let label = CurveLabel(beside: name, theme.readable(color), fact: level, in: style)
      let short = CurveLabel(name, theme.readable(color), in: style)
      let points = curve.points
      guard let anchor = points.last else { continue }
      labels.add([label, short], color, anchor: anchor) { label in
        stride(from: points.count - 1, through: 0, by: -max(points.count / 12, 1)).flatMap {
          label.corners(around: points[$0], gap: 5)
        }
      }
    }
    let between =
      isOne
      ? [] : [Mark.area(between: score, total, fill: colors[1].opacity(0.14))]
    var lines = [curves[0].line(colors[0], width: 1.3)]
    if !isOne { lines.append(curves[1].line(colors[1], width: 1.1)) }
    if steps.count <= 24 {
      lines += score.map { .marker(at: $0, colors[0], in: theme) }
      if !isOne { lines += total.map { .marker(at: $0, colors[1], in: theme) } }
    }
    return [plot.gridlines(at: ticks.map(\.value))] + between + labels.patches + lines
      + labels.words + plot.leftLabels(ticks)
  }

  private func penalty(_ plot: PlotFrame, _ ticks: [Tick]) -> [Mark] {
    let points = points(plot, \.distance)
    let curve = Curve(points)
    let color = HeadColors(in: theme)[2]
    var labels = PlacedLabels(
      LabelField(in: plot.frame.inset(by: 1.5), curves: [curve]), in: theme)
    let level = steps.last.map { NumberFormat.fixed($0.distance, decimals: 2) + " nats" } ?? ""
    let label = CurveLabel(
      beside: Self.distance, theme.readable(color), fact: level, in: style)
    if let anchor = points.last {
      labels.add([label], color, anchor: anchor) { label in
        stride(from: points.count - 1, through: 0, by: -max(points.count / 12, 1)).flatMap {
          label.corners(around: points[$0], gap: 4)
        }
      }
    }
    return [
      plot.gridlines(at: ticks.map(\.value)), curve.area(color, to: plot.y(0)),
    ] + labels.patches + [curve.line(color)] + labels.words + plot.leftLabels(ticks)
  }

  var declarations: [String] {
    figure.penalty == 0 ? [] : ["The shaded gap between the two is λ times the distance below."]
  }
}
