import Figures
import TestSupport
import Testing

@Suite struct DistanceTests {
  @Test(arguments: [1, 2, 3, 15, 60, 300], Samples.widths)
  func textsKeepTheirDistance(_ tokens: Int, _ width: Double?) {
    for (layers, heads) in [(1, 1), (2, 4), (6, 12), (30, 9), (12, 16)] {
      let figure = Samples.distance(layers: layers, heads: heads, tokens: tokens)
      #expect(violations(figure, Samples.style(width)) == [])
    }
  }

  @Test func goldens() throws {
    let scene = Samples.distance(layers: 1, heads: 2, tokens: 3).scene(in: Style())
    #expect(try Goldens.difference("distance.txt", scene.text) == nil)
  }
}
