/// What panels of the same figure share: headings, colours, feet.
struct HeadFlowPanels {
  let style: Style
  var theme: Theme { style.theme }

  /// From the baseline of a heading to that of its formula, and to the panel.
  static let (formula, panel) = (10.5, 19.5)
  /// From a panel to the baseline of its foot, and to the next line.
  static let (foot, lead) = (8.6, 8.2)

  private static let formulaStyle = 7.0

  /// How wide a heading is.
  func width(_ heading: HeadFlow.Heading) -> Double {
    max(
      style.measure(heading.name, .heading).width + indent(heading),
      formula(heading).map(\.width).max() ?? 0)
  }

  private func indent(_ heading: HeadFlow.Heading) -> Double {
    heading.step.map { style.measure(String($0), .heading).width + 4 } ?? 0
  }

  private func formula(_ heading: HeadFlow.Heading) -> [Box] {
    let text = TextStyle(font: .body, color: theme.ink)
    return RichText(heading.formula, text, width: .infinity, measure: style.measure).lines
  }

  /// A heading with its baseline at a point.
  func heading(_ heading: HeadFlow.Heading, at point: Point) -> [Mark] {
    var marks: [Mark] = []
    if let step = heading.step {
      marks.append(.text(Text(String(step), font: .heading, color: theme.accent, at: point)))
    }
    let color = heading.step == nil ? theme.secondary : theme.ink
    let start = Point(point.x + indent(heading), point.y)
    marks.append(.text(Text(heading.name, font: .heading, color: color, at: start)))
    return marks
      + formula(heading).prefix(1).flatMap {
        $0.marks(at: Point(point.x, point.y + Self.formula))
      }
  }

  /// Words under a panel, at its left, its right, or both.
  func foot(_ left: [Inline], _ right: String?, under frame: Rectangle, line: Int = 0) -> [Mark] {
    let y = frame.maxY + Self.foot + Self.lead * Double(line)
    let text = TextStyle(font: .note, color: theme.secondary)
    let words = RichText(left, text, width: .infinity, measure: style.measure).lines
    return words.prefix(1).flatMap { $0.marks(at: Point(frame.minX, y)) }
      + (right.map { [end($0, Point(frame.maxX, y), theme.secondary)] } ?? [])
  }

  /// How wide the words under a panel are.
  func footWidth(_ left: [Inline], _ right: String?) -> Double {
    let text = TextStyle(font: .note, color: theme.secondary)
    let words = RichText(left, text, width: .infinity, measure: style.measure).lines
    return (words.first?.width ?? 0) + (right.map { style.measure($0, .note).width + 5 } ?? 0)
  }

  func end(_ string: String, _ point: Point, _ color: Color, _ font: Font = .note) -> Mark {
    .text(Text(string, font: font, color: color, at: point, alignment: .end))
  }

  /// "±2.6": the darkest value of a panel.
  func limit(_ largest: Double) -> String {
    "±" + (largest < 0.095 ? NumberFormat.amount(largest) : NumberFormat.score(largest))
  }

  /// The colours of a panel: by the square root of the size, up to its largest value.
  func scale(_ largest: Double) -> ColorScale {
    ColorScale(limit: max(largest, 1e-30), .squareRoot, in: style)
  }

  /// Values as one image, or with crosses where they are no numbers.
  func image(_ matrix: Matrix, _ largest: Double, in frame: Rectangle) -> [Mark] {
    let panel = MatrixPanel(matrix: matrix, scale: scale(largest), theme: theme, frame: frame)
    return [panel.image()] + panel.crosses()
  }

  /// A frame around what the figure is about.
  func focus(_ frame: Rectangle) -> Mark {
    .rectangle(frame.inset(by: -1.1), stroke: .init(theme.ink, width: 0.7))
  }
}
