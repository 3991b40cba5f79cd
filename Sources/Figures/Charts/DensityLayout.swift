/// Where everything in a density figure stands: bars at the left, curves at the right.
struct DensityLayout {
  private let figure: DensityCurves
  private let style: Style
  private let width: Double
  /// Whether the curves stand beside the bars.
  private let isWide: Bool
  /// The distance between bars.
  private let pitch: Double
  /// Whether the bars' values stand upright above them: there is no room beside each other.
  private let isUpright: Bool

  private static let height = 165.0
  private static let barWidth = 12.0
  /// The room of the numbers at the left of a plot.
  private static let gutter = 18.0
  private static let gap = 24.0
  /// A curve lower than this cannot be seen: it has no name beside it and is told in words.
  private static let flat = 0.8
  /// The least width of the bars' plot: its words have room.
  private static let leastWidth = 74.0
  /// From the axis to the first bar.
  private static let inset = 4.0

  init(_ figure: DensityCurves, in style: Style) {
    self.figure = figure
    self.style = style
    width = Page.fittedWidth(in: style) ?? .millimetres(171)
    let widest =
      figure.levels.map { level in
        style.measure(Self.written(level, figure), .cell).width
      }.max() ?? 0
    let wanted = max(18.4, widest + 2.4)
    let count = Double(figure.levels.count)
    isWide = width - Self.gutter - Self.inset - count * wanted - Self.gap >= 240
    let room = (width - Self.gutter - Self.inset) / count
    pitch = isWide ? wanted : min(room, max(wanted, 40))
    isUpright = pitch < widest + 1.5
  }

  func scene() -> Scene {
    var caption = figure.caption
    caption.notes = [figure.technicalNote] + caption.notes
    if caption.summary.isEmpty { caption.summary = figure.summary }
    var page = Page(caption, formula: figure.formula, width: width, in: style)
    page.y += 19
    let bars =
      Self.gutter
      + max(
        Self.inset + Double(figure.levels.count) * pitch, Self.leastWidth)
    let left = Part(
      heading: "Ground state", words: figure.groundWords, x: page.left,
      width: isWide ? bars : width, head: isUpright ? 18 : 0, marks: self.bars)
    let x = isWide ? page.left + bars + Self.gap : page.left
    let right = Part(
      heading: othersHeading, words: othersWords, x: x, width: page.right - x, gutter: curveGutter,
      marks: curves)
    if isWide {
      let lines = max(lines(left).count, lines(right).count)
      place([left, right], lines: lines, on: &page)
    } else {
      place([left], lines: lines(left).count, on: &page)
      page.y += 22
      place([right], lines: lines(right).count, on: &page)
    }
    page.y += 11
    page.rule()
    page.passage("Which is Gibbs, which is Maxwell–Boltzmann?", [figure.explanation])
    page.y += 7
    return page.scene(declaring: flatWords)
  }

  /// One of the two plots with its words.
  private struct Part {
    var heading: String
    var words: [Inline]
    var x: Double
    var width: Double
    /// Room between the words and the plot.
    var head = 0.0
    /// The room of the numbers at the left.
    var gutter = DensityLayout.gutter
    var marks: (Rectangle) -> [Mark]
  }

  private func lines(_ part: Part) -> [Box] {
    let text = TextStyle(font: .note, color: style.theme.secondary)
    return RichText(part.words, text, width: part.width, measure: style.measure).lines
  }

  /// Draws plots beside each other; `page.y` becomes the baseline of their axes' titles.
  private func place(_ parts: [Part], lines count: Int, on page: inout Page) {
    let top = page.y + 24 + 8 * Double(max(count - 1, 0)) + (isWide ? 8 : 0)
    for part in parts {
      var marks: [Mark] = [
        .text(
          Text(part.heading, font: .heading, color: style.theme.ink, at: Point(part.x, page.y)))
      ]
      for (index, line) in lines(part).enumerated() {
        marks += line.marks(at: Point(part.x, page.y + 10 + 8 * Double(index)))
      }
      let frame = Rectangle(
        x: part.x + part.gutter, y: top + part.head, width: part.width - part.gutter,
        height: Self.height)
      page.add(part.heading.lowercased().replacing(" ", with: "-"), marks + part.marks(frame))
    }
    page.y = top + (parts.first?.head ?? 0) + Self.height + PlotFrame.titleBaseline
  }

  /// The top of the vertical axis of the curves.
  private var highest: Double { 1.1 * (figure.levels.flatMap(\.values).max() ?? 0) }

  private var heights: [Double] {
    highest > 0 ? LinearScale(0...highest, from: 0, to: 1).ticks(about: 3) : []
  }

  /// The room of the numbers beside the curves.
  private var curveGutter: Double {
    let numbers = Tick.round(heights).map { style.measure($0.label, .tick).width }.max() ?? 0
    return max(numbers + PlotFrame.sideGap, Self.gutter)
  }

  /// The curves that are too flat to be seen.
  private var flatWords: [String] {
    guard highest > 0 else { return [] }
    let flat = figure.levels.filter { level in
      level.area > 0 && (level.values.max() ?? 0) / highest * Self.height < Self.flat
    }
    guard !flat.isEmpty else { return [] }
    let areas = flat.map { level in
      let area = NumberFormat.share(level.area, isExact: figure.isExact(level.temperature))
      return "τ = \(NumberFormat.temperature(level.temperature)) (area \(area))"
    }
    return ["Too flat to be seen: \(areas.joined(separator: ", "))."]
  }

  private var othersHeading: String {
    switch figure.others {
    case 0: "No other state"
    case 1: "The other state"
    default: "The other \(NumberFormat.count(figure.others)) states"
    }
  }

  private var othersWords: [Inline] {
    guard figure.others > 0 else {
      return ["all \(NumberFormat.count(figure.count)) share the largest logit"]
    }
    let kernel = { (sign: String) -> Formula in
      .row([
        .variable("K"), .word("("), .variable("E"), .word(sign),
        .sub(.variable("E"), .variable("i")), .word(")"),
      ])
    }
    let density = Formula.row([
      .sum("i"), .thinSpace, .sub(.variable("p"), .variable("i")), .thinSpace, .word("["),
      kernel("−"), .word("+"), kernel("+"), .word("]"),
    ])
    return ["occupied states per unit of energy, ", .formula(density)]
  }

  // MARK: Bars

  private static func written(_ level: DensityCurves.Level, _ figure: DensityCurves) -> String {
    let isExact = figure.isExact(level.temperature)
    guard level.ground > 0, level.ground < 0.0005 else {
      return NumberFormat.probability(level.ground, isExact: isExact)
    }
    return NumberFormat.scientific(level.ground, decimals: 0)
  }

  private func bars(_ area: Rectangle) -> [Mark] {
    var frame = area
    frame.size.width = max(Self.inset + Double(figure.levels.count) * pitch, Self.leastWidth)
    let plot = PlotFrame(frame, x: 0...1, y: 0...1, in: style)
    let ticks = [Tick(0, "0"), Tick(0.5, "½"), Tick(1, "1")]
    var marks = [plot.gridlines(at: [0.5, 1])]
    let size = isUpright ? 6 : 7.5
    for (index, level) in figure.levels.enumerated() {
      let x = frame.minX + Self.inset + (Double(index) + 0.5) * pitch
      marks += bar(level, at: x, plot)
      let name = Text(
        NumberFormat.temperature(level.temperature), font: Font(.formula, size: size),
        color: TemperatureColor(in: style.theme).text(level.temperature),
        at: Point(x, frame.maxY + PlotFrame.tickBaseline), alignment: .middle)
      marks.append(.text(name))
    }
    return marks + plot.leftLabels(ticks) + plot.bottomAxis([], title: .temperatureTitle)
  }

  /// A bar with its value above it.
  private func bar(_ level: DensityCurves.Level, at x: Double, _ plot: PlotFrame) -> [Mark] {
    let top = plot.y(min(max(level.ground, 0), 1))
    let wide = min(Self.barWidth, 0.7 * pitch)
    let bar = Rectangle(x: x - wide / 2, y: top, width: wide, height: plot.frame.maxY - top)
    let value = Self.written(level, figure)
    let reach = style.measure(value, .cell).width
    let box =
      isUpright
      ? Rectangle(x: x - 3, y: top - 3 - reach, width: 6, height: reach)
      : Rectangle(x: x - reach / 2, y: top - 7.4, width: reach, height: 6)
    let text = Text(
      value, font: .cell, color: style.theme.ink,
      at: isUpright ? Point(x + 1.9, top - 3) : Point(x, top - 2.8),
      alignment: isUpright ? .start : .middle, rotation: isUpright ? -90 : 0)
    return [
      .rectangle(bar, fill: TemperatureColor(in: style.theme).fill(level.temperature)),
      .patch(box.inset(by: 0.7), in: style.theme), .text(text),
    ]
  }

  // MARK: Curves

  private func curves(_ frame: Rectangle) -> [Mark] {
    guard highest > 0, figure.others > 0 else { return noCurve(frame) }
    let furthest = max(figure.energies.last ?? 1, 1e-9)
    var frame = frame
    let last = LinearScale(0...furthest, from: 0, to: 1).ticks(about: 8)
    frame.size.width -= Tick.round(last).map { PlotFrame.overhang($0.label, in: style) }.max() ?? 0
    // An empty stretch before E = 0 gives the names of cold curves room.
    let lead = min(32, 0.12 * frame.size.width)
    let x = LinearScale(0...furthest, from: frame.minX + lead, to: frame.maxX)
    let y = LinearScale(0...highest, from: frame.maxY, to: frame.minY)
    let plot = PlotFrame(frame, x: .linear(x), y: .linear(y), in: style)
    let ticks = heights
    let shown = figure.levels.filter { !$0.values.isEmpty && $0.area > 0 }
    let lines = shown.map { level in
      Curve(zip(figure.energies, level.values).map { plot.point($0, $1) })
    }
    let names = names(shown, lines, plot)
    let colors = TemperatureColor(in: style.theme)
    let order = Array(zip(shown, lines)).reversed()
    // Patches lie on the areas: a name has the contrast that it has on paper.
    var marks: [Mark] = [plot.gridlines(at: ticks)]
    marks.append(
      plot.clipped(order.map { $1.area(colors.fill($0.temperature), to: frame.maxY) }))
    marks += names.patches
    marks.append(plot.clipped(order.map { $1.line(colors.line($0.temperature)) }))
    let title: [Inline] = ["energy above the ground state ", .formula(.variable("E"))]
    return marks + names.words + plot.leftLabels(Tick.round(ticks))
      + plot.bottomAxis(plot.linearTicks(about: 8), title: title, from: frame.minX + lead)
  }

  /// Why there is no curve.
  private func noCurve(_ frame: Rectangle) -> [Mark] {
    let words: Inline =
      figure.others == 0
      ? "Every state is a ground state: there is no curve."
      : "At τ = 0 the ground state holds everything: there is no curve."
    let text = TextStyle(font: .note, color: style.theme.ink)
    let left = frame.minX - curveGutter
    return RichText([words], text, width: frame.maxX - left, measure: style.measure).lines
      .enumerated().flatMap { index, line in
        line.marks(at: Point(left, frame.minY + 12 + 8 * Double(index)))
      }
  }

  /// The names of the curves with their areas, each over its peak where it can be.
  private func names(
    _ levels: [DensityCurves.Level], _ curves: [Curve], _ plot: PlotFrame
  ) -> PlacedLabels {
    var bounds = plot.frame.inset(by: -1)
    bounds.size.height -= 3
    bounds.origin.y -= 22
    bounds.size.height += 22
    var names = PlacedLabels(LabelField(in: bounds, curves: curves), in: style.theme)
    for (level, curve) in zip(levels, curves).sorted(by: { height($0.1) < height($1.1) }) {
      let area = NumberFormat.share(level.area, isExact: figure.isExact(level.temperature))
      let full = CurveLabel(
        temperature: level.temperature, fact: [.text("area \(area)")], in: style)
      let labels =
        figure.others < DensityCurves.leastForACurve
        ? [full] : [full, CurveLabel(temperature: level.temperature, in: style)]
      guard let peak = curve.points.min(by: { $0.y < $1.y }), plot.frame.maxY - peak.y >= Self.flat
      else { continue }
      let color = TemperatureColor(in: style.theme).fill(level.temperature)
      names.add(labels, color, anchor: peak) { places($0.size, curve, peak, plot.frame) }
    }
    return names
  }

  private func height(_ curve: Curve) -> Double { curve.points.map(\.y).min() ?? 0 }

  /// Over the peak, higher, at its sides; then over other stretches of the curve.
  private func places(
    _ size: Size, _ curve: Curve, _ peak: Point, _ frame: Rectangle
  ) -> [Point] {
    let left = peak.x - size.width / 2
    let top = peak.y - size.height - 3.5
    // Few states share their bumps: a name that is not right over its own gets a line.
    guard figure.others >= DensityCurves.leastForACurve else { return [Point(left, top)] }
    var places = [0.0, -8, -16].flatMap { dy in
      [0.0, -0.25, 0.25, -0.5, 0.5].map { Point(left + $0 * size.width, top + dy) }
    }
    places += [-1.1, 1.1, -1.5, 1.5].map { Point(left + $0 * size.width, top + 8) }
    for share in stride(from: 0.05, through: 0.95, by: 0.05) {
      let x = frame.minX + share * (frame.size.width - size.width)
      let heights = stride(from: x, through: x + size.width, by: 2).compactMap { curve.y(at: $0) }
      guard let high = heights.min(), high < frame.maxY - 4 else { continue }
      places += [Point(x, high - size.height - 3), Point(x, high - size.height - 12)]
    }
    return places
  }
}
