import Figures
import TestSupport
import Testing

@Suite struct SurpriseTests {
  /// Probabilities ½, ¼, 1/64: 1, 2 and 6 bits; mean 3 bits, perplexity 2³ = 8.
  private func figure(ranks: [Int] = [1, 2, 40]) -> Surprise {
    let ln2 = 0.6931471805599453
    let predicted = zip([1.0, 2, 6], ranks).enumerated().map { index, pair in
      Surprise.Position(
        TokenLabel("t\(index + 1)"),
        .init(
          surprise: pair.0 * ln2, rank: pair.1,
          expected: TokenProbability(TokenLabel("e\(index + 1)"), 0.75)))
    }
    return Surprise(
      caption: Caption(title: "Surprise"),
      positions: [Surprise.Position(TokenLabel("t0"))] + predicted, vocabulary: 1000)
  }

  @Test func theFactsFollowFromTheProbabilities() {
    let strings = Inks(figure().scene(in: Style())).strings
    #expect(strings.contains("2.08 nats = 3.00 bits"))
    #expect(strings.contains("8.00"))
    #expect(strings.contains("1 of 3"))
    #expect(strings.contains("6.24 nats"))
    // 1/64 of the last token, in the list.
    #expect(strings.contains("0.016") && strings.contains("4.16") && strings.contains("e3"))
  }

  @Test func barsAreAsHighAsTheirSurprises() {
    let style = Style()
    let bars = rectangles(part("line-1", of: figure().scene(in: style)))
      .filter { $0.frame.size.width < 6 }
    let heights = bars.map(\.frame.size.height)
    #expect(heights.count == 3)
    #expect(abs(heights[1] / heights[0] - 2) < 1e-9 && abs(heights[2] / heights[0] - 6) < 1e-9)
    #expect(bars.map { $0.color == style.theme.warn } == [false, true, true])
  }

  @Test func theFirstTokenHasNone() {
    let strings = Inks(figure().scene(in: Style())).strings
    #expect(strings.contains("–"))
    #expect(strings.joined(separator: " ").contains("nothing predicts it"))
    let alone = Surprise(
      caption: Caption(title: "One"), positions: [Surprise.Position(TokenLabel("a"))],
      vocabulary: 10)
    let words = Inks(alone.scene(in: Style())).strings
    #expect(!words.contains("Most surprising"))
    #expect(words.joined(separator: " ").contains("No token of this text is predicted"))
  }

  @Test func aFirstChoiceIsNeverListed() {
    let strings = Inks(figure(ranks: [1, 1, 1]).scene(in: Style())).strings
    #expect(!strings.contains("Most surprising"))
    #expect(!strings.joined(separator: " ").contains("Red:"))
  }

  @Test func everyTokenOfALongTextIsThere() {
    let positions = (0..<300).map { index in
      Surprise.Position(
        TokenLabel("w\(index)"),
        index == 0
          ? nil
          : .init(
            surprise: Double(index % 7), rank: 2,
            expected: TokenProbability(TokenLabel("x"), 0.5)))
    }
    let figure = Surprise(
      caption: Caption(title: "Long"), positions: positions, vocabulary: 1000)
    let strings = Set(Inks(figure.scene(in: Style())).strings)
    #expect((0..<300).allSatisfy { strings.contains("w\($0)") })
  }

  @Test func impossibleTokensAreInfinite() {
    var figure = figure()
    figure.positions[3].prediction?.surprise = .infinity
    let strings = Inks(figure.scene(in: Style())).strings
    #expect(strings.contains("∞"))
    #expect(strings.joined(separator: " ").contains("probability 0."))
  }

  @Test func narrowListsSayWhatTheyLeaveOut() {
    let strings = Inks(figure().scene(in: GenerationFiguresTests.style(60))).strings
    #expect(strings.joined(separator: " ").contains("No room in the list for:"))
    let wide = Inks(figure().scene(in: Style())).strings
    #expect(!wide.joined(separator: " ").contains("No room in the list for:"))
  }

  @Test func goldens() throws {
    let scene = figure().scene(in: Style())
    #expect(try Goldens.difference("surprise.txt", scene.text) == nil)
  }
}
