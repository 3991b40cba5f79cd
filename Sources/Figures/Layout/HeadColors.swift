/// The colours of heads, lines and other things without an order: those of Okabe and Ito (2008),
/// moved a little so that lines have a contrast of 3 with the paper and any two stay apart for
/// readers without one kind of cone (the tests simulate it).
package struct HeadColors {
  private let theme: Theme

  package init(in theme: Theme) { self.theme = theme }

  /// How many things have colours of their own.
  package static let count = 7

  private static let onLight: [UInt32] = [
    0x0072B2, 0xD87A00, 0x009868, 0xB84A00, 0xC678AA, 0x000000, 0x2E98E0,
  ]
  /// Blue is lighter and black is white on dark paper.
  private static let onDark: [UInt32] = [
    0x4894D3, 0xEF9E09, 0x32C18C, 0xE7733A, 0xE4ACC7, 0xF0F0F0, 0x86CDFF,
  ]

  /// The colour of lines and areas.
  package subscript(index: Int) -> Color {
    let colors = theme.isDark ? Self.onDark : Self.onLight
    return Color(colors[index % colors.count])
  }

  /// The colour of words.
  func text(_ index: Int) -> Color { theme.readable(self[index]) }
}
