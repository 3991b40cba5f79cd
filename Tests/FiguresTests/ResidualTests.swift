import Figures
import TestSupport
import Testing

@Suite struct ResidualTests {
  @Test(arguments: [1, 2, 6, 12, 30, 96], Samples.widths)
  func textsKeepTheirDistance(_ layers: Int, _ width: Double?) {
    for tokens in [1, 3, 60] {
      let figure = Samples.residual(layers: layers, tokens: tokens)
      #expect(violations(figure, Samples.style(width)) == [])
    }
  }

  @Test func goldens() throws {
    let scene = Samples.residual(layers: 1, tokens: 2).scene(in: Samples.style(89))
    #expect(try Goldens.difference("residual.txt", scene.text) == nil)
  }
}
