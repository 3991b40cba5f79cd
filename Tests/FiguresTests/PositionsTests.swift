import Figures
import TestSupport
import Testing

@Suite struct PositionsTests {
  @Test(arguments: [1, 3, 64, 512], Samples.widths)
  func textsKeepTheirDistance(_ positions: Int, _ width: Double?) {
    for (dimensions, tokens) in [(1, 1), (32, 3), (384, 15), (768, 60)] {
      let figure = Samples.positions(
        positions, dimensions: dimensions, tokens: Samples.tokens(tokens))
      #expect(violations(figure, Samples.style(width)) == [])
    }
  }

  @Test func aFewLargeValuesAreClippedAndCounted() {
    var values = [Float](repeating: 0.1, count: 1000)
    values[3] = 4
    values[500] = -2
    func notes(_ values: [Float]) -> String {
      let figure = Positions(
        caption: Samples.caption, values: values, positions: 10, dimensions: 100,
        columnName: "dimension", legend: LegendText(name: ["value"]), similarity: [],
        similarityName: "", comparison: nil)
      return Inks(figure.scene(in: Style())).strings.joined(separator: " ")
    }
    #expect(notes(values).contains("2 of 1,000 values lie beyond, the largest 4.00"))
    #expect(!notes([Float](repeating: 0.1, count: 1000)).contains("beyond"))
  }

  @Test func goldens() throws {
    let tokens = ["a", "b", "a"].map { TokenLabel($0) }
    let scene = Samples.positions(4, dimensions: 4, tokens: tokens).scene(in: Samples.style(89))
    #expect(try Goldens.difference("positions.txt", scene.text) == nil)
  }
}
