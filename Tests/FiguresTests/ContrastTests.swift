import Figures
import Testing

@Suite struct ContrastTests {
  /// Known ratios: black on white, and the lightest grey that passes on white.
  @Test func knownRatios() {
    #expect(abs(Color(0x000000).contrast(with: Color(0xFFFFFF)) - 21) < 1e-9)
    #expect(abs(Color(0x767676).contrast(with: Color(0xFFFFFF)) - 4.54) < 0.005)
    #expect(Color(0x123456).contrast(with: Color(0x123456)) == 1)
  }

  @Test(arguments: Palette.allCases, PaletteTests.themes)
  func textOnCells(_ palette: Palette, _ theme: Theme) {
    for cell in palette.colors(in: theme) {
      #expect(theme.text(on: cell).contrast(with: cell) >= 4.5)
    }
  }

  @Test(arguments: PaletteTests.themes) func wordsOnPaper(_ theme: Theme) {
    for color in [theme.ink, theme.secondary, theme.accent, theme.warn] {
      #expect(color.contrast(with: theme.paper) >= 4.5)
    }
  }

  @Test func inkComesFirst() {
    #expect(Theme.paper.text(on: Color(0xFFFFFF)) == Theme.paper.ink)
    #expect(Theme.paper.text(on: Color(0x0B2F5B)) == Color(0xFFFFFF))
    #expect(Theme.paper.text(on: Color(0x6480B0)) == Color(0x000000))
  }
}
