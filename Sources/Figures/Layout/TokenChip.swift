/// A token on a chip of its own: outlined where it is read, filled where it was written, in the
/// colour of warnings where it was not expected.
struct TokenChip {
  enum Look { case outlined, filled, marked }

  private let token: TokenLabel
  private let look: Look
  private let font: Font
  private let theme: Theme
  private let secondaryWidth: Double
  /// The text, perhaps shortened.
  let shown: String
  /// The width of the chip.
  let width: Double

  static let padding = 4.0
  private static let gap = 2.5

  /// The height of a chip.
  var height: Double { look == .outlined ? 12.5 : 11 }

  /// Creates a chip no wider than `limit`; a longer text is shortened.
  init(_ token: TokenLabel, _ look: Look, limit: Double, in style: Style) {
    self.token = token
    self.look = look
    theme = style.theme
    font = Font(size: 7, weight: look != .outlined || token.isFocused ? .semibold : .regular)
    let secondary = token.secondary.map { style.measure($0, .note).width + Self.gap } ?? 0
    let room = limit - 2 * Self.padding
    secondaryWidth = secondary < room / 2 ? secondary : 0
    shown = style.measure.shortened(token.text, font, to: room - secondaryWidth)
    let text = style.measure(shown, font).width
    width = max(text + secondaryWidth + 2 * Self.padding, 8)
  }

  /// The width that a token's chip has when nothing is shortened.
  static func width(_ token: TokenLabel, _ look: Look, in style: Style) -> Double {
    TokenChip(token, look, limit: .infinity, in: style).width
  }

  /// The chip with its top left corner at a point.
  func marks(at corner: Point) -> [Mark] {
    let frame = Rectangle(x: corner.x, y: corner.y, width: width, height: height)
    let baseline = corner.y + height / 2 + 0.364 * 7
    let isFilled = look != .outlined
    let fill = look == .marked ? theme.warn : theme.accent
    let plate =
      isFilled
      ? Mark.plate(frame, radius: 2, fill: fill)
      : .path(
        Path(
          Path.roundedRectangle(frame.inset(by: 0.3), radius: 2),
          stroke: .init(theme.hairline, width: 0.6)))
    let color = isFilled ? theme.text(on: fill) : theme.color(of: token)
    let middle = corner.x + (width - secondaryWidth) / 2
    var marks = [plate]
    if !shown.isEmpty {
      marks.append(
        .text(
          Text(
            shown, font: font, color: color, at: Point(middle, baseline), alignment: .middle)))
    }
    if secondaryWidth > 0, let secondary = token.secondary {
      let end = Point(frame.maxX - Self.padding, baseline)
      marks.append(
        .text(
          Text(
            secondary, font: .note, color: isFilled ? color : theme.secondary, at: end,
            alignment: .end)))
    }
    return marks
  }
}

extension Theme {
  /// The colour of a token's text on paper: grey for what is no word.
  func color(of token: TokenLabel) -> Color {
    let isQuiet = token.kind == .special || token.kind == .partial
    return isQuiet && !token.isFocused ? secondary : ink
  }
}
