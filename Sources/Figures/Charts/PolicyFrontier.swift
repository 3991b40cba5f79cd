/// Reward against distance from the reference, a dot for every run, labelled with its penalty.
struct PolicyFrontier {
  private let figure: PolicyUpdate
  private let style: Style

  init(_ figure: PolicyUpdate, in style: Style) {
    self.figure = figure
    self.style = style
  }

  private var theme: Theme { style.theme }
  private var isSeeded: Bool { figure.runs.contains { !$0.name.isEmpty } }

  func panel(height: Double) -> PlotPanel {
    let count = NumberFormat.count(figure.runs.count)
    return PlotPanel(
      "frontier", "How much reward for how much distance",
      [
        .text(
          (figure.runs.count == 1
            ? "the end of the only run, with its λ"
            : "the ends of all \(count) runs, each with its λ")
            + "; up: reward, across: KL from the reference")
      ], height: height, marks: marks)
  }

  private func marks(_ area: Rectangle) -> [Mark] {
    let runs = figure.runs.filter { $0.reward.isFinite && $0.distance.isFinite }
    let rewards = runs.map(\.reward) + (figure.start.map { [$0] } ?? [])
    let (range, values) = PreferencePairs.range(rewards)
    let ticks = Tick.round(values)
    let gutter = (ticks.map { style.measure($0.label, .tick).width }.max() ?? 0) + 5
    let frame = Rectangle(
      x: area.minX + gutter, y: area.minY, width: area.size.width - gutter - 6,
      height: area.size.height)
    let far = max(runs.map(\.distance).max() ?? 1, 0.01)
    let near = min(runs.map(\.distance).min() ?? 0, 0)
    let plot = PlotFrame(frame, x: (near - 0.04 * far)...(far * 1.06), y: range, in: style)
    let path = Dictionary(grouping: runs, by: \.name).values
      .map { $0.sorted { $0.penalty > $1.penalty } }
      .sorted { ($0.first?.name ?? "") < ($1.first?.name ?? "") }
    var curves = path.map { Curve($0.map { plot.point($0.distance, $0.reward) }) }
    let start = figure.start.map { plot.point(0, $0) }
    if let start {
      curves = curves.map { Curve([start] + $0.points) }
    }
    let labels = names(runs, start, curves, plot)
    var marks: [Mark] = [plot.gridlines(at: values)] + labels.patches
    marks += curves.map { curve in
      .line(curve.points, .init(theme.secondary, width: 0.6, dash: [1.5, 1.5]))
    }
    if let start {
      marks.append(
        .dot(at: start, radius: 2.2, fill: theme.paper, stroke: .init(theme.ink, width: 0.8)))
    }
    for run in runs {
      let point = plot.point(run.distance, run.reward)
      marks.append(.marker(at: point, run.isShown ? theme.accent : theme.secondary, in: theme))
    }
    return marks + labels.words + plot.leftLabels(ticks)
      + plot.bottomAxis(
        plot.linearTicks(about: 5),
        title: ["KL in nats"])
  }

  private func names(
    _ runs: [PolicyUpdate.Run], _ start: Point?, _ curves: [Curve], _ plot: PlotFrame
  ) -> PlacedLabels {
    let points = runs.map { plot.point($0.distance, $0.reward) } + (start.map { [$0] } ?? [])
    let dots = points.map { Rectangle(x: $0.x - 2.6, y: $0.y - 2.6, width: 5.2, height: 5.2) }
    var labels = PlacedLabels(
      LabelField(in: plot.frame.inset(by: 1), curves: curves, taken: dots), in: theme)
    if let start {
      let label = CurveLabel([["before"]], .note, theme.ink, in: style)
      labels.add([label], theme.secondary, anchor: start) { $0.corners(around: start, gap: 4) }
    }
    for run in runs {
      let point = plot.point(run.distance, run.reward)
      let color = run.isShown ? theme.readable(theme.accent) : theme.ink
      let name = "λ = \(NumberFormat.tick(run.penalty))"
      let label = CurveLabel(
        [[.text(run.name.isEmpty ? name : "\(name), \(run.name)")]],
        Font(size: 6, weight: run.isShown ? .semibold : .regular), color, in: style)
      let short = CurveLabel([[.text(name)]], .note, color, in: style)
      labels.add(run.name.isEmpty ? [label] : [label, short], theme.secondary, anchor: point) {
        $0.corners(around: point, gap: 4)
      }
    }
    return labels
  }

  var declarations: [String] {
    let isShown = figure.runs.contains(where: \.isShown) && figure.runs.count > 1
    return isShown ? ["Blue: the run of the other panels."] : []
  }
}
