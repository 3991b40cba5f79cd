/// Where everything in profiles of distance stands: all heads small, some of them large below.
struct DistanceLayout {
  private let figure: Distance
  private let style: Style
  private let colors: HeadColors
  private let grid: HeadGrid
  private let width: Double
  private static let height = 104.0

  init(_ figure: Distance, in style: Style) {
    self.figure = figure
    self.style = style
    colors = HeadColors(in: style.theme)
    let fitted = Page.fittedWidth(in: style)
    grid = HeadGrid(
      layers: figure.layers.count, heads: figure.heads.count, aspect: 0.6, hasBars: false,
      width: fitted,
      gutter: figure.layers.map { style.measure("L\($0)", .axis).width + 4 }.max() ?? 0,
      largest: .widestPanel)
    width = fitted ?? max(grid.size.width, .millimetres(140))
  }

  private var theme: Theme { style.theme }

  func scene() -> Scene {
    var page = Page(figure.caption, width: width, in: style)
    page.y += 6
    let origin = Point(page.left, page.y)
    let labels = grid.labels(figure.layers, figure.heads, in: style)
    page.add("heads", labels.map { $0.moved(x: origin.x, y: origin.y) })
    page.add(
      "panels", summary: "layers × heads: \(figure.layers.count) × \(figure.heads.count)",
      panels.map { $0.moved(x: origin.x, y: origin.y) })
    page.y += grid.size.height - (grid.pitch - grid.panel.height) + 10
    key.place(on: &page)
    page.y += 8
    if !figure.named.isEmpty { large(&page) }
    return page.scene(declaring: declarations)
  }

  private var declarations: [String] {
    let step = grid.headNames(figure.heads, in: style).step
    return step > 1 ? ["Head names: every \(AxisLabels.ordinal(step))."] : []
  }

  // MARK: Small panels

  private var panels: [Mark] {
    var (frames, areas, lines, bases) = ([Path.Step](), [Path.Step](), [Mark](), [Path.Step]())
    for (layer, layerNumber) in figure.layers.enumerated() {
      for (head, headNumber) in figure.heads.enumerated() {
        let frame = grid.frame(layer: layer, head: head)
        let named = figure.named.firstIndex {
          $0.head == .init(layer: layerNumber, head: headNumber)
        }
        let shares = within(figure.profiles[layer * figure.heads.count + head])
        let points = bars(shares, frame)
        if let named {
          lines.append(.path(Path(points, fill: colors[named])))
          lines.append(
            .rectangle(frame.inset(by: -0.4), stroke: .init(theme.ink, width: 0.9)))
        } else {
          areas += points
        }
        frames += Path.rectangle(frame)
        bases += outline(within(figure.baseline), frame)
      }
    }
    return [
      .path(Path(areas, fill: theme.secondary.opacity(0.75))),
      .path(Path(frames, stroke: .init(theme.frame, width: 0.35))),
    ] + lines + [.path(Path(bases, stroke: .init(theme.warn, width: 0.5)))]
  }

  /// The share of weight within each distance.
  private func within(_ shares: [Double]) -> [Double] {
    shares.reduce(into: []) { $0.append(min(($0.last ?? 0) + $1, 1)) }
  }

  /// The shares as one stepped area from the bottom of a frame; the top is 1.
  private func bars(_ shares: [Double], _ frame: Rectangle) -> [Path.Step] {
    let step = frame.size.width / Double(shares.count)
    var steps: [Path.Step] = [.move(Point(frame.minX, frame.maxY))]
    for (index, share) in shares.enumerated() {
      let y = frame.maxY - min(max(share, 0), 1) * frame.size.height
      steps += [
        .line(Point(frame.minX + Double(index) * step, y)),
        .line(Point(frame.minX + Double(index + 1) * step, y)),
      ]
    }
    return steps + [.line(Point(frame.maxX, frame.maxY)), .close]
  }

  /// The upper edge of the shares.
  private func outline(_ shares: [Double], _ frame: Rectangle) -> [Path.Step] {
    let inner = bars(shares, frame).dropFirst().dropLast(2)
    return inner.enumerated().map { index, step in
      if index == 0, case .line(let point) = step { return .move(point) }
      return step
    }
  }

  private var key: SampleKey {
    let area = Rectangle(x: 0, y: -4.6, width: 9, height: 4.6)
    let last = figure.baseline.count - 1
    return SampleKey(
      items: [
        .init(
          [.rectangle(area, fill: theme.secondary.opacity(0.75))], width: 9,
          "share of the weight within each distance, 0 at the left to \(last); full height is 1"),
        .init(
          [.line([Point(0, -2.3), Point(9, -2.3)], .init(theme.warn, width: 0.8))], width: 9,
          "a head that looks everywhere alike"),
      ], style: style)
  }

  // MARK: The large plots

  private func large(_ page: inout Page) {
    page.y += 12
    page.rule()
    page.y += 14
    let title = "Named heads, with the middle 80 % of all \(figure.profiles.count) heads"
    page.add(
      "large-title",
      [
        .text(
          Text(
            style.measure.shortened(title, .heading, to: page.width), font: .heading,
            color: theme.ink, at: Point(page.left, page.y)))
      ])
    page.y += 12
    let columns = width >= 400 ? 2 : 1
    let room = (width - 20 * Double(columns - 1)) / Double(columns)
    let plots: [(String, ([Double]) -> [Double])] = [
      ("Share at each distance", { $0 }), ("Share within each distance", within),
    ]
    for (index, (name, values)) in plots.enumerated() {
      let top = page.y + Double(index / columns) * (Self.height + 52)
      let left = page.left + Double(index % columns) * (room + 20)
      page.add(
        "large-\(index + 1)",
        [.text(Text(name, font: .body, color: theme.ink, at: Point(left, top)))]
          + plot(values, Rectangle(x: left, y: top + 8, width: room, height: Self.height)))
    }
    page.y +=
      Double((plots.count - 1) / columns) * (Self.height + 52) + 8 + Self.height
      + PlotFrame.titleBaseline + 9
  }

  /// One plot of the named heads in a room that holds its numbers too.
  private func plot(_ values: ([Double]) -> [Double], _ room: Rectangle) -> [Mark] {
    let shares = figure.named.compactMap { figure.profile($0.head) } + [figure.baseline]
    let top = shares.flatMap(values).max() ?? 1
    let (range, round) = LinearScale.round([0, max(top, 0.01)], about: 4)
    let ticks = Tick.round(round)
    let gutter = (ticks.map { style.measure($0.label, .tick).width }.max() ?? 0) + PlotFrame.sideGap
    let frame = Rectangle(
      x: room.minX + gutter, y: room.minY, width: room.size.width - gutter - 6.5,
      height: room.size.height)
    let last = Double(max(figure.baseline.count - 1, 1))
    let plot = PlotFrame(frame, x: 0...last, y: range, in: style)
    let curves = shares.dropLast().map { curve(values($0), plot) }
    let base = curve(values(figure.baseline), plot)
    let labels = names(curves, base, plot)
    let whole = plot.fitting(
      [12, 8, 6, 4, 3, 2, 1].map { count in
        LinearScale(0...last, from: 0, to: 1).ticks(about: count)
          .filter { $0 == $0.rounded() }.map { Tick($0, NumberFormat.tick($0)) }
      })
    let distance: Formula = .row([
      .word("|"), .variable("i"), .sign("−"), .variable("j"), .word("|"),
    ])
    var marks = [plot.gridlines(at: round), band(plot, values)] + labels.patches
    marks.append(.line(base.points, .init(theme.warn, width: 0.8, dash: [2, 1.5])))
    marks += curves.enumerated().map { $0.element.line(colors[$0.offset]) }
    return marks + labels.words + plot.leftLabels(ticks)
      + plot.bottomAxis(whole, title: ["distance ", .formula(distance), " in tokens"])
  }

  private func curve(_ shares: [Double], _ plot: PlotFrame) -> Curve {
    Curve(shares.enumerated().map { plot.point(Double($0.offset), $0.element) })
  }

  /// From the tenth to the ninetieth of a hundred heads at each distance.
  private func band(_ plot: PlotFrame, _ values: ([Double]) -> [Double]) -> Mark {
    let all = figure.profiles.map(values)
    var (upper, lower) = ([Point](), [Point]())
    for distance in figure.baseline.indices {
      let sorted = all.map { $0[distance] }.sorted()
      func quantile(_ share: Double) -> Double {
        sorted[Int((share * Double(sorted.count - 1)).rounded())]
      }
      lower.append(plot.point(Double(distance), quantile(0.1)))
      upper.append(plot.point(Double(distance), quantile(0.9)))
    }
    return plot.clipped([.area(between: upper, lower, fill: theme.secondary.opacity(0.18))])
  }

  private func names(_ curves: [Curve], _ base: Curve, _ plot: PlotFrame) -> PlacedLabels {
    let bounds = Rectangle(
      x: plot.frame.minX + 2, y: plot.frame.minY - 4, width: plot.frame.size.width - 2,
      height: plot.frame.size.height + 2)
    var labels = PlacedLabels(LabelField(in: bounds, curves: curves + [base]), in: theme)
    for (index, named) in figure.named.enumerated() where index < curves.count {
      let name = "L\(named.head.layer)H\(named.head.head)"
      let label = CurveLabel(
        [[.text("\(name) \(named.fact)")]], Font(size: 6.5, weight: .medium), colors.text(index),
        in: style)
      add(label, colors.text(index), curves[index], to: &labels)
    }
    let label = CurveLabel(
      [[.text("everywhere alike")]], .note, theme.warn, in: style)
    add(label, theme.warn, base, to: &labels)
    return labels
  }

  /// Beside the top of a curve, else further along.
  private func add(
    _ label: CurveLabel, _ color: Color, _ curve: Curve, to labels: inout PlacedLabels
  ) {
    let all = curve.points
    guard let peak = all.min(by: { $0.y < $1.y }), let last = all.last else { return }
    let middle = all[all.count / 2].x
    // A curve that rises to its end is named where it rises.
    let points =
      peak.x < last.x
      ? all.sorted { $0.y < $1.y } : all.sorted { abs($0.x - middle) < abs($1.x - middle) }
    labels.add([label], color, anchor: points[0]) { label in
      points.prefix(12).flatMap { label.corners(around: $0, gap: 4) }
    }
  }
}

extension Double {
  /// The widest small panel.
  fileprivate static var widestPanel: Double { .millimetres(22) }
}
