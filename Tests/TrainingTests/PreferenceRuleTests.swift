import Testing
import Training

@Suite struct PreferenceRuleTests {
  @Test func scoresAreThoseOfTheText() {
    #expect(PreferenceRule.shorter.score(of: " a red, red cat ", isFinished: true) == -4)
    #expect(PreferenceRule.shorter.score(of: "", isFinished: true) == 0)
    let animals = PreferenceRule.animals
    #expect(animals.score(of: "a dog, two Dogs and a cat", isFinished: false) == 2)
    #expect(animals.score(of: "catalog of hotdogs; glass", isFinished: false) == 0)
    let ends = PreferenceRule.ends
    #expect(ends.score(of: "it is cut", isFinished: false) == 0)
    #expect(ends.score(of: "it is cut", isFinished: true) == 1)
    #expect(ends.score(of: "it says “so.” ", isFinished: false) == 1)
    #expect(ends.score(of: "Größe 3.5 東京", isFinished: false) == 0)
  }

  @Test func equalScoresHaveNoLabel() {
    #expect(PreferenceRule.label(1, 1, noise: 0.5, seed: 0, number: 0) == nil)
    let label = PreferenceRule.label(1, 2, noise: 0, seed: 0, number: 0)
    #expect(label?.choosesFirst == false && label?.isFlipped == false)
  }

  @Test func noiseTurnsItsShareOfTheLabelsRound() {
    let flipped = (0..<4000).count {
      PreferenceRule.label(2, 1, noise: 0.1, seed: 7, number: $0)?.isFlipped == true
    }
    // Five deviations of a binomial are 95.
    #expect(abs(flipped - 400) < 95)
    let again = PreferenceRule.label(2, 1, noise: 0.1, seed: 7, number: 3)
    #expect(again == PreferenceRule.label(2, 1, noise: 0.1, seed: 7, number: 3))
  }
}
