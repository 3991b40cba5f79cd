/// Calibration: the predicted probability that a text is preferred, against how often it was.
struct PreferenceBins {
  private let bins: [Preference.Bin]
  private let style: Style

  init(_ bins: [Preference.Bin], in style: Style) {
    self.bins = bins
    self.style = style
  }

  private var theme: Theme { style.theme }

  func panel(_ height: Double) -> PlotPanel {
    PlotPanel(
      "calibration", "Do its probabilities hold?",
      ["up: how often the first text was preferred; 95 % intervals, number of pairs"],
      height: height, marks: marks)
  }

  private func marks(_ area: Rectangle) -> [Mark] {
    let ticks = [0, 0.25, 0.5, 0.75, 1].map { Tick($0, NumberFormat.tick($0)) }
    let gutter =
      (ticks.map { style.measure($0.label, .tick).width }.max() ?? 0) + PlotFrame.sideGap
    let frame = Rectangle(
      x: area.minX + gutter, y: area.minY, width: area.size.width - gutter - 5,
      height: area.size.height)
    let x = LinearScale(-0.03...1.03, from: frame.minX, to: frame.maxX)
    let y = LinearScale(-0.03...1.03, from: frame.maxY, to: frame.minY)
    let plot = PlotFrame(frame, x: .linear(x), y: .linear(y), in: style)
    let diagonal = [plot.point(0, 0), plot.point(1, 1)]
    var marks: [Mark] = [
      plot.gridlines(at: ticks.map(\.value)), .line(diagonal, .init(theme.secondary, width: 0.6)),
    ]
    let points = bins.map { plot.point($0.predicted, $0.observed) }
    var whiskers: [Rectangle] = []
    for (bin, point) in zip(bins, points) {
      let (top, bottom) = (plot.y(bin.interval.upperBound), plot.y(bin.interval.lowerBound))
      marks.append(
        .line([Point(point.x, top), Point(point.x, bottom)], .init(theme.accent, width: 0.8)))
      whiskers.append(
        Rectangle(x: point.x - 0.6, y: top, width: 1.2, height: max(bottom - top, 0.1)))
    }
    marks += points.map { .marker(at: $0, theme.accent, in: theme) }
    let labels = counts(points, whiskers, Curve(diagonal), frame)
    return marks + labels.patches + labels.words + plot.leftLabels(ticks)
      + plot.bottomAxis(plot.fitting([ticks]), title: ["predicted σ(Δ)"])
  }

  /// How many pairs every point stands for.
  private func counts(
    _ points: [Point], _ whiskers: [Rectangle], _ diagonal: Curve, _ frame: Rectangle
  ) -> PlacedLabels {
    let dots = points.map { Rectangle(x: $0.x - 2.4, y: $0.y - 2.4, width: 4.8, height: 4.8) }
    var labels = PlacedLabels(
      LabelField(in: frame.inset(by: 1), curves: [diagonal], taken: whiskers + dots), in: theme)
    for (bin, point) in zip(bins, points) {
      let label = CurveLabel(
        [[.text(NumberFormat.count(bin.count))]], .note, theme.secondary, in: style)
      if let box = labels.field.place(label.size, at: label.corners(around: point, gap: 4)) {
        labels.append(label, in: box)
      }
    }
    return labels
  }

  var declarations: [String] {
    bins.isEmpty ? [] : ["On the thin diagonal a probability is what it says."]
  }
}
