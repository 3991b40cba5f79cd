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
    place(
      "Length of each token’s vector", [.formula(.norm(.variable("x")))], "lengths", &page, lengths)
    place(
      "Cosine of the stream", ["after each addition, mean and range of tokens"], "similarity",
      &page,
      similarity)
    place(
      "What is added",
      [
        .formula(
          .row([
            .norm(.row([.variable("f"), .word("("), .variable("x"), .word(")")])), .sign("/"),
            .norm(.variable("x")),
          ])), ", median and range of tokens",
      ],
      "added", &page, added, isLast: true)
    key.place(on: &page, from: page.left + gutter)
    page.y += 10
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
        + plot.bottomAxis(
          layerTicks(plot),
          title: isLast ? ["layer"] : []))
    page.y = frame.maxY + (isLast ? PlotFrame.titleBaseline + 11 : 28)
  }

  /// "in" at the embedding, then the layers' numbers between their two steps.
  private func layerTicks(_ plot: PlotFrame) -> [Tick] {
    let layers = Array(Set(figure.steps.map(\.layer))).sorted()
    func all(_ every: Int) -> [Tick] {
      [Tick(0, "in")]
        + layers.enumerated().filter {
          $0.offset % every == 0 && (every == 1 || $0.offset > 0)
        }.map {
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
    let low = all.min() ?? 1
    let (plot, ticks) = plot(frame, all)
    let isLog = plot.isLogarithmic
    let curves = paths.map { path in
      Curve(
        path.enumerated().filter { $0.element > 0 }.map {
          plot.point(Double($0.offset), $0.element)
        })
    }
    let median = Curve(
      (0...steps).map { index in
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

  /// A plot of positive values: by ratios where they span more than a decade.
  private func plot(_ frame: Rectangle, _ values: [Double]) -> (PlotFrame, [Tick]) {
    let (low, high) = (values.min() ?? 1, values.max() ?? 1)
    guard high > 12 * low else {
      let (range, round) = LinearScale.round([0, high], about: 4)
      let scale = LinearScale(range, from: frame.maxY, to: frame.minY)
      let plot = PlotFrame(frame, x: .linear(x(frame)), y: .linear(scale), in: style)
      return (plot, Tick.round(round))
    }
    let scale = LogScale(low * 0.85...high * 1.2, from: frame.maxY, to: frame.minY)
    let round = high / low > 200 ? scale.decades() : scale.oneTwoFive
    return (
      PlotFrame(frame, x: .linear(x(frame)), y: .log(scale), in: style),
      round.map { Tick($0, NumberFormat.tick($0)) }
    )
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
      median,
      CurveLabel([["median token"]], Font(size: 6.5, weight: .medium), theme.ink, in: style),
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
        [[.text(series[index].name)]], Font(size: 6.5, weight: .medium), colors.text(index),
        in: style)
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
    Curve(
      values.enumerated().map { index, all in
        plot.point(Double(index + first), all.reduce(0, +) / Double(all.count))
      })
  }

  /// The area between the smallest and the largest of the tokens.
  private func spread(
    _ values: [[Double]], _ plot: PlotFrame, _ color: Color, from first: Int
  ) -> Mark {
    let upper = values.enumerated().map {
      plot.point(Double($0.offset + first), $0.element.max() ?? 0)
    }
    let lower = values.enumerated().map {
      plot.point(Double($0.offset + first), $0.element.min() ?? 0)
    }
    return plot.clipped([.area(between: upper, lower, fill: color.opacity(0.13))])
  }

  // MARK: Additions

  private func added(_ frame: Rectangle) -> (PlotFrame, [Mark]) {
    let all = figure.steps.flatMap(\.added).filter { $0.isFinite && $0 > 0 }
    let (plot, ticks) = plot(frame, all)
    var marks: [Mark] = [plot.gridlines(at: ticks.map(\.value))]
    for (index, step) in figure.steps.enumerated() {
      let sorted = step.added.sorted()
      guard let low = sorted.first, let high = sorted.last, high > 0 else { continue }
      let color = colors[step.isAttention ? 0 : 1]
      let x = Double(index + 1)
      marks += [
        .line(
          [plot.point(x, max(low, all.min() ?? low)), plot.point(x, high)],
          .init(color.opacity(0.55), width: 0.9)),
        .dot(
          at: plot.point(x, max(sorted[sorted.count / 2], all.min() ?? 0)),
          radius: min(2.2, 0.3 * frame.size.width / Double(steps + 1)), fill: color,
          stroke: .init(theme.paper, width: 0.4)),
      ]
    }
    return (plot, marks + plot.leftLabels(ticks))
  }

  private var key: SampleKey {
    let items = ["attention", "feed-forward network"].enumerated().map { index, name in
      SampleKey.Item(
        [
          .dot(
            at: Point(2.2, -2.1), radius: 2.2, fill: colors[index],
            stroke: .init(theme.paper, width: 0.4))
        ], width: 4.4, name)
    }
    return SampleKey(items: items, style: style)
  }
}

extension Formula {
  /// ‖x‖
  static func norm(_ inner: Formula) -> Formula { .row([.word("‖"), inner, .word("‖")]) }
}
