import Figures
import TestSupport
import Testing

@Suite struct ArcsTests {
  @Test(arguments: [1, 2, 3, 8, 15, 25, 60, 90], Samples.widths)
  func textsKeepTheirDistance(_ count: Int, _ width: Double?) {
    for heads in [1, 3, 7] {
      for layout in Arcs.Layout.allCases {
        let figure = Samples.arcs(Samples.tokens(count), heads: heads, layout)
        #expect(violations(figure, Samples.style(width)) == [])
      }
    }
  }

  @Test(arguments: Samples.widths, Arcs.Layout.allCases)
  func unicode(_ width: Double?, _ layout: Arcs.Layout) {
    #expect(
      violations(Samples.arcs(Samples.unicode, heads: 6, layout), Samples.style(width)) == [])
  }

  /// The widths of the lines in a label.
  private func widths(_ figure: Arcs, _ name: String) -> [Double] {
    figure.scene(in: Style()).marks.flatMap { mark -> [Double] in
      guard case .label(let label) = mark, label.name == name else { return [] }
      return label.marks.compactMap {
        if case .path(let path) = $0 { path.stroke?.width } else { nil }
      }
    }
  }

  @Test func anArcIsAsWideAsItsWeight() throws {
    let tokens = ["a", "b", "c", "d"].map { TokenLabel($0) }
    let figure = Arcs(
      caption: Samples.caption, tokens: tokens,
      heads: [.init(name: "L0H0", weights: [0.4, 0.05, 0.35, 0.2])], focus: 2, layout: .arcs,
      threshold: 0.1)
    let widths = widths(figure, "arcs").sorted()
    // Two of four: one is the token itself, one is below the threshold.
    try #require(widths.count == 2)
    #expect(abs(widths[1] / widths[0] - 2) < 1e-9)
  }

  @Test func whatIsNotDrawnIsCounted() {
    let tokens = ["a", "b", "c", "d"].map { TokenLabel($0) }
    let figure = Arcs(
      caption: Samples.caption, tokens: tokens,
      heads: [.init(name: "L0H0", weights: [0.6, 0.05, 0.2, 0.15])], focus: 2, layout: .arcs,
      threshold: 0.1)
    let notes = Inks(figure.scene(in: Style())).strings.joined(separator: " ")
      .map { $0 == "\u{A0}" ? " " : String($0) }.joined()
    #expect(notes.contains("2 links are drawn and hold 75 % of the weight"))
    #expect(notes.contains("1 weights below .1 are not"))
    #expect(notes.contains(".05"), "the table holds every weight")
  }

  @Test func railsDrawTheFocusedRowOnly() {
    var figure = Samples.arcs(Samples.tokens(5), heads: 2, .rails)
    figure.threshold = 0
    #expect(widths(figure, "links").count == 50)
    figure.focus = 1
    #expect(widths(figure, "links").count == 10)
  }

  @Test func goldens() throws {
    let tokens = ["[CLS]", "it", "is"].map { TokenLabel($0, isFocused: $0 == "it") }
    let arcs = Samples.arcs(tokens, heads: 2)
    #expect(try Goldens.difference("arcs.txt", arcs.scene(in: Style()).text) == nil)
    let rails = Samples.arcs(tokens, heads: 1, .rails)
    #expect(try Goldens.difference("arcs-rails.txt", rails.scene(in: Style()).text) == nil)
  }
}
