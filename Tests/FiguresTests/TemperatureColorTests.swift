import Figures
import Testing

@Suite struct TemperatureColorTests {
  static let themes: [Theme] = [.paper, .light, .dark]

  /// τ from 0 to ∞, evenly in u.
  private var temperatures: [Double] {
    (0...600).map { step in
      let u = Double(step) / 600
      return u < 1 ? u / (1 - u) : .infinity
    }
  }

  /// The five colours of the design, and the map of the design between them.
  @Test func theDesignsColors() {
    let colors = TemperatureColor(in: .paper)
    let expected: [(Double, UInt32)] = [
      (0, 0x24408E), (0.5, 0x4F73C4), (1, 0x8E86B5), (2, 0xD2894F), (.infinity, 0xB23A22),
    ]
    for (temperature, color) in expected { #expect(colors.fill(temperature) == Color(color)) }
    #expect(near(colors.text(1), Color(0x777098)))
    #expect(near(colors.text(2), Color(0x9A6439)))
    #expect(near(colors.text(0.5), Color(0x4B6EBC)))
    #expect(colors.text(0) == colors.fill(0))
    // τ = 1.35 stands at u = 0.5745, 0.447 of the way from τ = 1 to τ = 2.
    #expect(near(colors.fill(1.35), Color(0xAC8788), within: 2))
  }

  @Test func placesRunFromZeroToOne() {
    let places = temperatures.map(TemperatureColor.place)
    #expect(places.first == 0 && places.last == 1)
    #expect(TemperatureColor.place(of: 1) == 0.5)
    #expect(zip(places, places.dropFirst()).allSatisfy { $0 < $1 })
  }

  /// Hotter is never less red against blue by more than rounding, and no step is a jump.
  @Test(arguments: themes) func hotterIsRedder(_ theme: Theme) {
    let colors = temperatures.map { OKLab(TemperatureColor(in: theme).fill($0)) }
    for (cold, hot) in zip(colors, colors.dropFirst()) {
      #expect(hot.a - cold.a > -0.004)
      let step = [hot.lightness - cold.lightness, hot.a - cold.a, hot.b - cold.b].map(\.magnitude)
      #expect((step.max() ?? 0) < 0.01)
    }
  }

  @Test(arguments: themes) func wordsCanBeRead(_ theme: Theme) {
    for temperature in temperatures {
      let colors = TemperatureColor(in: theme)
      #expect(colors.text(temperature).contrast(with: theme.paper) >= 4.6)
      #expect(colors.fill(temperature).contrast(with: theme.paper) >= 2.7)
    }
  }

  private func near(_ color: Color, _ other: Color, within distance: Int = 1) -> Bool {
    let pairs = [(color.red, other.red), (color.green, other.green), (color.blue, other.blue)]
    return pairs.allSatisfy { abs(Int($0) - Int($1)) <= distance }
  }
}
