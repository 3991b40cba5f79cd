/// Where everything in a product of two vectors stands: four strips on one axis of dimensions.
struct ProductLayout {
  private let figure: Product
  private let style: Style
  private let width: Double
  private let gutter: Double
  /// The dimensions that are named, the largest magnitude first.
  private let named: [Int]

  private static let strip = 42.0
  private static let sums = 58.0
  private static let gap = 19.0

  init(_ figure: Product, in style: Style) {
    self.figure = figure
    self.style = style
    width = Page.fittedWidth(in: style) ?? .millimetres(150)
    let terms = figure.terms
    named = Array(terms.indices.sorted { terms[$0].magnitude > terms[$1].magnitude }.prefix(5))
      .filter { terms[$0] != 0 }
    let ticks = [figure.query + figure.key, terms, Self.running(terms)].flatMap {
      Tick.round(Self.domain($0).1)
    }
    gutter = ticks.reduce(0) { max($0, style.measure($1.label, .tick).width) } + PlotFrame.sideGap
  }

  private var theme: Theme { style.theme }

  /// The range of values and 0, with a little room, and the round values inside it.
  private static func domain(_ values: [Double]) -> (ClosedRange<Double>, [Double]) {
    let (low, high) = (min(values.min() ?? 0, 0), max(values.max() ?? 0, 0))
    let room = max(high - low, 1e-9) * 0.04
    let range = low - (low < 0 ? room : 0)...high + (high > 0 ? room : 0)
    return (range, LinearScale(range, from: 0, to: 1).ticks(about: 3))
  }

  private static func running(_ terms: [Double]) -> [Double] {
    terms.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
  }

  func scene() -> Scene {
    var page = Page(figure.caption, width: width, in: style)
    page.y += 15
    let vectors = Self.domain(figure.query + figure.key)
    let (i, j) = (
      Formula.sub(.variable("q"), .variable("i")), Formula.sub(.variable("k"), .variable("j"))
    )
    bars(
      figure.query, vectors, [.formula(i)], "query of \(figure.queryName.quotedWord)", "query",
      &page)
    bars(figure.key, vectors, [.formula(j)], "key of \(figure.keyName.quotedWord)", "key", &page)
    let terms = Self.domain(figure.terms)
    bars(
      figure.terms, terms, [.formula(.row([i, .sign("∘"), j]))],
      "their products, one a dimension; the largest are named", "products", &page, isProduct: true)
    sum(&page)
    page.y += 8
    for (index, step) in figure.steps.enumerated() {
      let text = TextStyle(font: .body, color: theme.ink)
      for line in RichText(step, text, width: width - gutter, measure: style.measure).lines {
        page.y += index == 0 ? 9 : 12.5
        page.add("step-\(index + 1)", line.marks(at: Point(page.left + gutter, page.y)))
      }
    }
    page.y += 10
    return page.scene(declaring: [])
  }

  /// The name of a strip above it.
  private func heading(_ symbol: [Inline], _ words: String, _ page: Page) -> [Mark] {
    let text = TextStyle(font: .body, color: theme.ink)
    let symbol = RichText(symbol, text, width: width, measure: style.measure).lines.first
    let x = page.left + gutter
    let start = x + (symbol?.width ?? 0) + 6
    let short = style.measure.shortened(words, .body, to: page.right - start)
    return (symbol?.marks(at: Point(x, page.y)) ?? []) + [
      .text(Text(short, font: .body, color: theme.secondary, at: Point(start, page.y)))
    ]
  }

  private func plot(_ domain: (ClosedRange<Double>, [Double]), _ height: Double, _ page: Page)
    -> PlotFrame
  {
    PlotFrame(
      Rectangle(
        x: page.left + gutter, y: page.y + 7, width: width - gutter - 4, height: height),
      x: -0.5...Double(figure.query.count) - 0.5, y: domain.0, in: style)
  }

  private func bars(
    _ values: [Double], _ domain: (ClosedRange<Double>, [Double]), _ symbol: [Inline],
    _ words: String, _ name: String, _ page: inout Page, isProduct: Bool = false
  ) {
    let height = isProduct ? Self.sums : Self.strip
    // Room for the numbers over and under the ends of the bars.
    let room = isProduct ? 0.16 * (domain.0.upperBound - domain.0.lowerBound) : 0
    let range = domain.0.lowerBound - room / 2...domain.0.upperBound + room
    let plot = plot((range, domain.1), height, page)
    let colors = style.diverging.colors(in: theme)
    let pitch = plot.frame.size.width / Double(values.count)
    var (positive, negative) = ([Path.Step](), [Path.Step]())
    for (index, value) in values.enumerated() where value != 0 {
      let (x, y) = (plot.x(Double(index)), plot.y(value))
      let half = max(0.36 * pitch, 0.3)
      let steps = Path.rectangle(
        Rectangle(
          x: x - half, y: min(y, plot.y(0)), width: 2 * half, height: abs(y - plot.y(0))))
      if value > 0 { positive += steps } else { negative += steps }
    }
    let zero = Mark.line(
      [Point(plot.frame.minX, plot.y(0)), Point(plot.frame.maxX, plot.y(0))],
      .init(theme.secondary, width: 0.6))
    var marks =
      heading(symbol, words, page) + [plot.gridlines(at: domain.1)] + [
        .path(Path(negative, fill: colors[colors.count / 8])),
        .path(Path(positive, fill: colors[colors.count - 1 - colors.count / 8])), zero,
      ]
    marks += plot.leftLabels(Tick.round(domain.1))
    if isProduct { marks += labels(values, plot) }
    page.add(name, marks)
    page.y = plot.frame.maxY + Self.gap
  }

  /// The numbers of the largest terms, beside the ends of their bars.
  private func labels(_ values: [Double], _ plot: PlotFrame) -> [Mark] {
    let half = 0.36 * plot.frame.size.width / Double(values.count)
    let bars = values.indices.map { index in
      let y = [plot.y(values[index]), plot.y(0)].sorted()
      return Rectangle(
        x: plot.x(Double(index)) - half, y: y[0], width: 2 * half, height: y[1] - y[0])
    }
    let bounds = Rectangle(
      x: plot.frame.minX, y: plot.frame.minY - 1, width: plot.frame.size.width,
      height: plot.frame.size.height + 9)
    var labels = PlacedLabels(LabelField(in: bounds, taken: bars), in: theme)
    for index in named {
      let label = CurveLabel(
        [[.text("\(index): \(NumberFormat.fixed(values[index], decimals: 2))")]],
        Font(size: 6, weight: .medium), theme.ink, in: style)
      let end = Point(plot.x(Double(index)), plot.y(values[index]))
      let (w, h) = (label.size.width, label.size.height)
      let above = values[index] > 0
      labels.add([label], theme.secondary, anchor: end) { _ in
        [
          Point(end.x - w / 2, above ? end.y - h - 2.6 : end.y + 2.6),
          Point(end.x + half + 2, end.y - h / 2), Point(end.x - half - 2 - w, end.y - h / 2),
        ]
      }
    }
    return labels.words
  }

  private func dimensions(_ plot: PlotFrame) -> [Tick] {
    let last = Double(figure.query.count - 1)
    return plot.fitting(
      [16, 8, 6, 4, 3, 2].map { count in
        LinearScale(0...last, from: 0, to: 1).ticks(about: count)
          .filter { $0 == $0.rounded() }.map { Tick($0, NumberFormat.tick($0)) }
      })
  }

  /// The sum as it grows.
  private func sum(_ page: inout Page) {
    let sums = Self.running(figure.terms)
    let domain = Self.domain(sums)
    let plot = plot(domain, Self.sums, page)
    let points = sums.enumerated().flatMap { index, value -> [Point] in
      let x = plot.x(Double(index) - 0.5)
      let end = min(plot.x(Double(index) + 0.5), plot.frame.maxX)
      return [Point(x, plot.y(value)), Point(end, plot.y(value))]
    }
    let last = sums[sums.count - 1]
    let end = Point(plot.frame.maxX, plot.y(last))
    let number = NumberFormat.fixed(last, decimals: 2)
    let label = CurveLabel([[.text(number)]], .heading, theme.ink, in: style)
    let curve = Curve(points)
    var labels = PlacedLabels(
      LabelField(in: plot.frame.inset(by: -4), curves: [curve]), in: theme)
    labels.add([label], theme.ink, anchor: end) { label in
      [
        Point(end.x - label.size.width - 5, end.y - label.size.height - 4),
        Point(end.x - label.size.width - 5, end.y + 4),
      ]
    }
    let zero = plot.reference(y: 0)
    page.add(
      "sum",
      heading(
        [
          .formula(
            .row([
              .word("Σ"), .word("\u{2009}"), .sub(.variable("q"), .variable("i")), .sign("∘"),
              .sub(.variable("k"), .variable("j")),
            ]))
        ],
        "the sum so far, from dimension 0 to the right", page)
        + [plot.gridlines(at: domain.1), zero] + labels.patches
        + [curve.line(theme.ink, width: 0.9), .marker(at: end, theme.accent, in: theme)]
        + labels.words + plot.leftLabels(Tick.round(domain.1))
        + plot.bottomAxis(dimensions(plot), title: ["dimension"]))
    page.y = plot.frame.maxY + PlotFrame.titleBaseline + 4
  }
}

extension String {
  /// The word in quotation marks, on its own whatever its direction.
  fileprivate var quotedWord: String { "“\u{2068}\(self)\u{2069}”" }
}
