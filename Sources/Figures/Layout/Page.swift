/// A page in the making: heading on top, whatever a figure draws, notes at the foot.
///
/// Lengths are in points before `Style.scale`. `y` is how far the page is filled.
struct Page {
  let style: Style
  let margin: Double
  let caption: Caption
  /// The width between the margins.
  let width: Double
  private(set) var marks: [Mark] = []
  var y: Double

  /// The least width of a page that was asked for: below it, words break.
  private static let leastWidth = Double.millimetres(40)

  /// The width between the margins that the style asks for; `nil` when the figure may grow.
  static func fittedWidth(in style: Style) -> Double? {
    style.width.map { max($0 / style.scale, leastWidth) - 2 * margin(in: style) }
  }

  /// 6 mm; 2 mm when a column width is asked for.
  static func margin(in style: Style) -> Double { .millimetres(style.width == nil ? 6 : 2) }

  /// The width between the margins at which title and subtitle look well: in one line each when
  /// that is no wider than `most`.
  static func comfortableWidth(_ caption: Caption, most: Double, in style: Style) -> Double {
    let subtitle = RichText(
      caption.subtitle, TextStyle(font: .body, color: style.theme.secondary), width: most,
      measure: style.measure)
    let title = min(style.measure(caption.title, .title).width, most)
    return max(title, subtitle.lines.map(\.width).max() ?? 0, .millimetres(58))
  }

  /// Begins a page with its heading; a formula stands at the right of it, or under it where
  /// there is no room.
  init(_ caption: Caption, formula: Formula? = nil, width: Double, in style: Style) {
    self.caption = caption
    self.style = style
    self.width = width
    margin = Self.margin(in: style)
    y = margin
    let layout = FormulaLayout(color: style.theme.ink, measure: style.measure)
    heading(formula.map { layout.box($0, size: Self.formulaSize) })
  }

  private static let formulaSize = 10.0

  var left: Double { margin }
  var right: Double { margin + width }
  var theme: Theme { style.theme }

  mutating func add(_ mark: Mark) { marks.append(mark) }

  mutating func add(_ name: String, summary: String = "", _ inner: [Mark]) {
    if !inner.isEmpty { marks.append(.label(Label(name, summary: summary, inner))) }
  }

  /// A thin line across the page.
  mutating func rule() {
    add(.line([Point(left, y), Point(right, y)], .init(theme.hairline, width: 0.35)))
  }

  /// Lines of rich text from the left margin; `y` becomes the last baseline.
  private mutating func paragraph(_ lines: [Box], first: Double, lead: Double) -> [Mark] {
    var inner: [Mark] = []
    for (index, line) in lines.enumerated() {
      y += index == 0 ? first : lead
      inner += line.marks(at: Point(left, y))
    }
    return inner
  }

  private mutating func heading(_ formula: Box?) {
    let isBeside = formula.map { width >= 330 && $0.width < 0.4 * width } ?? false
    let room = isBeside ? width - (formula?.width ?? 0) - 12 : width
    let title = rich([.text(caption.title)], .title, theme.ink, room)
    add("title", paragraph(title.lines, first: 7, lead: 11))
    let subtitle = rich(caption.subtitle, .body, theme.secondary, room)
    if !caption.subtitle.isEmpty {
      add("subtitle", paragraph(subtitle.lines, first: 10.8, lead: 10.4))
    }
    if let badge = caption.badge { add("badge", plate(badge)) }
    guard let formula else { return }
    if !isBeside { y += 8 + formula.ascent }
    let baseline = isBeside ? margin + max(10.5, formula.ascent + 1) : y
    let start = isBeside ? right - formula.width : left
    add("formula", formula.marks(at: Point(start, baseline)))
    y = max(y, baseline + formula.descent - (isBeside ? 2 : 0))
  }

  /// Words across the page, in paragraphs, with a heading.
  mutating func passage(_ heading: String, _ paragraphs: [[Inline]]) {
    let first = rich([.text(heading)], .heading, theme.ink).lines
    var inner = paragraph(first, first: 11, lead: 9)
    for inlines in paragraphs {
      inner += paragraph(rich(inlines, .note, theme.ink).balancedLines, first: 9.5, lead: 8.5)
    }
    add("passage", inner)
  }

  /// A declared transform on a plate.
  private mutating func plate(_ text: String) -> [Mark] {
    let style = TextStyle(font: .note, color: theme.ink)
    let lines = RichText([.text(text)], style, width: width - 8, measure: self.style.measure).lines
    let top = y + 5
    y = top - 1
    let words = paragraph(lines, first: 8, lead: 8).map { $0.moved(x: 4, y: 0) }
    let frame = Rectangle(
      x: left, y: top, width: (lines.map(\.width).max() ?? 0) + 8, height: y + 3 - top)
    y += 3
    return [.plate(frame, radius: 2, fill: theme.plate)] + words
  }

  /// Closes the page: a rule, the notes with what the figure declares itself, the provenance.
  mutating func scene(declaring declarations: [String]) -> Scene {
    let declared = declarations.map { Inline.text($0) }
    var paragraphs = caption.notes
    for declaration in declared {
      if paragraphs.isEmpty { paragraphs.append([]) }
      paragraphs[paragraphs.count - 1] += [.text(" "), declaration]
    }
    if !caption.provenance.isEmpty { paragraphs.append(caption.provenance) }
    if !paragraphs.isEmpty {
      rule()
      var inner: [Mark] = []
      for (index, inlines) in paragraphs.enumerated() {
        let lines = rich(inlines, .note, theme.secondary).balancedLines
        inner += paragraph(lines, first: index == 0 ? 9 : 9.5, lead: 8)
      }
      add("notes", inner)
      y += 2
    }
    let size = Size(width + 2 * margin, y + 0.75 * margin)
    let scene = Scene(
      size: size, background: theme.paper, marks: marks, title: caption.title.singleLine,
      summary: caption.summary)
    return scene.scaled(by: style.scale)
  }

  private func rich(
    _ inlines: [Inline], _ font: Font, _ color: Color, _ room: Double? = nil
  ) -> RichText {
    RichText(
      inlines, TextStyle(font: font, color: color), width: room ?? width, measure: style.measure)
  }
}
