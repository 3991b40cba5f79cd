/// Where everything in an annealing figure stands: blocks of three aligned rows on one grid of
/// steps.
struct AnnealingLayout {
  private let figure: Annealing
  private let style: Style
  private let width: Double
  private let gutter: Double
  /// From one step to the next.
  private let pitch: Double
  private let perBlock: Int
  private let decimals: Int?

  private static let plotHeight = 62.0
  private static let leastPitch = 27.4
  private static let mostPitch = 64.0
  /// The rows of the table.
  private static let names = ["step", "sampled", "probability", "rank", "entropy", "at τ = 1"]
  private static let rowPitch = 12.0

  init(_ figure: Annealing, in style: Style) {
    self.figure = figure
    self.style = style
    let names = Self.names.map { style.measure($0, .note).width }.max() ?? 0
    gutter = max(42, names + 8)
    decimals = NumberFormat.decimals(ofTemperatures: figure.steps.map(\.temperature))
    let fitted = Page.fittedWidth(in: style)
    let room = (fitted ?? .millimetres(171)) - gutter
    let numbers = figure.steps.map { style.measure(Self.probability($0), .note).width + 2 }
    let least = max(Self.leastPitch, numbers.max() ?? 0)
    let count = max(figure.steps.count, 1)
    let most = max(Int(room / least), 1)
    let blocks = (count + most - 1) / most
    perBlock = (count + blocks - 1) / blocks
    pitch = min(room / Double(perBlock), Self.mostPitch)
    let plot = gutter + pitch * Double(perBlock)
    width =
      fitted
      ?? max(plot, Page.comfortableWidth(figure.caption, most: .millimetres(171), in: style))
  }

  func scene() -> Scene {
    var caption = figure.caption
    if caption.summary.isEmpty { caption.summary = figure.summary }
    var page = Page(caption, width: width, in: style)
    var shortenings = Shortenings()
    for first in stride(from: 0, to: figure.steps.count, by: perBlock) {
      let steps = first..<min(first + perBlock, figure.steps.count)
      page.y += first == 0 ? 16.5 : 22
      temperatures(steps, on: &page)
      page.y += 23
      entropies(steps, on: &page)
      page.y += 10
      table(steps, on: &page, &shortenings)
    }
    page.y += 3
    return page.scene(declaring: declarations + shortenings.sentences)
  }

  /// The middle of a step, from the left margin.
  private func middle(_ step: Int, in block: Range<Int>) -> Double {
    gutter + (Double(step - block.lowerBound) + 0.5) * pitch
  }

  private func name(_ part: String, _ block: Range<Int>) -> String {
    block.lowerBound == 0 ? part : "\(part)-\(block.lowerBound + 1)"
  }

  // MARK: Temperature

  private func temperatures(_ block: Range<Int>, on page: inout Page) {
    let heading = TextStyle(font: .heading, color: style.theme.ink)
    let words: [Inline] = ["temperature ", .formula(.variable("τ"))]
    let lines = RichText(words, heading, width: width, measure: style.measure).lines
    var marks = lines.first?.marks(at: Point(page.left, page.y)) ?? []
    let plot = plot(block, on: page, top: page.y + 9, to: highestTemperature * 1.0667)
    marks += grid(plot, about: 4)
    let points = block.map { step in
      let value = figure.steps[step].temperature
      let shown = value.isFinite ? min(max(value, 0), highestTemperature) : highestTemperature
      return Point(page.left + middle(step, in: block), plot.y(shown))
    }
    marks += plot.bottomAxis([])
    marks.append(.line(entering(points, block, plot), .init(style.theme.secondary, width: 0.6)))
    for (step, point) in zip(block, points) { marks += dot(step, at: point) }
    page.add(name("temperature", block), marks)
    page.y = plot.frame.maxY
  }

  /// The points of a block, with a point halfway to each neighbour in another block.
  private func entering(_ points: [Point], _ block: Range<Int>, _ plot: PlotFrame) -> [Point] {
    func between(_ step: Int, _ x: Double) -> Point? {
      guard step > 0, step < figure.steps.count else { return nil }
      let mean = (figure.steps[step - 1].temperature + figure.steps[step].temperature) / 2
      return mean.isFinite ? Point(x, plot.y(min(max(mean, 0), highestTemperature))) : nil
    }
    let before = between(block.lowerBound, plot.frame.minX)
    let after = between(block.upperBound, plot.frame.maxX)
    return [before].compactMap { $0 } + points + [after].compactMap { $0 }
  }

  private func dot(_ step: Int, at point: Point) -> [Mark] {
    let value = figure.steps[step].temperature
    let label = NumberFormat.temperature(value, decimals: decimals)
    let (theme, half) = (style.theme, style.measure(label, .cell).width / 2)
    let patch = Rectangle(
      x: point.x - half - 1.5, y: point.y - 10.5, width: 2 * half + 3, height: 6.4)
    let place = Point(point.x, point.y - 5.5)
    return [
      .rectangle(patch, fill: theme.paper),
      .dot(
        at: point, radius: 2.8, fill: TemperatureColor(in: theme).fill(value),
        stroke: .init(theme.paper, width: 0.8)),
      .text(Text(label, font: .cell, color: theme.ink, at: place, alignment: .middle)),
    ]
  }

  // MARK: Entropy

  private func entropies(_ block: Range<Int>, on page: inout Page) {
    let theme = style.theme
    func lines(_ words: String, _ font: Font, _ color: Color) -> [Box] {
      let text = TextStyle(font: font, color: color)
      return RichText([.text(words)], text, width: width, measure: style.measure).lines
    }
    let title = lines("entropy of the next token, nats", .heading, theme.ink)
    let key = "bar: at this τ (what was sampled from); tick: at τ = 1 (the model’s own)"
    var marks: [Mark] = []
    for (index, line) in title.enumerated() {
      if index > 0 { page.y += 9 }
      marks += line.marks(at: Point(page.left, page.y))
    }
    if block.lowerBound == 0 {
      let start = (title.last?.width ?? 0) + 8
      let isBeside = start + style.measure(key, .note).width <= width
      for line in lines(key, .note, theme.secondary) {
        if !isBeside { page.y += 8 }
        marks += line.marks(at: Point(page.left + (isBeside ? start : 0), page.y))
      }
    }
    let plot = plot(block, on: page, top: page.y + 9, to: highestEntropy)
    marks += grid(plot, about: 4)
    for step in block { marks += bar(figure.steps[step], middle(step, in: block), plot) }
    marks += plot.bottomAxis([])
    page.add(name("entropy", block), marks)
    page.y = plot.frame.maxY
  }

  private func bar(_ step: Annealing.Step, _ middle: Double, _ plot: PlotFrame) -> [Mark] {
    let x = plot.frame.minX - gutter + middle
    let (half, base) = (min(7, 0.25 * pitch), plot.frame.maxY)
    var marks: [Mark] = []
    if step.entropy.isFinite, step.entropy > 0 {
      let top = plot.y(step.entropy)
      let frame = Rectangle(x: x - half, y: top, width: 2 * half, height: base - top)
      marks.append(
        .rectangle(frame, fill: TemperatureColor(in: style.theme).fill(step.temperature)))
    }
    if step.ownEntropy.isFinite, step.ownEntropy >= 0 {
      let y = plot.y(step.ownEntropy)
      let tick = [Point(x - half - 3, y), Point(x + half + 3, y)]
      // A ring of paper keeps the tick visible on a bar of any colour.
      marks.append(.line(tick, .init(style.theme.paper, width: 2.2)))
      marks.append(.line(tick, .init(style.theme.ink, width: 1)))
    }
    return marks
  }

  // MARK: Scales

  private func plot(
    _ block: Range<Int>, on page: Page, top: Double, to most: Double
  ) -> PlotFrame {
    let frame = Rectangle(
      x: page.left + gutter, y: top, width: pitch * Double(block.count), height: Self.plotHeight)
    return PlotFrame(frame, x: 0...1, y: 0...most, in: style)
  }

  private func grid(_ plot: PlotFrame, about count: Int) -> [Mark] {
    guard case .linear(let scale) = plot.y else { return [] }
    let ticks = Tick.round(scale.ticks(about: count))
    return [plot.gridlines(at: ticks.map(\.value))] + plot.leftLabels(ticks)
  }

  private var highestTemperature: Double {
    let most = figure.steps.map(\.temperature).filter(\.isFinite).max() ?? 0
    return most > 0 ? most : 1
  }

  /// The largest entropy, rounded up to a tick.
  private var highestEntropy: Double {
    let values = figure.steps.flatMap { [$0.entropy, $0.ownEntropy] }.filter(\.isFinite)
    let most = max(values.max() ?? 0, 0.01)
    let ticks = LinearScale(0...most, from: 0, to: 1).ticks(about: 4)
    let step = ticks.count > 1 ? ticks[1] - ticks[0] : most
    return (most / step - 1e-9).rounded(.up) * step
  }

  private static func probability(_ step: Annealing.Step) -> String {
    NumberFormat.probability(step.probability, isExact: step.temperature == 0)
  }
}

// MARK: The table

extension AnnealingLayout {
  private func table(
    _ block: Range<Int>, on page: inout Page, _ shortenings: inout Shortenings
  ) {
    page.rule()
    let top = page.y
    var marks: [Mark] = Self.names.enumerated().map { row, name in
      let point = Point(page.left, top + 10.5 + Double(row) * Self.rowPitch)
      return .text(Text(name, font: .note, color: style.theme.secondary, at: point))
    }
    for step in block {
      let x = page.left + middle(step, in: block)
      let cells =
        [number(step)] + [sampled(step, in: block, &shortenings)]
        + values(figure.steps[step])
      for (row, (string, font, color)) in cells.enumerated() where !string.isEmpty {
        let point = Point(x, top + 10.5 + Double(row) * Self.rowPitch)
        marks.append(
          .text(Text(string, font: font, color: color, at: point, alignment: .middle)))
      }
    }
    page.add(name("table", block), marks)
    page.y = top + Double(Self.names.count) * Self.rowPitch + 3.5
    if block.upperBound < figure.steps.count { page.rule() }
  }

  private typealias Cell = (String, Font, Color)

  private func number(_ step: Int) -> Cell { (String(step + 1), .note, style.theme.secondary) }

  private static let small = Font(size: 6, weight: .semibold)

  /// The token in 7; in 6 where that is wider than the step, over the free room of its neighbours;
  /// else shortened.
  private func sampled(
    _ step: Int, in block: Range<Int>, _ shortenings: inout Shortenings
  ) -> Cell {
    let token = figure.steps[step].token
    if style.measure(token.text, .heading).width <= pitch - 3 {
      return (token.text, .heading, style.theme.ink)
    }
    let room = 2 * min(reach(step, towards: step - 1, block), reach(step, towards: step + 1, block))
    let shown = style.measure.shortened(token.text, Self.small, to: room)
    shortenings.add(shown, for: token.text)
    return (shown, Self.small, style.theme.ink)
  }

  /// How far a token may reach from the middle of its step.
  private func reach(_ step: Int, towards other: Int, _ block: Range<Int>) -> Double {
    guard block.contains(other) else { return pitch / 2 - 1 }
    let width = style.measure(figure.steps[other].token.text, .heading).width
    return width <= pitch - 3 ? pitch - width / 2 - 2 : pitch / 2 - 1
  }

  private func values(_ step: Annealing.Step) -> [Cell] {
    let theme = style.theme
    return [
      (Self.probability(step), .note, theme.ink),
      (NumberFormat.count(step.rank), .note, step.rank > 1 ? theme.warn : theme.secondary),
      (NumberFormat.nats(step.entropy), .note, theme.ink),
      (NumberFormat.nats(step.ownEntropy), .note, theme.secondary),
    ]
  }

  /// How to read the figure, and what it left out.
  private var declarations: [String] {
    let vocabulary = NumberFormat.count(figure.vocabulary)
    var sentences = [
      "Probability and entropy are those of what was sampled from; the rank is over all "
        + "\(vocabulary) tokens"
        + (figure.steps.contains { $0.rank > 1 }
          ? "; rank 1 is what greedy decoding would have written (red: it was not)." : "."),
      "The entropy also falls and rises with the text: a low bar late in the row is the schedule "
        + "and the context together, the tick is the context alone.",
    ]
    if figure.steps.count > perBlock {
      sentences.append("The steps are set in blocks; all have the same scales.")
    }
    if figure.steps.contains(where: { $0.temperature == .infinity }) {
      sentences.append("τ = ∞ has no place on the axis: its dot stands at the top.")
    }
    return sentences
  }
}
