import Figures
import Testing

/// What readers with other eyes, screens and printers are promised, for every figure.
@Suite struct AccessibilityTests {
  static let themes: [Theme] = [.paper, .light, .dark]

  /// WCAG 2.1, 1.4.3: 4.5 to 1 for words, against what is painted under them.
  @Test(arguments: EveryFigure.names, themes)
  func wordsCanBeRead(_ name: String, _ theme: Theme) throws {
    let figure = try #require(EveryFigure.named(name))
    for width in [nil, 89.0] {
      let style = Style(theme: theme, width: width.map { .millimetres($0) })
      #expect(Self.pale(figure, style) == [])
    }
  }

  /// The same where values have colours of other palettes.
  @Test(arguments: ["heatmap", "heatmap of scores", "rails"], themes)
  func wordsCanBeReadOnEveryPalette(_ name: String, _ theme: Theme) throws {
    let figure = try #require(EveryFigure.named(name))
    for palette in Palette.allCases {
      var style = Style(theme: theme)
      if palette.isDiverging { style.diverging = palette } else { style.sequential = palette }
      #expect(Self.pale(figure, style) == [], "\(palette)")
    }
  }

  private static func pale(_ figure: any Figure, _ style: Style) -> [String] {
    Grounds(figure.scene(in: style), style.theme).all
      .filter { $0.text.color.contrast(with: $0.ground) < 4.5 }
      .map { "“\($0.text.string)” \($0.text.color) on \($0.ground)" }
  }

  /// WCAG 2.1, 1.4.11: 3 to 1 for curves, against the paper. Curves are the lines of 1 point and
  /// more; thinner ones help to read them.
  @Test(arguments: EveryFigure.names, themes)
  func curvesCanBeSeen(_ name: String, _ theme: Theme) throws {
    let scene = try #require(EveryFigure.named(name)).scene(in: Style(theme: theme))
    let pale = Self.paths(scene.marks).compactMap { path -> String? in
      guard let stroke = path.stroke, stroke.width >= 1, stroke.color != theme.paper,
        stroke.color.opacity == 1, stroke.color.contrast(with: theme.paper) < 3
      else { return nil }
      return "\(stroke.width) \(stroke.color)"
    }
    #expect(Set(pale) == [])
  }

  private static func paths(_ marks: [Mark]) -> [Path] {
    marks.flatMap { mark -> [Path] in
      switch mark {
      case .path(let path): [path]
      case .group(let group): paths(group.marks)
      case .label(let label): paths(label.marks)
      case .text, .image: []
      }
    }
  }
}
