import Figures
import TestSupport
import Testing

@Suite struct ProductTests {
  @Test(arguments: [1, 2, 8, 32, 64, 128, 256], Samples.widths)
  func textsKeepTheirDistance(_ dimensions: Int, _ width: Double?) {
    #expect(violations(Samples.product(dimensions), Samples.style(width)) == [])
  }

  @Test func zerosAreDrawnAndNotNamed() {
    let figure = Product(
      caption: Samples.caption, queryName: "a", keyName: "b", query: [0, 0, 0], key: [0, 0, 0],
      steps: [])
    let scene = figure.scene(in: Style())
    #expect(violations(figure, Style()) == [])
    #expect(!Inks(scene).strings.contains { $0.hasPrefix("0:") })
  }

  @Test func theLargestTermsAreNamedWithTheirNumbers() {
    let figure = Product(
      caption: Samples.caption, queryName: "a", keyName: "b", query: [1, 2, -3, 0.1],
      key: [2, 2, 2, 0.1], steps: [])
    let strings = Inks(figure.scene(in: Style())).strings
    for name in ["0: 2.00", "1: 4.00", "2: −6.00"] { #expect(strings.contains(name)) }
    #expect(strings.contains("0.01"), "the sum of all four")
  }

  @Test func goldens() throws {
    let scene = Samples.product(4).scene(in: Samples.style(89))
    #expect(try Goldens.difference("product.txt", scene.text) == nil)
  }
}
