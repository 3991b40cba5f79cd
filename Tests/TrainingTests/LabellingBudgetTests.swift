import Testing
import Training

@Suite struct LabellingBudgetTests {
  private let quality = (0..<30).map { Double(($0 * 17) % 30) }

  private func rows(_ raters: LabellingBudget.Raters, _ budgets: [Int]) -> [LabellingBudget.Row] {
    LabellingBudget(quality, raters: raters, budgets: budgets, seeds: 8).rows
  }

  /// Raters who see all and have one scale: a score of every text is the truth.
  @Test func perfectRatersGiveTheTruth() throws {
    var raters = LabellingBudget.Raters()
    (raters.offset, raters.scale, raters.noise) = (0, 0, 0)
    let found = rows(raters, [30])
    let scores = try #require(found.first { $0.method == .scores && $0.answers == 30 })
    #expect(scores.correlation == 1 && scores.accuracy == 1 && scores.deviation == 0)
    // Thirty choices tell less than thirty exact scores.
    #expect(found[0].method == .pairs && found[0].correlation < 0.9 && found[0].read == 60)
  }

  /// Offsets hurt scores and leave choices as they are, to the last bit.
  @Test func offsetsDoNotTouchChoices() throws {
    var (same, other) = (LabellingBudget.Raters(), LabellingBudget.Raters())
    (same.offset, same.scale) = (0, 0)
    (other.offset, other.scale) = (3, 0.5)
    let (a, b) = (rows(same, [240]), rows(other, [240]))
    #expect(a[0].method == .pairs && a[0] == b[0])
    #expect(b[1].method == .scores && b[1].correlation < a[1].correlation - 0.1)
  }

  /// More answers tell more, and the same call the same.
  @Test func moreAnswersTellMore() {
    let found = rows(LabellingBudget.Raters(), [30, 900])
    for method in 0..<3 { #expect(found[method].correlation < found[5 + method].correlation) }
    #expect(found == rows(LabellingBudget.Raters(), [30, 900]))
    #expect(found.map(\.read) == [60, 30, 30, 60, 60, 1800, 900, 900, 1800, 1800])
  }
}
