/// Where everything in a tempering figure stands: bars in small panels, ranks in a plot below.
struct TemperingLayout {
  private let figure: Tempering
  private let style: Style
  private let width: Double
  private let labels: AxisLabels
  private let gutter: Double
  /// Panels beside each other.
  private let perRow: Int
  private let panelWidth: Double
  /// Whether the units stand beside every number and not only in the gutter.
  private let hasUnits: Bool

  private static let pitch = 12.6
  private static let barHeight = 8.6
  private static let gap = 15.0
  private static let leastPanel = 54.0
  private static let restGap = 5.0
  /// From the panels' bottom to the baselines of ticks, entropy and perplexity.
  private static let footer = (ticks: 7.5, entropy: 18.5, perplexity: 27.5)

  init(_ figure: Tempering, in style: Style) {
    self.figure = figure
    self.style = style
    width = Page.fittedWidth(in: style) ?? .millimetres(171)
    labels = AxisLabels(
      Axis(figure.stateName.singular, tokens: figure.states), .rows, pitch: Self.pitch,
      limit: min(84, max(0.2 * width, 30)), in: style)
    let rest = figure.others > 0 ? style.measure(Self.rest(figure), .body).width + 6 : 0
    let names = style.measure("entropy, nats", .note).width + 6
    gutter = max(labels.extent, rest, names)
    let room = width - gutter - style.measure("1", .note).width / 2
    let most = max(Int((room + Self.gap) / (Self.leastPanel + Self.gap)), 1)
    let rows = (figure.columns.count + most - 1) / most
    perRow = (figure.columns.count + rows - 1) / rows
    panelWidth = (room - Self.gap * Double(perRow - 1)) / Double(perRow)
    let available = panelWidth + Self.gap - 4
    hasUnits = figure.columns.allSatisfy { column in
      Self.facts(column, figure, hasUnits: true).allSatisfy {
        Self.line($0, in: style).width <= available
      }
    }
  }

  func scene() -> Scene {
    var caption = figure.caption
    caption.notes = [note] + caption.notes
    if caption.summary.isEmpty { caption.summary = figure.summary }
    var page = Page(caption, formula: figure.formula, width: width, in: style)
    for first in stride(from: 0, to: figure.columns.count, by: perRow) {
      page.y += first == 0 ? 24 : 20
      let last = min(first + perRow, figure.columns.count)
      place(Array(figure.columns[first..<last]), row: first / perRow, on: &page)
    }
    let plot = RankPlot(figure, in: style)
    page.y += 19
    plot.place(on: &page, gutter: gutter)
    page.y += 9
    return page.scene(declaring: labels.declarations)
  }

  private var note: [Inline] {
    var note: [Inline] = [
      .text("Rows are in the order of the \(figure.stateName.values), which is the same at every "),
      .formula(.variable("τ")),
      .text(". An exact 0 or 1 is printed as such, a rounded one never is."),
    ]
    if figure.others > 1 {
      note.append(" Hatched: a sum of many, not one \(figure.stateName.singular).")
    }
    if figure.masked > 0 {
      let masked = NumberFormat.count(figure.masked)
      note.append(
        " \(masked) masked \(figure.stateName.name(figure.masked)): exactly 0 at every τ, not counted."
      )
    }
    return note
  }

  // MARK: Panels

  private func place(_ columns: [Tempering.Column], row: Int, on page: inout Page) {
    let top = page.y + 17
    let grid = Rectangle(
      x: page.left + gutter, y: top, width: width - gutter,
      height: Self.pitch * Double(figure.states.count))
    page.add("states-\(row)", labels.marks(beside: grid) + names(grid))
    for (index, column) in columns.enumerated() {
      let x = grid.minX + Double(index) * (panelWidth + Self.gap)
      let frame = Rectangle(x: x, y: top, width: panelWidth, height: height)
      let name = "tau-\(NumberFormat.temperature(column.temperature))"
      page.add(name, header(column, frame) + bars(column, frame) + facts(column, frame))
    }
    page.y = top + height + Self.footer.perplexity
  }

  /// The height of a panel: the shown states, and the others below a gap.
  private var height: Double {
    Self.pitch * Double(figure.states.count) + (figure.others > 0 ? Self.restGap + Self.pitch : 0)
  }

  private var restMiddle: Double { height - Self.pitch / 2 }

  /// What the rows below the states are.
  private func names(_ grid: Rectangle) -> [Mark] {
    let bottom = grid.minY + height
    var words: [(String, Font, Double)] = [
      ("probability", .note, bottom + Self.footer.ticks),
      (hasUnits ? "entropy" : "entropy, nats", .note, bottom + Self.footer.entropy),
      (hasUnits ? "perplexity" : "perplexity", .note, bottom + Self.footer.perplexity),
    ]
    if figure.others > 0 {
      words.append((Self.rest(figure), .body, grid.minY + restMiddle + 0.32 * 7))
    }
    return words.map { word, font, y in
      .text(
        Text(
          word, font: font, color: style.theme.secondary, at: Point(grid.minX - 6, y),
          alignment: .end))
    }
  }

  private func header(_ column: Tempering.Column, _ frame: Rectangle) -> [Mark] {
    let color = TemperatureColor(in: style.theme).text(column.temperature)
    let name = FormulaLayout(color: color, measure: style.measure)
      .box(.temperature(column.temperature), size: 10.5)
    let room = panelWidth + Self.gap - 3
    let choices = words(column)
    let word =
      choices.first { style.measure($0, .note).width <= room }
      ?? style.measure.shortened(choices.last ?? "", .note, to: room)
    let place = Point(frame.minX, frame.minY - 6.5)
    return name.marks(at: Point(frame.minX, frame.minY - 16))
      + [.text(Text(word, font: .note, color: style.theme.secondary, at: place))]
  }

  /// What a temperature does, in words; shorter ones after longer ones.
  private func words(_ column: Tempering.Column) -> [String] {
    switch column.temperature {
    case 0:
      let names = figure.stateName.counted(figure.ties)
      return figure.ties > 1
        ? ["argmax, \(names) tie", "\(names) tie"] : ["argmax, exactly", "argmax"]
    case 1: return [figure.stateName.own]
    case .infinity: return ["uniform, exactly", "uniform"]
    case let temperature: return [temperature < 1 ? "sharper" : "blunter"]
    }
  }

  private func bars(_ column: Tempering.Column, _ frame: Rectangle) -> [Mark] {
    let theme = style.theme
    let hairlines = [0.5, 1].flatMap { share -> [Path.Step] in
      let x = frame.minX + share * frame.size.width
      return [.move(Point(x, frame.minY)), .line(Point(x, frame.maxY))]
    }
    var marks: [Mark] = [.path(Path(hairlines, stroke: .init(theme.hairline, width: 0.35)))]
    for (index, probability) in column.probabilities.enumerated() {
      let middle = (Double(index) + 0.5) * Self.pitch
      marks += bar(probability, column, frame, middle, isSum: false)
    }
    if figure.others > 0 {
      marks += bar(column.rest, column, frame, restMiddle, isSum: figure.others > 1)
    }
    let axis = [frame.origin, Point(frame.minX, frame.maxY)]
    marks.append(.line(axis, .init(theme.secondary, width: 0.6)))
    for (label, share) in [("0", 0.0), ("½", 0.5), ("1", 1)] {
      let place = Point(frame.minX + share * frame.size.width, frame.maxY + Self.footer.ticks)
      marks.append(
        .text(Text(label, font: .note, color: theme.secondary, at: place, alignment: .middle)))
    }
    return marks
  }

  /// A bar with its value: behind its end, else inside.
  private func bar(
    _ share: Double, _ column: Tempering.Column, _ frame: Rectangle, _ middle: Double, isSum: Bool
  ) -> [Mark] {
    let theme = style.theme
    let length = min(max(share, 0), 1) * frame.size.width
    let box = Rectangle(
      x: frame.minX, y: frame.minY + middle - Self.barHeight / 2, width: length,
      height: Self.barHeight)
    let color = TemperatureColor(in: theme).fill(column.temperature)
    let value = figure.written(share, column, isSum: isSum)
    var marks: [Mark] = []
    if share > 0 {
      marks.append(isSum ? Hatch(sum: color, in: theme).fill(box) : .rectangle(box, fill: color))
    }
    let baseline = box.minY + Self.barHeight / 2 + 2.1
    let wide = style.measure(value, .note).width
    if box.maxX + 2.6 + wide <= frame.maxX - 0.5 {
      let place = Point(box.maxX + 2.6, baseline)
      let patch = Rectangle(
        x: place.x - 0.6, y: box.minY + 1, width: wide + 1.2, height: Self.barHeight - 2)
      let quiet = share == 0 ? theme.secondary : theme.ink
      return marks + [
        .rectangle(patch, fill: theme.paper),
        .text(Text(value, font: .note, color: quiet, at: place)),
      ]
    }
    let font = Font(size: 6, weight: isSum ? .regular : .semibold)
    let place = Point(box.maxX - 2.5, baseline)
    if isSum {
      let plate = Rectangle(
        x: place.x - wide - 1.5, y: box.minY + 1, width: wide + 3, height: Self.barHeight - 2)
      marks.append(.rectangle(plate, fill: theme.paper))
    }
    let ink = isSum ? theme.ink : theme.text(on: color)
    return marks + [.text(Text(value, font: font, color: ink, at: place, alignment: .end))]
  }

  private func facts(_ column: Tempering.Column, _ frame: Rectangle) -> [Mark] {
    let places = [Self.footer.entropy, Self.footer.perplexity]
    return zip(Self.facts(column, figure, hasUnits: hasUnits), places).flatMap { words, place in
      Self.line(words, in: style).marks(at: Point(frame.minX, frame.maxY + place))
    }
  }
}

extension TemperingLayout {
  private static func rest(_ figure: Tempering) -> String {
    "\(NumberFormat.count(figure.others)) other\(figure.others == 1 ? "" : "s")"
  }

  /// Entropy and perplexity with their signs.
  private static func facts(
    _ column: Tempering.Column, _ figure: Tempering, hasUnits: Bool
  ) -> [[Formula]] {
    let isExact = figure.isExact(column.temperature)
    let entropy = NumberFormat.amount(column.entropy, isExact: isExact)
    let number = figure.perplexity(column)
    let unit = figure.stateName.name(number == "1" ? 1 : 2)
    let sign: (String) -> [Formula] = {
      $0.hasPrefix("<") ? [.sign("<"), .word(String($0.dropFirst()))] : [.sign("="), .word($0)]
    }
    return [
      [.variable("H")] + sign(entropy) + (hasUnits ? [.word(" nats")] : []),
      [.sup(.variable("e"), .variable("H"))] + sign(number) + (hasUnits ? [.word(" \(unit)")] : []),
    ]
  }

  /// Signs as formulas, numbers and words in the font of notes.
  private static func line(_ parts: [Formula], in style: Style) -> Box {
    let color = style.theme.ink
    let layout = FormulaLayout(color: color, measure: style.measure)
    let boxes = parts.map { part -> Box in
      guard case .word(let word) = part else { return layout.box(part, size: 6.9) }
      let text = Text(word, font: .note, color: color, at: Point(0, 0))
      return Box(
        width: style.measure(word, .note).width, ascent: 4.5, descent: 1.5, marks: [.text(text)])
    }
    return .row(boxes)
  }
}

extension Tempering {
  /// A probability as it is printed beside its bar.
  func written(_ share: Double, _ column: Column, isSum: Bool) -> String {
    let isExact = isExact(column.temperature)
    return isSum
      ? NumberFormat.share(share, isExact: isExact)
      : NumberFormat.probability(share, isExact: isExact)
  }

  /// e^H, as many states as would be as uncertain if all were equally likely: a whole number where
  /// it is one.
  func perplexity(_ column: Column) -> String {
    switch column.temperature {
    case 0: return NumberFormat.count(ties)
    case .infinity: return NumberFormat.count(count)
    case _ where ties == count: return NumberFormat.count(count)
    default: return NumberFormat.perplexity(column.entropy)
    }
  }
}
