/// Where everything in a ribbon stands.
struct RibbonLayout {
  private let ribbon: Ribbon
  private let style: Style
  /// The width between the margins.
  private let width: Double
  /// The width of the table.
  private let table: Double
  private let columns: RibbonColumns
  private let source: RibbonSource?

  /// From one line to the next, beside the bar and with the bar under it.
  private var pitch: Double { columns.isStacked ? 29 : 17 }
  private static let chipHeight = 11.0

  init(_ ribbon: Ribbon, in style: Style) {
    self.ribbon = ribbon
    self.style = style
    let fitted = Page.fittedWidth(in: style)
    source = ribbon.source.map { RibbonSource($0, fitting: fitted, in: style) }
    let beside = source.map { $0.width + RibbonSource.gap } ?? 0
    table = (fitted ?? .millimetres(171) + beside) - beside
    width = table + beside
    columns = RibbonColumns(ribbon, width: table, in: style)
  }

  func scene() -> Scene {
    var caption = ribbon.caption
    if caption.summary.isEmpty { caption.summary = ribbon.summary }
    var page = Page(caption, width: width, in: style)
    var shortenings = Shortenings()
    prompt(on: &page, &shortenings)
    headings(on: &page)
    source?.head(on: &page, x: page.right, above: page.y)
    for (index, step) in ribbon.steps.enumerated() {
      source?.row(index, on: &page, x: page.right, height: Self.chipHeight)
      line(step, on: &page, &shortenings)
      if index < ribbon.steps.count - 1 { page.rule() }
      page.y += 3
    }
    foot(on: &page)
    source?.foot(on: &page)
    return page.scene(declaring: declarations + shortenings.sentences)
  }

  // MARK: The prompt

  private func prompt(on page: inout Page, _ shortenings: inout Shortenings) {
    page.y += 17.5
    let heading = Text(
      ribbon.source == nil ? "Prompt" : "Start", font: .heading, color: style.theme.ink,
      at: Point(page.left, page.y))
    page.add(.text(heading))
    let chips = ribbon.prompt.map { TokenChip($0, .outlined, limit: width, in: style) }
    let numbers = ribbon.prompt.indices.map { String($0) }
    let widths = zip(chips, numbers).map { max($0.width, style.measure($1, .cell).width) }
    let flow = Flow(widths: widths, gap: 2.5, in: width)
    let top = page.y + 6
    var marks: [Mark] = []
    for (index, place) in flow.places.enumerated() {
      let (x, y) = (page.left + place.x, top + 24 * Double(place.row))
      shortenings.add(chips[index].shown, for: ribbon.prompt[index].text)
      marks += chips[index].marks(at: Point(x + (widths[index] - chips[index].width) / 2, y))
      let below = Point(x + widths[index] / 2, y + 19)
      marks.append(
        .text(
          Text(
            numbers[index], font: .cell, color: style.theme.secondary, at: below,
            alignment: .middle)))
    }
    page.add("prompt", marks)
    page.y = top + 24 * Double(max(flow.rows, 1) - 1) + 40
  }

  // MARK: The table

  private func headings(on page: inout Page) {
    let text = TextStyle(font: .note, color: style.theme.secondary)
    func line(_ words: [Inline], _ width: Double = 1000) -> Box {
      RichText(words, text, width: width, measure: style.measure).lines.first ?? .space(0)
    }
    var marks = line(["row"]).marks(at: Point(page.left, page.y))
    if columns.hasRead {
      marks += line(["reads"]).marks(at: Point(page.left + columns.read.x, page.y))
    }
    marks += line(["writes"]).marks(at: Point(page.left + columns.written.x, page.y))
    for (column, end) in columns.numbers {
      let box = line(columns.heading(column))
      marks += box.marks(at: Point(page.left + end - box.width, page.y))
    }
    if !columns.isStacked { marks += barHeading(at: Point(page.left + columns.bar.start, page.y)) }
    page.add("headings", marks)
    page.y += 6
  }

  /// The longest words about the bar that have room.
  private func barHeading(at point: Point) -> [Mark] {
    let subject = ribbon.vocabulary.map { "all \(NumberFormat.count($0)) tokens" } ?? "all tokens"
    let choices = [
      "\(subject): chosen, runners-up, the rest (width = probability)",
      "\(subject) (width = probability)", "width = probability",
    ]
    let end = table - (columns.numbers.last.map { _ in 36.0 } ?? 0)
    let room = end - columns.bar.start
    guard let words = choices.first(where: { style.measure($0, .note).width <= room }) else {
      return []
    }
    return [.text(Text(words, font: .note, color: style.theme.secondary, at: point))]
  }

  /// One step; `page.y` is the top of its chip before and the place of the line under it after.
  private func line(
    _ step: Ribbon.Step, on page: inout Page, _ shortenings: inout Shortenings
  ) {
    let (theme, top, left) = (style.theme, page.y, page.left)
    let baseline = top + Self.chipHeight / 2 + 0.364 * 7
    var marks: [Mark] = [
      .text(
        Text(
          String(step.row), font: .body, color: theme.secondary,
          at: Point(left + columns.row, baseline), alignment: .end))
    ]
    if columns.hasRead {
      let read = style.measure.shortened(step.read.text, .body, to: columns.read.width)
      shortenings.add(read, for: step.read.text)
      let color = theme.color(of: step.read)
      let point = Point(left + columns.read.x, baseline)
      if !read.isEmpty { marks.append(.text(Text(read, font: .body, color: color, at: point))) }
      marks.append(arrow(at: Point(left + columns.arrow, top + Self.chipHeight / 2)))
    }
    let limit = columns.written.width - (step.isEnd ? 6 : 0)
    let chip = TokenChip(step.written, .filled, limit: limit, in: style)
    shortenings.add(chip.shown, for: step.written.text)
    let corner = Point(left + columns.written.x, top)
    marks += chip.marks(at: corner)
    if step.isEnd { marks += endMark(at: Point(corner.x + chip.width + 3, top)) }
    marks += numbers(step, left, baseline)
    marks += bar(step, left, top)
    page.add("row-\(step.row)", marks)
    page.y = top + pitch - 3
  }

  private func numbers(_ step: Ribbon.Step, _ left: Double, _ baseline: Double) -> [Mark] {
    columns.numbers.compactMap { column, end in
      guard let string = columns.string(column, step) else { return nil }
      let color: Color =
        switch column {
        case .rank: step.rank > 1 ? style.theme.warn : style.theme.secondary
        case .temperature: TemperatureColor(in: style.theme).text(step.temperature ?? 1)
        default: style.theme.ink
        }
      let point = Point(left + end, baseline)
      return .text(Text(string, font: .body, color: color, at: point, alignment: .end))
    }
  }

  private func bar(_ step: Ribbon.Step, _ left: Double, _ top: Double) -> [Mark] {
    let frame = Rectangle(
      x: left + columns.bar.start, y: top + (columns.isStacked ? 13.5 : 0),
      width: columns.bar.end - columns.bar.start,
      height: columns.isStacked ? 9 : Self.chipHeight)
    return RibbonBar(step: step, style: style).marks(in: frame)
  }

  /// An open arrow, 8.6 long.
  private func arrow(at point: Point) -> Mark {
    let stroke = Path.Stroke(style.theme.secondary, width: 0.6, isRound: true)
    let tip = Point(point.x + 8.6, point.y)
    return .path(
      Path(
        [
          .move(point), .line(tip), .move(Point(tip.x - 2.6, tip.y - 2)), .line(tip),
          .line(Point(tip.x - 2.6, tip.y + 2)),
        ], stroke: stroke))
  }

  /// A thin and a thick line, as at the end of a piece of music: the text ends here.
  private func endMark(at point: Point) -> [Mark] {
    [(0.0, 0.5), (1.4, 1.6)].map { x, width in
      .rectangle(
        Rectangle(x: point.x + x, y: point.y, width: width, height: Self.chipHeight),
        fill: style.theme.ink)
    }
  }

  // MARK: Under the table

  /// The axis of the bars, and why no further token was written.
  private func foot(on page: inout Page) {
    guard !ribbon.steps.isEmpty else { return }
    let (start, end) = (page.left + columns.bar.start, page.left + columns.bar.end)
    page.y -= columns.isStacked ? 3 : 1.5
    let frame = Rectangle(x: start, y: page.y, width: end - start, height: 0)
    let plot = PlotFrame(frame, x: 0...1, y: 0...1, in: style)
    let half = style.measure("1", .tick).width / 2
    let ticks = [Tick(0, "0"), Tick(0.5, "½"), Tick(1, "1")]
    page.add(
      "axis",
      columns.isStacked
        ? insideLabels(plot.bottomAxis(ticks), start + half, end - half) : plot.bottomAxis(ticks))
    let baseline = page.y + PlotFrame.tickBaseline
    if !columns.isStacked {
      let nats = Point(page.left + table, baseline)
      page.add(
        .text(
          Text("nats", font: .note, color: style.theme.secondary, at: nats, alignment: .end)))
    }
    page.y = baseline + (columns.isStacked ? 11 : 0)
    let x = columns.isStacked ? columns.bar.start : columns.read.x
    let room = columns.isStacked ? table - x : columns.bar.start - x - 10
    let words = style.measure.shortened(ribbon.endingWords, .note, to: room)
    let point = Point(page.left + x, page.y)
    page.add("ending", [.text(Text(words, font: .note, color: style.theme.secondary, at: point))])
    page.y += 9
  }

  /// The axis with labels that would pass the margins moved inside.
  private func insideLabels(_ marks: [Mark], _ least: Double, _ most: Double) -> [Mark] {
    marks.map { mark in
      guard case .text(var text) = mark else { return mark }
      text.position.x = min(max(text.position.x, least), most)
      return .text(text)
    }
  }
}

extension RibbonLayout {
  /// How to read the figure, and what it left out.
  private var declarations: [String] {
    var sentences = [
      "Row i has read the tokens at positions 0 … i and writes position i + 1; the written token is "
        + "the next row’s input."
    ]
    if columns.isStacked { sentences.append("Entropy in nats. Each bar stands under its row.") }
    if !columns.hasRead {
      sentences.append("The token a row reads is the one written in the line above.")
    }
    sentences += bars + (source?.declarations ?? [])
    if ribbon.steps.contains(where: { $0.sampledProbability != nil }) {
      sentences.append(
        "p: the model’s own probability (τ = 1); pτ: in what was sampled from, after temperature and "
          + "filters.")
    }
    if ribbon.steps.contains(where: { $0.rank > 1 }) {
      sentences.append("Rank in red: the chosen token was not the most probable one.")
    }
    if ribbon.steps.contains(where: \.isEnd) {
      sentences.append("Double line: this token ends the text.")
    }
    return sentences + missing
  }

  private var bars: [String] {
    guard !ribbon.steps.isEmpty else { return [] }
    let most = ribbon.steps.map { min($0.runnersUp.count, Ribbon.mostRunnersUp) }.max() ?? 0
    let words = ["", "one", "two", "three", "four", "five", "six"]
    let others =
      most == 0
      ? ""
      : most == 1
        ? " Grey: the most probable other one, named where the name fits."
        : " Grey: the \(words[most]) most probable others, most probable first, named where the name"
          + " fits."
    let hasRest = ribbon.steps.contains {
      RibbonBar(step: $0, style: style).parts.rest.share > 1e-9
    }
    return ["Blue: the token written.\(others)" + (hasRest ? " Hatched: everything else." : "")]
  }

  private var missing: [String] {
    guard !columns.missing.isEmpty else { return [] }
    let names = columns.missing.map { column in
      switch column {
      case .rank: "rank"
      case .probability: "p"
      case .temperature: "τ"
      case .sampled: "pτ"
      case .entropy: "entropy"
      }
    }
    return ["No room for: \(names.joined(separator: ", "))."]
  }
}
