import Figures
import TestSupport
import Testing

@Suite struct HeadFlowTests {
  @Test(arguments: [1, 3, 12, 24], Samples.widths)
  func textsKeepTheirDistance(_ count: Int, _ width: Double?) {
    for masked in [0, count / 2] {
      let figure = Samples.flow(
        Samples.tokens(count), masked: masked, hasOthers: count == 24, hasNorm: masked > 0)
      #expect(violations(figure, Samples.style(width)) == [])
    }
  }

  @Test(arguments: [Theme.paper, .light, .dark])
  func unicodeKeepsItsDistance(_ theme: Theme) {
    #expect(violations(Samples.flow(Samples.unicode), Samples.style(nil, theme)) == [])
  }

  @Test func masksAreHatchedAndNeverPrinted() {
    let figure = Samples.flow(Samples.tokens(6), masked: 2)
    let shares = figure.tokenPanels.compactMap { panel -> [Double?]? in
      if case .shares(let values) = panel.content { values } else { nil }
    }
    #expect(shares.first?.suffix(2) == [nil, nil])
    let strings = Inks(figure.scene(in: Style())).strings
    // A number of the mask's panel has two decimals: four of six rows have one.
    #expect(strings.count { $0.split(separator: ".").last?.count == 2 && $0.first != "n" } >= 4)
    #expect(!strings.contains("NaN"))
  }

  @Test func everyVectorHasItsLengthAndLargestValue() throws {
    let figure = Samples.flow(Samples.tokens(3))
    let strings = Inks(figure.scene(in: Style())).strings
    for panel in figure.vectorPanels {
      let squares = panel.values.reduce(0.0) { $0 + Double($1) * Double($1) }
      let norm = "norm " + NumberFormat.amount(squares.squareRoot(), decimals: 2)
      let largest = panel.values.map { Double($0.magnitude) }.max() ?? 0
      #expect(strings.contains(norm), "\(panel.heading.name)")
      #expect(strings.contains("±" + NumberFormat.score(largest)), "\(panel.heading.name)")
    }
  }

  @Test func goldens() throws {
    let figure = Samples.flow(Samples.tokens(3), masked: 1, hasOthers: true, width: 4)
    #expect(try Goldens.difference("flow.txt", figure.scene(in: Style()).text) == nil)
  }
}
