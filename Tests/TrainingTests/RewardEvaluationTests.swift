import Files
import Testing
import Training

@Suite struct RewardEvaluationTests {
  private typealias Judged = RewardEvaluation.Judged

  @Test func numbersAreThoseThatWereWorkedOut() {
    // Margins 1, −1, 2 and 0: two of four are right.
    let found = RewardEvaluation(
      [
        (Judged(reward: 2, length: 1, score: 3), Judged(reward: 1, length: 2, score: 1)),
        (Judged(reward: 0, length: 3, score: 0), Judged(reward: 1, length: 4, score: 2)),
        (Judged(reward: 3, length: 5, score: 2), Judged(reward: 1, length: 6, score: 2)),
        (Judged(reward: 1, length: 7, score: 1), Judged(reward: 1, length: 8, score: 0)),
      ], trained: 9)
    #expect(found.pairs == 4 && found.trained == 9)
    #expect(found.accuracy == 0.5)
    // By the rule itself the second label was wrong, and the third pair has no better text.
    #expect(abs((found.ruleAccuracy ?? 0) - 2.0 / 3) < 1e-12)
    // (ln(1 + e⁻¹) + ln(1 + e) + ln(1 + e⁻²) + ln 2) / 4.
    #expect(abs(found.loss - 0.6116496) < 1e-6)
    #expect(found.mean == 1.25 && abs(found.deviation - 0.8291562) < 1e-6)
    #expect(found.calibration.reduce(0) { $0 + $1.count } == 4)
    #expect(abs((found.correlations.length ?? 0) - (-0.0657952)) < 1e-6)
    #expect(RewardEvaluation(found.json) == found)
  }

  @Test func aCalibratedModelHasNoError() {
    // Δ = ln 3 says .75; three of four are right on either side.
    let (right, wrong) = (1.0986122886681098, -1.0986122886681098)
    let margins = [right, right, right, right, right, right, wrong, wrong]
    let found = RewardEvaluation(
      margins.map {
        (Judged(reward: $0, length: 1, score: nil), Judged(reward: 0, length: 1, score: nil))
      }, trained: 1)
    #expect(found.calibrationError < 1e-9)
    #expect(found.ruleAccuracy == nil && found.correlations.score == nil)
  }
}
