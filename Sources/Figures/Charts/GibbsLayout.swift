/// Where everything in a figure of thermodynamics stands: four panels on one temperature axis.
struct GibbsLayout {
  /// One quantity with its panel.
  private struct Panel {
    var name: String
    var formula: Formula
    var value: (GibbsCurves.Sample) -> Double
    var limit: (value: Double, name: CurveLabel)?
    /// Whether this is C, whose peaks are named.
    var isHeat = false
  }

  private let figure: GibbsCurves
  private let style: Style
  private let width: Double
  private let columns: Int

  private static let height = 92.0
  private static let gap = 26.0
  private static let pitch = 146.0

  init(_ figure: GibbsCurves, in style: Style) {
    self.figure = figure
    self.style = style
    width = Page.fittedWidth(in: style) ?? .millimetres(171)
    columns = width >= 400 ? 2 : 1
  }

  func scene() -> Scene {
    var caption = figure.caption
    caption.notes = figure.notes + caption.notes
    if caption.summary.isEmpty { caption.summary = figure.summary }
    var page = Page(caption, formula: figure.formula, width: width, in: style)
    page.y += 24
    let top = page.y
    let columnWidth = (width - Self.gap * Double(columns - 1)) / Double(columns)
    let panels = panels
    let gutter = gutter(panels)
    let last = figure.samples[figure.samples.count - 1].temperature
    let overhang = PlotFrame.overhang(NumberFormat.temperature(last), in: style)
    var bottom = top
    for (index, panel) in panels.enumerated() {
      let x = page.left + Double(index % columns) * (columnWidth + Self.gap)
      let y = top + Double(index / columns) * Self.pitch
      let frame = Rectangle(
        x: x + gutter, y: y + 18, width: columnWidth - gutter - overhang, height: Self.height)
      let isLast = index >= panels.count - columns
      page.add(
        panel.name.lowercased().replacing(" ", with: "-"),
        heading(panel, Point(x, y), columnWidth) + marks(panel, frame, hasTitle: isLast))
      bottom = max(bottom, frame.maxY)
    }
    page.y = bottom + PlotFrame.titleBaseline + 9
    return page.scene(declaring: [])
  }

  // MARK: What is drawn

  private var panels: [Panel] {
    let energy: [Formula] = [.word("⟨"), .variable("E"), .word("⟩")]
    let square = Formula.sup(.variable("τ"), .word("2"))
    let p = Formula.sub(.variable("p"), .variable("i"))
    let logarithm = Formula.word("ln\u{2009}")
    let heat: Formula = .row([
      .variable("C"), .sign("="), .word("Var("), .variable("E"), .word(")/"), square,
    ])
    let mean: Formula = .row(
      energy + [.sign("="), .sum("i"), .thinSpace, p, .sub(.variable("E"), .variable("i"))])
    let entropy: Formula = .row([
      .variable("S"), .sign("="), .word("−"), .sum("i"), .thinSpace, p, .thinSpace, logarithm, p,
    ])
    let free: Formula = .row(
      [
        .variable("F"), .sign("="), .word("−"), .variable("τ"), .thinSpace, logarithm,
        .variable("Z"), .sign("="),
      ]
        + energy + [.sign("−"), .variable("τ"), .variable("S")])
    return [
      Panel(name: "Heat capacity", formula: heat, value: \.specificHeat, isHeat: true),
      Panel(
        name: "Mean energy", formula: mean, value: \.meanEnergy,
        limit: (figure.energyLimit, limit([.variable("τ"), .word(" → ∞:")], figure.energyLimit))),
      Panel(
        name: "Entropy", formula: entropy, value: \.entropy,
        limit: (
          figure.entropyLimit,
          limit([logarithm, .variable("N"), .sign("=")], figure.entropyLimit)
        )),
      Panel(name: "Free energy", formula: free, value: \.freeEnergy),
    ]
  }

  private func limit(_ name: [Formula], _ value: Double) -> CurveLabel {
    let space: [Formula] = name.last == .sign("=") ? [] : [.thinSpace]
    return CurveLabel(
      .row(name + space + [.word(GibbsCurves.written(value))]), style.theme.secondary, size: 7.4,
      in: style)
  }

  private func heading(_ panel: Panel, _ point: Point, _ width: Double) -> [Mark] {
    let name = Text(panel.name, font: .heading, color: style.theme.ink, at: point)
    let formula = FormulaLayout(color: style.theme.ink, measure: style.measure)
      .box(panel.formula, size: 9.5)
    let end = style.measure(panel.name, .heading).width + 9
    return [.text(name)]
      + formula.marks(at: Point(point.x + min(end, width - formula.width), point.y))
  }

  private func domain(_ panel: Panel) -> (ClosedRange<Double>, [Double]) {
    let values = figure.samples.map(panel.value) + (panel.limit.map { [$0.value] } ?? [])
    return LinearScale.round(values.filter(\.isFinite), about: 4)
  }

  /// The room of the widest number beside a panel.
  private func gutter(_ panels: [Panel]) -> Double {
    let ticks = panels.flatMap { Tick.round(domain($0).1) }
    return (ticks.map { style.measure($0.label, .tick).width }.max() ?? 0) + PlotFrame.sideGap
  }

  // MARK: One panel

  private func marks(_ panel: Panel, _ frame: Rectangle, hasTitle: Bool) -> [Mark] {
    let theme = style.theme
    let (range, values) = domain(panel)
    let (low, high) = (
      figure.samples[0].temperature, figure.samples[figure.samples.count - 1].temperature
    )
    let plot = PlotFrame(
      frame, x: .log(LogScale(low...high, from: frame.minX, to: frame.maxX)),
      y: .linear(LinearScale(range, from: frame.maxY, to: frame.minY)), in: style)
    let curve = Curve(
      figure.samples.filter { panel.value($0).isFinite }
        .map { plot.point($0.temperature, panel.value($0)) })
    let labels = labels(panel, plot, curve)
    var marks: [Mark] = [plot.gridlines(at: values)] + labels.patches
    if let limit = panel.limit { marks.append(plot.reference(y: limit.value)) }
    marks += figure.peaks.map { plot.reference(x: $0.temperature, theme.warn) }
    marks.append(plot.clipped([curve.line(theme.accent)]))
    marks += points(panel, plot).map { .marker(at: $0.point, $0.color, in: theme) }
    return marks + labels.words + plot.leftLabels(Tick.round(values))
      + plot.bottomAxis(plot.temperatureTicks, title: hasTitle ? .temperatureTitle : [])
  }

  private struct Spot {
    var sample: GibbsCurves.Sample
    var point: Point
    var color: Color
    /// Whether the label stands on the left of the point, where it can.
    var isLeft: Bool
  }

  /// τ = 1 and the peaks.
  private func points(_ panel: Panel, _ plot: PlotFrame) -> [Spot] {
    let highest = figure.peaks.first?.temperature ?? .infinity
    let own = figure.own.map {
      Spot(
        sample: $0, point: plot.point(1, panel.value($0)), color: style.theme.accent,
        isLeft: highest >= 1)
    }
    let peaks = figure.peaks.map {
      Spot(
        sample: $0, point: plot.point($0.temperature, panel.value($0)), color: style.theme.warn,
        isLeft: $0.temperature < 1 && figure.own != nil)
    }
    return peaks + (own.map { [$0] } ?? [])
  }

  private func labels(_ panel: Panel, _ plot: PlotFrame, _ curve: Curve) -> PlacedLabels {
    let frame = plot.frame
    let bounds = Rectangle(
      x: frame.minX + 2, y: frame.minY - 6, width: frame.size.width - 2,
      height: frame.size.height + 4)
    let verticals = figure.peaks.map { peak in
      let x = plot.x(peak.temperature)
      return Curve([Point(x, frame.minY), Point(x, frame.maxY)])
    }
    let limits = panel.limit.map { limit in
      let y = plot.y(limit.value)
      return [Curve([Point(frame.minX, y), Point(frame.maxX, y)])]
    }
    let spots = points(panel, plot)
    let dots = spots.map { Rectangle(x: $0.point.x - 3, y: $0.point.y - 3, width: 6, height: 6) }
    let field = LabelField(in: bounds, curves: [curve] + verticals + (limits ?? []), taken: dots)
    var labels = PlacedLabels(field, in: style.theme)
    for (index, spot) in spots.enumerated() {
      let corners = { (label: CurveLabel) -> [Point] in
        let all = label.corners(around: spot.point, gap: 5)
        return all.filter { spot.isLeft ? $0.x < spot.point.x - 3 : $0.x > spot.point.x } + all
      }
      // Rather all the words with a line than fewer beside the point.
      let names = names(panel, spot, isHighest: index == 0)
      let isPlaced = names.contains { name in
        labels.add([name], spot.color, anchor: spot.point, isStrict: true, corners: corners)
      }
      if !isPlaced {
        labels.add(names, spot.color, anchor: spot.point, corners: corners)
      }
    }
    if let limit = panel.limit {
      let y = plot.y(limit.value)
      labels.add([limit.name], style.theme.secondary, anchor: Point(frame.minX, y)) { label in
        [0, 0.25, 0.5, 0.75, 1].flatMap { share -> [Point] in
          let x = frame.minX + 4 + share * (frame.size.width - label.size.width - 8)
          return [Point(x, y - label.size.height - 1.5), Point(x, y + 2.5)]
        }
      }
    }
    return labels
  }

  /// The number at a spot; at a peak of C with where it is and what it means.
  private func names(_ panel: Panel, _ spot: Spot, isHighest: Bool) -> [CurveLabel] {
    let value = GibbsCurves.written(panel.value(spot.sample))
    let number = Font(size: 6.5, weight: .semibold)
    let plain = CurveLabel([[.text(value)]], number, spot.color, in: style)
    guard panel.isHeat, spot.color == style.theme.warn else { return [plain] }
    let place = NumberFormat.temperature(spot.sample.temperature)
    let star: Formula =
      figure.peaks.count > 1 && isHighest
      ? .row([.variable("τ"), .word("*")]) : .variable("τ")
    let at: [Formula] = [.word(" at "), star, .sign("="), .word(place)]
    let name = Formula.row([.variable("C"), .sign("="), .word(value)] + at)
    let short = CurveLabel(name, spot.color, size: 8.5, in: style)
    guard isHighest else { return [short, plain] }
    let full = CurveLabel(
      name, spot.color, fact: ["here this distribution melts"], size: 9, factColor: spot.color,
      isCentered: false, in: style)
    let narrow = CurveLabel(
      .row([.variable("C"), .sign("="), .word(value)]), spot.color,
      fact: ["melts at ", .formula(.row([star, .sign("="), .word(place)]))], size: 9,
      factColor: spot.color, isCentered: false, in: style)
    return [full, narrow, short, plain]
  }
}
