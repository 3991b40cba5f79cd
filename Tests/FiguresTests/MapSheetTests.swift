import Figures
import TestSupport
import Testing

@Suite struct MapSheetTests {
  @Test(arguments: [1, 2, 3, 8, 15, 25, 60, 150], Samples.widths)
  func textsKeepTheirDistance(_ count: Int, _ width: Double?) {
    let tokens = Samples.tokens(count)
    let style = Samples.style(width)
    let three = Masks(caption: Samples.caption, sheet: Samples.sheet(tokens, panels: 3))
    let four = Masks(caption: Samples.caption, sheet: Samples.sheet(tokens, panels: 4, pads: 3))
    let scaling = Scaling(
      caption: Samples.caption, sheet: Samples.sheet(tokens, panels: 3, hasMargins: true))
    #expect(violations(three, style) == [])
    #expect(violations(four, style) == [])
    #expect(violations(scaling, style) == [])
  }

  @Test(arguments: Samples.widths) func unicode(_ width: Double?) {
    let sheet = Samples.sheet(Samples.unicode, panels: 3, hasMargins: true)
    #expect(violations(Scaling(caption: Samples.caption, sheet: sheet), Samples.style(width)) == [])
  }

  @Test func everyMapIsNamedAndDrawn() {
    let sheet = Samples.sheet(Samples.tokens(6), panels: 3)
    let scene = Masks(caption: Samples.caption, sheet: sheet).scene(in: Style())
    let names = scene.marks.compactMap {
      if case .label(let label) = $0 { label.name } else { nil }
    }
    #expect(["map-1", "map-2", "map-3"].allSatisfy(names.contains))
    let strings = Inks(scene).strings
    #expect(strings.contains("Causal") && strings.contains("masked"))
    #expect(strings.count { $0 == "re-masked" } == 2)
  }

  @Test func aRowsNumberIsPrintedBesideItsBar() {
    let sheet = Samples.sheet(Samples.tokens(6), panels: 1, hasMargins: true)
    let strings = Inks(Scaling(caption: Samples.caption, sheet: sheet).scene(in: Style())).strings
    #expect(strings.count { $0 == "0.70" } == 2 && strings.count { $0 == "1.40" } == 2)
  }

  @Test func goldens() throws {
    let sheet = Samples.sheet(["a", "b"].map { TokenLabel($0) }, panels: 2, hasMargins: true)
    let scene = Scaling(caption: Samples.caption, sheet: sheet).scene(in: Style())
    #expect(try Goldens.difference("scaling.txt", scene.text) == nil)
  }
}
