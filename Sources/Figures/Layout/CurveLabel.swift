/// One or two lines beside a curve: its name, and a fact about it.
struct CurveLabel {
  private let lines: [Box]
  private let isCentered: Bool
  /// The reach of the first line above and of the last line below its baseline.
  private let ascent: Double
  private let descent: Double
  /// How far below the first baseline the second stands.
  private static let lead = 7.6

  /// A name at 9 in the formula's letters, and a small grey fact under it.
  init(
    _ name: Formula, _ color: Color, fact: [Inline] = [], size: Double = 9, factColor: Color? = nil,
    isCentered: Bool = true, in style: Style
  ) {
    let name = FormulaLayout(color: color, measure: style.measure).box(name, size: size)
    let text = TextStyle(font: .note, color: factColor ?? style.theme.secondary)
    let fact = RichText(fact, text, width: 1000, measure: style.measure).lines
    lines = [name] + fact.filter { $0.width > 0 }
    self.isCentered = isCentered
    (ascent, descent) = (max(name.ascent, 0.75 * size), lines.count > 1 ? 1.5 : 0.25 * size)
  }

  /// A name with a small grey fact on the same line.
  init(beside name: Formula, _ color: Color, fact: String, in style: Style) {
    let name = FormulaLayout(color: color, measure: style.measure).box(name, size: 9)
    let text = TextStyle(font: .note, color: style.theme.secondary)
    let fact = RichText([.text(fact)], text, width: 1000, measure: style.measure).lines
    lines = [.row([name, .space(5)] + fact)]
    isCentered = false
    (ascent, descent) = (0.75 * 9, 0.25 * 9)
  }

  /// Lines of words.
  init(
    _ lines: [[Inline]], _ font: Font, _ color: Color, isCentered: Bool = false, in style: Style
  ) {
    let text = TextStyle(font: font, color: color)
    self.lines = lines.flatMap {
      RichText($0, text, width: 1000, measure: style.measure).lines
    }
    self.isCentered = isCentered
    (ascent, descent) = (max(self.lines.first?.ascent ?? 0, 0.75 * font.size), 0.25 * font.size)
  }

  /// The extent of the words.
  var size: Size {
    Size(
      lines.map(\.width).max() ?? 0,
      ascent + descent + Self.lead * Double(max(lines.count, 1) - 1))
  }

  /// The words in a box of `size`.
  func marks(in box: Rectangle) -> [Mark] {
    lines.enumerated().flatMap { index, line in
      let x = isCentered ? box.minX + (box.size.width - line.width) / 2 : box.minX
      let y = box.minY + ascent + Self.lead * Double(index)
      return line.marks(at: Point(x, y))
    }
  }

  /// The corners of this label around a point: right, left, above, below, nearest first.
  func corners(around point: Point, gap: Double = 4) -> [Point] {
    let (width, height) = (size.width, size.height)
    let middle = point.y - height / 2
    return [
      Point(point.x + gap, middle), Point(point.x - gap - width, middle),
      Point(point.x + gap, point.y - gap / 2 - height), Point(point.x + gap, point.y + gap / 2),
      Point(point.x - gap - width, point.y - gap / 2 - height),
      Point(point.x - gap - width, point.y + gap / 2),
      Point(point.x - width / 2, point.y - gap - height),
      Point(point.x - width / 2, point.y + gap),
      Point(point.x + 2 * gap, point.y - 2 * gap - height),
      Point(point.x - 2 * gap - width, point.y - 2 * gap - height),
      Point(point.x + 2 * gap, point.y + 2 * gap),
      Point(point.x - 2 * gap - width, point.y + 2 * gap),
    ]
  }
}

extension CurveLabel {
  /// "τ = 0.5" in the colour of the temperature, with a fact under it.
  init(temperature: Double, fact: [Inline] = [], isCentered: Bool = true, in style: Style) {
    self.init(
      .temperature(temperature), TemperatureColor(in: style.theme).text(temperature), fact: fact,
      isCentered: isCentered, in: style)
  }
}

extension Formula {
  /// τ = 0.5
  static func temperature(_ value: Double) -> Formula {
    .row([.variable("τ"), .sign("="), .word(NumberFormat.temperature(value))])
  }

  /// A space between a sum and its terms, or between two formulas.
  static let thinSpace = Formula.word("\u{2009}")
  static let wideSpace = Formula.word("\u{2003}\u{2009}")

  /// Eᵢ = z_max − zᵢ: the zero of energy.
  static func energy(of symbol: String) -> Formula {
    .row([
      .sub(.variable("E"), .variable("i")), .sign("="), .sub(.variable(symbol), .word("max")),
      .sign("−"), .sub(.variable(symbol), .variable("i")),
    ])
  }

  /// exp(−Eᵢ/τ) as a power of e.
  static let boltzmannFactor: Formula = .sup(
    .variable("e"),
    .row([
      .word("−"), .sub(.variable("E"), .variable("i")), .word("/"), .variable("τ"),
    ]))

  /// Σ with its index.
  static func sum(_ index: String) -> Formula { .sub(.word("Σ"), .variable(index)) }
}

extension Mark {
  /// Paper under words that cross a line.
  static func patch(_ box: Rectangle, in theme: Theme) -> Mark {
    .rectangle(box.inset(by: -1.2), fill: theme.paper.opacity(0.92))
  }
}
