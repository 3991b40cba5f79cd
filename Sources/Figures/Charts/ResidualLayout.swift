#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Where everything in a residual stream stands: three plots on one axis of layers.
struct ResidualLayout {
  private let figure: Residual
  private let style: Style
  private let colors: HeadColors
  private let width: Double
  private let gutter = 30.0
  private static let height = 92.0

  init(_ figure: Residual, in style: Style) {
    self.figure = figure
    self.style = style
    colors = HeadColors(in: style.theme)
    width = Page.fittedWidth(in: style) ?? .millimetres(150)
  }

  private var theme: Theme { style.theme }
  private var steps: Int { figure.steps.count }

  func scene() -> Scene {
    var page = Page(figure.caption, width: width, in: style)
    page.y += 16
    place("Length of each token’s vector", [.formula(.norm(.variable("x")))], "lengths", &page, lengths)
    place(
      "Cosine of the stream", ["after each addition, mean and range of tokens"], "similarity", &page,
      similarity)
    place(
      "What is added", [.formula(.row([.norm(.row([.variable("f"), .word("("), .variable("x"), .word(")")])), .sign("/"), .norm(.variable("x"))])), ", mean and range of tokens"],
      "added", &page, added, isLast: true)
    return page.scene(declaring: [])
  }

  private func place(
    _ title: String, _ more: [Inline], _ name: String, _ page: inout Page,
    _ draw: (Rectangle) -> (PlotFrame, [Mark]), isLast: Bool = false
  ) {
    let heading = Text(title, font: .heading, color: theme.ink, at: Point(page.left, page.y))
    let text = TextStyle(font: .note, color: theme.secondary)
    let start = page.left + style.measure(title, .heading).width + 8
    let words = RichText(more, text, width: max(page.right - start, 20), measure: style.measure)
      .lines.prefix(1).flatMap { $0.marks(at: Point(start, page.y)) }
    let frame = Rectangle(
      x: page.left + gutter, y: page.y + 9, width: width - gutter - 4, height: Self.height)
    let (plot, marks) = draw(frame)
    page.add(
      name,
      [.text(heading)] + words + marks
        + plot.bottomAxis(layerTicks(plot), title: isLast ? ["layer: after attention, after the feed-forward network"] : []))
    page.y = frame.maxY + (isLast ? 30 : 28)
  }

  /// "in" at the embedding, then the layers' numbers between their two steps.
  private func layerTicks(_ plot: PlotFrame) -> [Tick] {
    let layers = Array(Set(figure.steps.map(\.layer))).sorted()
    func all(_ every: Int) -> [Tick] {
      [Tick(0, "in")] + layers.enumerated().filter { $0.offset % every == 0 }.map {
        Tick(Double(2 * $0.offset) + 1.5, "\($0.element)")
      }
    }
    return plot.fitting([1, 2, 4, 5, 10, 20].map(all))
  }

  private func x(_ frame: Rectangle) -> LinearScale {
    LinearScale(-0.4...Double(steps) + 0.6, from: frame.minX, to: frame.maxX)
  }

  // MARK: Lengths

  private func lengths(_ frame: Rectangle) -> (PlotFrame, [Mark]) {
    let paths = figure.input.indices.map { token in
      [figure.input[token]] + figure.steps.map { $0.lengths[token] }
    }
    let all = paths.flatMap { $0 }.filter { $0 > 0 && $0.isFinite }
    let (low, high) = (all.min() ?? 1, all.max() ?? 1)
    let isLog = high > 12 * low
    let plot: PlotFrame
    let ticks: [Tick]
    if isLog {
      let range = low * 0.85...high * 1.2
      let scale = LogScale(range, from: frame.maxY, to: frame.minY)
      plot = PlotFrame(frame, x: .linear(x(frame)), y: .log(scale), in: style)
      let values = high / low > 40 ? scale.decades() : scale.oneTwoFive
      ticks = values.map { Tick($0, NumberFormat.tick($0)) }
    } else {
      let (range, values) = LinearScale.round([0, high], about: 4)
      plot = PlotFrame(
        frame, x: .linear(x(frame)), y: .linear(LinearScale(range, from: frame.maxY, to: frame.minY)),
        in: style)
      ticks = Tick.round(values)
    }
    let curves = paths.map { path in
      Curve(path.enumerated().filter { $0.element > 0 }.map {
        plot.point(Double($0.offset), $0.element)
      })
    }
    let median = Curve((0...steps).map { index in
      let sorted = paths.map { $0[index] }.sorted()
      return plot.point(Double(index), max(sorted[sorted.count / 2], isLog ? low : 0))
    })
    let labels = names(curves, median, frame)
    var marks: [Mark] = [plot.gridlines(at: ticks.map(\.value))]
    marks += curves.enumerated().filter { index, _ in !figure.named.contains { $0.token == index } }
      .map { $0.element.line(theme.secondary.opacity(0.35), width: 0.5) }
    marks += labels.patches
    marks += figure.named.enumerated().map { curves[$0.element.token].line(colors[$0.offset]) }
    marks.append(median.line(theme.ink))
    return (plot, marks + labels.words + plot.leftLabels(ticks))
  }

  private func names(_ curves: [Curve], _ median: Curve, _ frame: Rectangle) -> PlacedLabels {
    let named = figure.named.map { curves[$0.token] }
    let bounds = Rectangle(
      x: frame.minX + 2, y: frame.minY - 2, width: frame.size.width - 4, height: frame.size.height)
    var labels = PlacedLabels(LabelField(in: bounds, curves: named + [median]), in: theme)
    for (index, item) in figure.named.enumerated() {
      let label = CurveLabel(
        [[.text(item.name)]], Font(size: 6.5, weight: .medium), colors.text(index), in: style)
      beside(named[index], label, colors.text(index), &labels)
    }
    beside(
      median, CurveLabel([["median token"]], Font(size: 6.5, weight: .medium), theme.ink, in: style),
      theme.ink, &labels)
    return labels
  }

  /// A label over or under a curve, from its end to its beginning.
  private func beside(
    _ curve: Curve, _ label: CurveLabel, _ color: Color, _ labels: inout PlacedLabels
  ) {
    guard let anchor = curve.points.last else { return }
    labels.add([label], color, anchor: anchor) { label in
      curve.points.reversed().flatMap { point -> [Point] in
        let x = point.x - label.size.width / 2
        return [Point(x, point.y - label.size.height - 4), Point(x, point.y + 4)]
      }
    }
  }

  // MARK: Similarity

  private func similarity(_ frame: Rectangle) -> (PlotFrame, [Mark]) {
    let series: [(name: String, values: [[Double]])] = [
      ("with the step before", figure.steps.map(\.similarity)),
      ("with the embedding", figure.steps.map(\.similarityToInput)),
    ]
    let all = series.flatMap { $0.values.flatMap { $0 } }
    let (range, values) = LinearScale.round([min(all.min() ?? 0, 0), 1], about: 4)
    let plot = PlotFrame(
      frame, x: .linear(x(frame)), y: .linear(LinearScale(range, from: frame.maxY, to: frame.minY)),
      in: style)
    let curves = series.map { mean($0.values, plot, from: 1) }
    let bounds = Rectangle(
      x: frame.minX + 2, y: frame.minY - 4, width: frame.size.width - 4,
      height: frame.size.height + 2)
    var labels = PlacedLabels(LabelField(in: bounds, curves: curves), in: theme)
    for (index, curve) in curves.enumerated() {
      let label = CurveLabel(
        [[.text(series[index].name)]], Font(size: 6.5, weight: .medium), colors.text(index), in: style)
      beside(curve, label, colors.text(index), &labels)
    }
    var marks: [Mark] = [plot.gridlines(at: values)]
    for index in series.indices.reversed() {
      marks.append(spread(series[index].values, plot, colors[index], from: 1))
    }
    marks += labels.patches
    marks += curves.enumerated().map { $0.element.line(colors[$0.offset]) }
    return (plot, marks + labels.words + plot.leftLabels(Tick.round(values)))
  }

  private func mean(_ values: [[Double]], _ plot: PlotFrame, from first: Int) -> Curve {
    Curve(values.enumerated().map { index, all in
      plot.point(Double(index + first), all.reduce(0, +) / Double(all.count))
    })
  }

  /// The area between the smallest and the largest of the tokens.
  private func spread(
    _ values: [[Double]], _ plot: PlotFrame, _ color: Color, from first: Int
  ) -> Mark {
    let upper = values.enumerated().map { plot.point(Double($0.offset + first), $0.element.max() ?? 0) }
    let lower = values.enumerated().map { plot.point(Double($0.offset + first), $0.element.min() ?? 0) }
    let outline = upper + lower.reversed()
    let steps = outline.prefix(1).map { Path.Step.move($0) }
      + outline.dropFirst().map { .line($0) } + [.close]
    return plot.clipped([.path(Path(steps, fill: color.opacity(0.13)))])
  }

  // MARK: Additions

  private func added(_ frame: Rectangle) -> (PlotFrame, [Mark]) {
    let all = figure.steps.flatMap(\.added).filter { $0.isFinite }
    let top = all.max() ?? 1
    let means = figure.steps.map { $0.added.reduce(0, +) / Double($0.added.count) }
    let cut = min(top, max(2.2 * (means.max() ?? 1), 0.01))
    let (range, values) = LinearScale.round([0, cut], about: 4)
    let plot = PlotFrame(
      frame, x: .linear(x(frame)), y: .linear(LinearScale(range, from: frame.maxY, to: frame.minY)),
      in: style)
    let half = min(0.36 * frame.size.width / Double(steps + 1), 7)
    var (bars, ranges) = ([[Path.Step]](repeating: [], count: 2), [Path.Step]())
    var beyond = 0
    for (index, step) in figure.steps.enumerated() {
      let x = plot.x(Double(index + 1))
      let y = plot.y(means[index])
      bars[step.isAttention ? 0 : 1] += Path.rectangle(
        Rectangle(x: x - half, y: y, width: 2 * half, height: frame.maxY - y))
      let high = step.added.max() ?? 0
      if high > range.upperBound { beyond += 1 }
      ranges += [
        .move(Point(x, plot.y(step.added.min() ?? 0))),
        .line(Point(x, max(plot.y(high), frame.minY))),
      ]
    }
    let marks: [Mark] = [
      plot.gridlines(at: values), .path(Path(bars[0], fill: colors[0])),
      .path(Path(bars[1], fill: colors[1])),
      .path(Path(ranges, stroke: .init(theme.ink, width: 0.5))),
    ]
    return (
      plot,
      marks + key(frame, beyond: beyond, top: top) + plot.leftLabels(Tick.round(values))
    )
  }

  private func key(_ frame: Rectangle, beyond: Int, top: Double) -> [Mark] {
    var marks: [Mark] = []
    var x = frame.minX
    let y = frame.maxY + PlotFrame.titleBaseline + 11
    for (index, name) in ["attention", "feed-forward"].enumerated() {
      marks += [
        .rectangle(Rectangle(x: x, y: y - 4.4, width: 7, height: 4.4), fill: colors[index]),
        .text(Text(name, font: .note, color: theme.secondary, at: Point(x + 10, y))),
      ]
      x += style.measure(name, .note).width + 22
    }
    if beyond > 0 {
      let words = "\(beyond) lines leave the frame; the largest is \(NumberFormat.amount(top, decimals: 1))"
      if x + style.measure(words, .note).width <= frame.maxX {
        marks.append(.text(Text(words, font: .note, color: theme.secondary, at: Point(x, y))))
      }
    }
    return marks
  }
}

extension Formula {
  /// ‖x‖
  static func norm(_ inner: Formula) -> Formula { .row([.word("‖"), inner, .word("‖")]) }
}
