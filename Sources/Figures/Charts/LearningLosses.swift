#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The losses over the steps: training thin, validation bold.
struct LearningLosses {
  private let figure: Learning
  private let style: Style

  init(_ figure: Learning, in style: Style) {
    self.figure = figure
    self.style = style
  }

  private var theme: Theme { style.theme }
  private var uniform: Double { log(Double(max(figure.vocabulary, 1))) }

  let words: [Inline] = [
    "mean of −ln p of the right token, in nats; the axis of steps is logarithmic"
  ]

  func marks(_ area: Rectangle) -> [Mark] {
    let all = (figure.training + figure.validation).map(\.loss) + [uniform]
    let (range, round) = LinearScale.round([0, all.filter(\.isFinite).max() ?? 1], about: 5)
    let ticks = Tick.round(round)
    let gutter = (ticks.map { style.measure($0.label, .tick).width }.max() ?? 0) + PlotFrame.sideGap
    let steps = max(figure.training.last?.step ?? 1, figure.validation.last?.step ?? 1, 2)
    let overhang = max(PlotFrame.overhang(NumberFormat.count(steps), in: style), 5)
    let frame = Rectangle(
      x: area.minX + gutter, y: area.minY, width: area.size.width - gutter - overhang,
      height: area.size.height)
    let last = Double(steps)
    let plot = PlotFrame(
      frame, x: .log(LogScale(1...last, from: frame.minX, to: frame.maxX)),
      y: .linear(LinearScale(range, from: frame.maxY, to: frame.minY)), in: style)
    let training = Curve(training(plot).points)
    let validation = figure.validation.map { plot.point(Double($0.step), $0.loss) }
    let curves = [training, Curve(validation)]
    let labels = names(curves, plot)
    var marks: [Mark] = [plot.gridlines(at: round), plot.reference(y: uniform)]
    marks += moments.map { plot.reference(x: Double($0), theme.hairline) }
    marks += labels.patches
    marks.append(plot.clipped([training.line(theme.secondary, width: 0.5)]))
    marks.append(curves[1].line(theme.accent, width: 1.4))
    if validation.count <= 24 {
      marks += validation.map { Mark.marker(at: $0, theme.accent, in: theme) }
    }
    return marks + labels.words + plot.leftLabels(ticks)
      + plot.bottomAxis(stepTicks(plot), title: ["steps"])
  }

  /// After which steps there is a map.
  private var moments: [Int] {
    let last = figure.training.last?.step ?? 0
    return (figure.maps?.moments ?? []).map(\.step).filter { $0 > 0 && $0 <= last }
  }

  private func stepTicks(_ plot: PlotFrame) -> [Tick] {
    guard case .log(let scale) = plot.x else { return [] }
    let choices = [scale.oneTwoFive] + [1, 2, 3].map { scale.decades(every: $0) }
    return plot.fitting(
      choices.map { $0.map { Tick($0, NumberFormat.count(Int($0.rounded()))) } })
  }

  /// The training losses, steps within a point of the axis as their mean.
  private func training(_ plot: PlotFrame) -> (points: [Point], isThinned: Bool) {
    var (points, isThinned) = ([Point](), false)
    var (sum, count, start) = (Point(0, 0), 0.0, -Double.infinity)
    func mean() -> Point { Point(sum.x / count, sum.y / count) }
    for loss in figure.training where loss.loss.isFinite {
      let point = plot.point(Double(loss.step), loss.loss)
      if point.x - start >= 1 {
        if count > 0 { points.append(mean()) }
        (sum, count, start) = (Point(0, 0), 0, point.x)
      } else {
        isThinned = true
      }
      sum = Point(sum.x + point.x, sum.y + point.y)
      count += 1
    }
    if count > 0 { points.append(mean()) }
    return (points, isThinned)
  }

  private func names(_ curves: [Curve], _ plot: PlotFrame) -> PlacedLabels {
    let frame = plot.frame
    let limit = Curve([Point(frame.minX, plot.y(uniform)), Point(frame.maxX, plot.y(uniform))])
    let bounds = Rectangle(
      x: frame.minX + 2, y: frame.minY - 10, width: frame.size.width - 4,
      height: frame.size.height + 8)
    var labels = PlacedLabels(LabelField(in: bounds, curves: curves + [limit]), in: theme)
    func add(_ words: [String], _ color: Color, _ points: [Point]) {
      guard let anchor = points.first else { return }
      let choices = words.map { CurveLabel([[.text($0)]], .note, color, in: style) }
      labels.add(choices, color, anchor: anchor) { label in
        points.flatMap { label.corners(around: $0) }
      }
    }
    let blind = "guessing blindly: ln \(NumberFormat.count(figure.vocabulary)) = "
    let level = NumberFormat.fixed(uniform, decimals: 2)
    add([blind + level, "ln V = \(level)"], theme.secondary, [limit.points[0], limit.points[1]])
    if let last = figure.validation.last {
      let loss = NumberFormat.fixed(last.loss, decimals: 2)
      add(
        ["validation, \(loss) at the end", "validation"], theme.readable(theme.accent),
        curves[1].points.reversed())
    }
    if let last = figure.training.last {
      let loss = NumberFormat.fixed(last.loss, decimals: 2)
      let points = curves[0].points
      add(
        ["training, \(loss) at the end", "training"], theme.secondary,
        stride(from: points.count / 3, to: points.count, by: max(points.count / 20, 1)).map {
          points[$0]
        })
    }
    return labels
  }

  /// What was averaged, and what lines stand for.
  var declarations: [String] {
    let frame = Rectangle(x: 0, y: 0, width: 200, height: 100)
    let last = Double(max(figure.training.last?.step ?? 1, 2))
    let plot = PlotFrame(
      frame, x: .log(LogScale(1...last, from: 0, to: 200)),
      y: .linear(LinearScale(0...1, from: 100, to: 0)), in: style)
    return [
      "Training: the batch of every step"
        + (training(plot).isThinned ? "; steps within a point of the axis as their mean." : "."),
      figure.validation.isEmpty ? "Nothing was kept aside." : "Validation: what was kept aside.",
    ] + (moments.isEmpty ? [] : ["Dashed from top to bottom: the steps of the maps."])
  }
}
