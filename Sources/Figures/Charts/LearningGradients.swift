/// The norm of the gradient in every block of the new model, with and without residual connections
/// and norms.
struct LearningGradients {
  private let blocks: [Learning.Block]
  private let style: Style

  init(_ blocks: [Learning.Block], in style: Style) {
    self.blocks = blocks
    self.style = style
  }

  private var theme: Theme { style.theme }

  let words: [Inline] = [
    "norm over the parameters of each block, before the first step; logarithmic"
  ]

  func marks(_ area: Rectangle) -> [Mark] {
    let lines = [
      blocks.map(\.norm), blocks.map(\.withoutResiduals), blocks.map(\.withoutBoth),
    ]
    let shown = lines.flatMap { $0 }.filter { $0 > 0 && $0.isFinite }
    let (low, high) = ((shown.min() ?? 0.1) / 1.6, (shown.max() ?? 1) * 1.6)
    let frame = Rectangle(
      x: area.minX + 28, y: area.minY, width: area.size.width - 33, height: area.size.height)
    let y = LogScale(low...high, from: frame.maxY, to: frame.minY)
    let last = Double(max(blocks.count - 1, 1))
    let x = LinearScale(-0.2...last + 0.2, from: frame.minX, to: frame.maxX)
    let plot = PlotFrame(frame, x: .linear(x), y: .log(y), in: style)
    let ticks = levels(y)
    let colors = [theme.accent, HeadColors(in: theme)[2], theme.warn]
    let curves = lines.map { line in
      Curve(
        line.enumerated().filter { $0.element > 0 && $0.element.isFinite }.map {
          plot.point(Double($0.offset), $0.element)
        })
    }
    let labels = names(curves, colors, plot)
    var marks: [Mark] = [plot.gridlines(at: ticks.map(\.value))] + labels.patches
    for (curve, color) in zip(curves, colors) {
      marks.append(curve.line(color))
    }
    for (line, color) in zip(lines, colors) {
      for (block, value) in line.enumerated() where value > 0 && value.isFinite {
        marks.append(.marker(at: plot.point(Double(block), value), color, in: theme))
      }
    }
    let names = plot.fitting(
      [1, 2, 4, 5, 10, 20].map { step in
        blocks.enumerated().filter { $0.offset % step == 0 }.map {
          Tick(Double($0.offset), $0.element.name)
        }
      })
    return marks + labels.words + plot.leftLabels(ticks)
      + plot.bottomAxis(names, title: ["block"])
  }

  /// Powers of ten where there are two or more of them, else 1, 2 and 5 times them.
  private func levels(_ scale: LogScale) -> [Tick] {
    let decades = scale.decades()
    guard decades.count < 2 else {
      let step = max((decades.count + 5) / 6, 1)
      return scale.decades(every: step).map { Tick($0, NumberFormat.power($0)) }
    }
    return scale.oneTwoFive.map { Tick($0, NumberFormat.tick($0)) }
  }

  private func names(_ curves: [Curve], _ colors: [Color], _ plot: PlotFrame) -> PlacedLabels {
    let bounds = Rectangle(
      x: plot.frame.minX + 2, y: plot.frame.minY - 4, width: plot.frame.size.width - 2,
      height: plot.frame.size.height + 2)
    var labels = PlacedLabels(LabelField(in: bounds, curves: curves), in: theme)
    let names = [
      ["the model as it is", "as it is"],
      ["without residual connections", "without residuals"],
      ["without these and norms", "without both"],
    ]
    for ((curve, color), names) in zip(zip(curves, colors), names) {
      let points = curve.points
      guard let anchor = points.first else { continue }
      let color = theme.readable(color)
      let choices = names.map { CurveLabel([[.text($0)]], .note, color, in: style) }
      labels.add(choices, color, anchor: anchor) { label in
        points.flatMap { label.corners(around: $0, gap: 5) }
      }
    }
    return labels
  }
}
