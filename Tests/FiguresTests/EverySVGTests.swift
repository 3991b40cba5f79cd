import Drawing
import Figures
import Testing

/// What every figure's SVG promises to people who search, copy or hear it.
@Suite struct EverySVGTests {
  @Test(arguments: EveryFigure.names) func isAnImageWithWords(_ name: String) throws {
    let scene = try #require(EveryFigure.named(name)).scene(in: Style(measure: .typeset))
    let svg = String(decoding: try scene.data(Export(.svg)), as: UTF8.self)
    #expect(svg.contains(#"role="img""#) && svg.contains("aria-labelledby="))
    #expect(svg.firstMatch(of: #/<title id="[^"]+">[^<]+</title>/#) != nil)
    #expect(svg.firstMatch(of: #/<desc id="[^"]+">[^<]+</desc>/#) != nil)
    let ids = svg.matches(of: #/ id="([^"]+)"/#).map { String($0.1) }
    #expect(Set(ids).count == ids.count)
    // Every text is one that can be selected.
    let texts = Self.plain(svg)
    for string in Set(Inks(scene).strings) where !string.allSatisfy(\.isWhitespace) {
      #expect(texts.contains(string.filter { !$0.isWhitespace }), "“\(string)”")
    }
  }

  /// The characters of all text elements, without spaces.
  private static func plain(_ svg: String) -> String {
    svg.matches(of: #/<text[^>]*>(.*?)</text>/#.dotMatchesNewlines()).map { match in
      String(match.1).replacing(#/<[^>]*>/#, with: "").replacing("&lt;", with: "<")
        .replacing("&gt;", with: ">").replacing("&#39;", with: "'").replacing("&quot;", with: "\"")
        .replacing("&amp;", with: "&")
        .filter { !$0.isWhitespace }
    }.joined(separator: "\n")
  }
}
