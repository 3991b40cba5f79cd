import Figures
import Testing

@Suite struct HeadColorsTests {
  @Test(arguments: [Theme.paper, .light, .dark])
  func namesOfHeadsCanBeRead(_ theme: Theme) {
    let figure = Samples.distance(layers: 2, heads: 2, tokens: 8)
    let texts = Inks(figure.scene(in: Style(theme: theme))).all.map(\.text)
    for text in texts { #expect(text.color.contrast(with: theme.paper) >= 4.5, "\(text.string)") }
  }
}
