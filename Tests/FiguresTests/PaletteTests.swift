import Figures
import Testing

@Suite struct PaletteTests {
  static let themes: [Theme] = [.paper, .light, .dark]

  /// The stops of the design.
  @Test func inkBlueStops() {
    let colors = Palette.inkBlue.colors(in: .paper)
    let stops: [(Double, UInt32)] = [
      (0, 0xFFFFFF), (0.1, 0xDDE9F9), (0.25, 0xAFC9EB), (0.5, 0x6C92C6), (0.75, 0x355F95),
      (1, 0x0B2F5B),
    ]
    for (share, expected) in stops { #expect(near(colors, share, Color(expected), within: 3)) }
  }

  @Test func redStops() {
    let colors = Array(Palette.blueRed.colors(in: .paper)[127...])
    let stops: [(Double, UInt32)] = [
      (0, 0xFFFFFF), (0.1, 0xFCE3DF), (0.25, 0xF1BCB3), (0.5, 0xD17F72), (0.75, 0xA3493D),
      (1, 0x6E1A12),
    ]
    for (share, expected) in stops { #expect(near(colors, share, Color(expected), within: 3)) }
  }

  /// First, middle and last entries as published.
  @Test(arguments: [
    (Palette.viridis, 0x440154, 0x21918C, 0xFDE725), (.cividis, 0x00224E, 0x7D7C78, 0xFEE838),
    (.magma, 0x000004, 0xB73779, 0xFCFDBF), (.batlow, 0x011959, 0x828231, 0xFACCFA),
    (.vik, 0x001261, 0xECE5E0, 0x590008),
  ])
  func published(_ palette: Palette, _ first: Int, _ middle: Int, _ last: Int) {
    let colors = palette.colors(in: .paper)
    #expect(colors.count == 256)
    #expect(colors.first == Color(UInt32(first)))
    #expect(colors[128] == Color(UInt32(middle)))
    #expect(colors.last == Color(UInt32(last)))
  }

  @Test(arguments: themes) func zeroIsThePaper(_ theme: Theme) {
    #expect(Palette.inkBlue.colors(in: theme).first == theme.paper)
    #expect(Palette.grey.colors(in: theme).first == theme.paper)
    let signed = Palette.blueRed.colors(in: theme)
    #expect(signed.count == 255)
    #expect(signed[127] == theme.paper)
  }

  /// Lightness runs one way from end to end, or from the middle to both ends.
  @Test(arguments: Palette.allCases, themes)
  func lightnessIsMonotone(_ palette: Palette, _ theme: Theme) {
    let lightness = palette.colors(in: theme).map { OKLab($0).lightness }
    let middle = palette.isDiverging ? lightness.count / 2 : 0
    let halves = [Array(lightness[middle...]), Array(lightness[...middle].reversed())]
    for half in halves where half.count > 1 {
      let sign = half[half.count - 1] > half[0] ? 1.0 : -1.0
      for (before, after) in zip(half, half.dropFirst()) {
        // Bytes round: equal neighbours and steps back of less than half a byte are no reversal.
        #expect((after - before) * sign > -0.0025, "\(palette), \(theme.name)")
      }
      #expect(abs(half[half.count - 1] - half[0]) > 0.4)
    }
  }

  @Test(arguments: [Palette.inkBlue, .grey, .blueRed], themes)
  func ownRampsAreEvenInLightness(_ palette: Palette, _ theme: Theme) {
    let lightness = palette.colors(in: theme).map { OKLab($0).lightness }
    let half = Array(lightness[(palette.isDiverging ? 127 : 0)...])
    for (index, value) in half.enumerated() {
      let share = Double(index) / Double(half.count - 1)
      #expect(abs(value - (half[0] + (half[half.count - 1] - half[0]) * share)) < 0.012)
    }
  }

  private func near(
    _ colors: [Color], _ share: Double, _ expected: Color, within distance: Int
  ) -> Bool {
    let color = colors[Int((share * Double(colors.count - 1)).rounded())]
    let pairs = [
      (color.red, expected.red), (color.green, expected.green), (color.blue, expected.blue),
    ]
    return pairs.allSatisfy { abs(Int($0) - Int($1)) <= distance }
  }
}
