/// The colours of heads, lines and other things without an order: those of Okabe and Ito (2008),
/// which colour-blind readers can tell apart.
struct HeadColors {
  private let theme: Theme

  init(in theme: Theme) { self.theme = theme }

  /// How many things have colours of their own.
  static let count = 7

  private static let onLight: [UInt32] = [
    0x0072B2, 0xE69F00, 0x009E73, 0xD55E00, 0xCC79A7, 0x000000, 0x56B4E9,
  ]
  /// Blue is lighter and black is white on dark paper.
  private static let onDark: [UInt32] = [
    0x3A9BDC, 0xE69F00, 0x1DB488, 0xE8733A, 0xD98FB8, 0xF0F0F0, 0x8CCFF5,
  ]

  /// The colour of lines and areas.
  subscript(index: Int) -> Color {
    let colors = theme.isDark ? Self.onDark : Self.onLight
    return Color(colors[index % colors.count])
  }

  /// The colour of words.
  func text(_ index: Int) -> Color { theme.readable(self[index]) }
}
