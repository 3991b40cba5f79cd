/// Where everything in a plot of pairs stands.
struct AsymmetryLayout {
  private let figure: Asymmetry
  private let style: Style
  private let width: Double
  private let columns: Int
  private static let gap = 22.0

  init(_ figure: Asymmetry, in style: Style) {
    self.figure = figure
    self.style = style
    width = Page.fittedWidth(in: style) ?? .millimetres(figure.panels.count > 1 ? 171 : 90)
    columns = width >= 380 ? figure.panels.count : 1
  }

  private var theme: Theme { style.theme }
  private var side: Double {
    (width - Self.gap * Double(columns - 1)) / Double(columns) - gutter - 6
  }
  private var gutter: Double {
    figure.panels.flatMap { Tick.round(domain($0).1) }
      .reduce(0) { max($0, style.measure($1.label, .tick).width) } + PlotFrame.sideGap
  }

  private static let backWords = "later token looks at earlier"

  /// Whether the facts stand beside the names of the axes; else on lines of their own.
  private var isFactBeside: Bool {
    figure.panels.allSatisfy { panel in
      let name = style.measure(Self.backWords, .note).width + 34
      return name + 8 + style.measure(panel.fact, .note).width <= gutter + side
    }
  }

  /// From a panel's title to its frame.
  private var header: Double { isFactBeside ? 26 : 36 }

  func scene() -> Scene {
    var page = Page(figure.caption, width: width, in: style)
    page.y += 16
    let top = page.y
    var (bottom, missing) = (top, 0)
    for (index, panel) in figure.panels.enumerated() {
      let x = page.left + Double(index % columns) * (gutter + side + 6 + Self.gap)
      let y = top + Double(index / columns) * (side + header + 46)
      let frame = Rectangle(x: x + gutter, y: y + header, width: side, height: side)
      let drawn = marks(panel, frame)
      missing += drawn.missing
      page.add("panel-\(index + 1)", heading(panel, Point(x, y), frame) + drawn.marks)
      bottom = max(bottom, frame.maxY)
    }
    page.y = bottom + PlotFrame.titleBaseline + 14
    key.place(on: &page)
    page.y += 8
    return page.scene(
      declaring: missing > 0
        ? ["\(missing) name\(missing == 1 ? "" : "s") found no room beside the dots."] : [])
  }

  private func heading(_ panel: Asymmetry.Panel, _ point: Point, _ frame: Rectangle) -> [Mark] {
    let title = RichText(
      panel.title, TextStyle(font: .heading, color: theme.ink), width: gutter + side,
      measure: style.measure
    ).lines.prefix(1)
    let name = axisName(
      panel.symbols.back, Self.backWords, Point(point.x, point.y + header - 11))
    let fact = Text(
      panel.fact, font: .note, color: theme.secondary,
      at: isFactBeside
        ? Point(frame.maxX, point.y + 15) : Point(point.x, point.y + 11),
      alignment: isFactBeside ? .end : .start)
    return title.flatMap { $0.marks(at: point) } + name + [.text(fact)]
  }

  /// A symbol with what it means.
  private func axisName(_ symbol: Formula, _ words: String, _ point: Point) -> [Mark] {
    let box = FormulaLayout(color: theme.ink, measure: style.measure).box(symbol, size: 8)
    return box.marks(at: point) + [
      .text(
        Text(
          words, font: .note, color: theme.secondary, at: Point(point.x + box.width + 4, point.y)))
    ]
  }

  private func domain(_ panel: Asymmetry.Panel) -> (ClosedRange<Double>, [Double]) {
    let values = panel.pairs.flatMap { [$0.ahead, $0.back] }
    return LinearScale.round(values.isEmpty ? [0, 1] : values, about: 5)
  }

  private func marks(_ panel: Asymmetry.Panel, _ frame: Rectangle) -> (marks: [Mark], missing: Int)
  {
    let (range, values) = domain(panel)
    let plot = PlotFrame(frame, x: range, y: range, in: style)
    let points = panel.pairs.map { plot.point($0.ahead, $0.back) }
    let (labels, missing) = labels(panel, points, frame)
    let corner = [
      Path.Step.move(Point(frame.minX, frame.maxY)), .line(Point(frame.maxX, frame.minY)),
      .line(frame.origin), .close,
    ]
    let ticks = Tick.round(values)
    let verticals = values.map { plot.x($0) }.flatMap { x -> [Path.Step] in
      [.move(Point(x, frame.minY)), .line(Point(x, frame.maxY))]
    }
    var marks: [Mark] = [
      .path(Path(corner, fill: theme.accent.opacity(0.055))),
      plot.gridlines(at: values),
      .path(Path(verticals, stroke: .init(theme.hairline, width: 0.35))),
      .line(
        [Point(frame.minX, frame.maxY), Point(frame.maxX, frame.minY)],
        .init(theme.secondary, width: 0.6)),
    ]
    for (pair, point) in zip(panel.pairs, points) where pair.name == nil {
      marks.append(dot(pair, point, isOneOfMany: points.count > 400))
    }
    for (pair, point) in zip(panel.pairs, points) where pair.name != nil {
      marks.append(dot(pair, point, isOneOfMany: points.count > 400))
    }
    let words = labels.words
    let title = axisName(
      panel.symbols.ahead, "earlier token looks at later",
      Point(frame.minX, frame.maxY + PlotFrame.titleBaseline + 1))
    return (
      marks + labels.patches + words + plot.leftLabels(ticks)
        + plot.bottomAxis(plot.linearTicks(about: 5)) + title, missing
    )
  }

  /// Many dots are smaller, and let each other show.
  private func dot(_ pair: Asymmetry.Pair, _ point: Point, isOneOfMany: Bool = false) -> Mark {
    let isNamed = pair.name != nil
    let color = isNamed ? theme.warn : theme.accent.opacity(isOneOfMany ? 0.55 : 1)
    let radius = isNamed ? 2.1 : isOneOfMany ? 0.9 : 1.5
    let ring = isOneOfMany && !isNamed ? 0.2 : 0.4
    return .dot(
      at: point, radius: radius, fill: pair.isSpecial ? theme.paper : color,
      stroke: pair.isSpecial ? .init(color, width: 0.6) : .init(theme.paper, width: ring))
  }

  private func labels(
    _ panel: Asymmetry.Panel, _ points: [Point], _ frame: Rectangle
  ) -> (placed: PlacedLabels, missing: Int) {
    // Words keep off every dot; the lines from them only off dots with names.
    let named = zip(panel.pairs, points).filter { $0.0.name != nil }.map(\.1)
    let others = zip(panel.pairs, points).filter { $0.0.name == nil }.map { _, point in
      Curve([Point(point.x - 1.4, point.y), Point(point.x + 1.4, point.y)])
    }
    let dots = named.map { Rectangle(x: $0.x - 2, y: $0.y - 2, width: 4, height: 4) }
    var missing = 0
    var labels = PlacedLabels(
      LabelField(in: frame.inset(by: 2), curves: others, taken: dots), in: theme)
    for (lines, isRight) in [
      (["later token", "looks back more"], false), (["earlier token", "looks ahead more"], true),
    ] {
      let label = CurveLabel(
        lines.map { [.text($0)] }, .note, theme.secondary, in: style)
      labels.add(
        [label], theme.secondary, anchor: Point(-1e3, -1e3),
        at: isRight
          ? [
            Point(frame.maxX - label.size.width - 4, frame.maxY - label.size.height - 4)
          ] : [Point(frame.minX + 4, frame.minY + 4)])
    }
    for (pair, point) in zip(panel.pairs, points) {
      guard let name = pair.name else { continue }
      let label = CurveLabel([[.text(name)]], .body, theme.ink, in: style)
      let isPlaced = labels.add([label], theme.warn, anchor: point, isStrict: true) {
        $0.corners(around: point, gap: 4)
      }
      if !isPlaced { missing += 1 }
    }
    return (labels, missing)
  }

  /// What the dots are.
  private var key: SampleKey {
    let isNamed = figure.panels.contains { $0.pairs.contains { $0.name != nil } }
    func item(_ words: String, isSpecial: Bool = false, name: String? = nil) -> SampleKey.Item {
      let pair = Asymmetry.Pair(ahead: 0, back: 0, isSpecial: isSpecial, name: name)
      return SampleKey.Item([dot(pair, Point(2.1, -2.1))], width: 4.2, words)
    }
    return SampleKey(
      items: [item("two words")] + (figure.specialName.map { [item($0, isSpecial: true)] } ?? [])
        + (isNamed ? [item("named", name: "")] : []), style: style)
  }
}

extension PlacedLabels {
  /// Places a label at one of some corners, or not at all.
  fileprivate mutating func add(
    _ labels: [CurveLabel], _ color: Color, anchor: Point, at corners: [Point]
  ) {
    for label in labels {
      guard let box = field.place(label.size, at: corners) else { continue }
      append(label, in: box)
    }
  }
}
