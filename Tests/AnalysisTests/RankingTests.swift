import Analysis
import Tensors
import Testing

@Suite struct RankingTests {
  static func ranking(_ logits: [Double]) throws -> Ranking {
    Ranking(try #require(Distribution(logits: logits)))
  }

  @Test func ordersByLogitWhateverTheTemperature() throws {
    let ranking = try Self.ranking([1, 3, -.infinity, 3, 2])
    #expect(ranking.states == [1, 3, 4, 0])
    #expect(ranking.ranked(at: 0).values == [0.5, 0.5, 0, 0])
    #expect(ranking.ranked(at: .infinity).values == [0.25, 0.25, 0.25, 0.25])
  }

  @Test func probabilitiesAreThoseOfTheDistribution() throws {
    let logits = (0..<300).map { Double(($0 * 7919 + 13) % 1009) / 100 }
    let distribution = try #require(Distribution(logits: logits))
    let (ranking, found) = (Ranking(distribution), distribution.probabilities(at: 0.8))
    for (state, probability) in zip(ranking.states, ranking.ranked(at: 0.8).values) {
      #expect(abs(found[state] - probability) < 1e-15)
    }
  }

  /// Ten equal states: nine of them hold nine tenths.
  @Test func countsTheSmallestSetThatHoldsAMass() throws {
    let equal = try Self.ranking(Array(repeating: 1, count: 10))
    #expect(equal.ranked(at: 1).sizeOfSet(holding: 0.9) == 9)
    #expect(equal.ranked(at: 1).sizeOfSet(holding: 0.91) == 10)
    #expect(equal.ranked(at: 1).sizeOfSet(holding: 1) == 10)
    // Odds 4 : 2 : 1 at τ = 1/ln 2 for logits 2, 1, 0.
    let unequal = try Self.ranking([0, 2, 1])
    let tau = 1 / 0.6931471805599453
    #expect(unequal.ranked(at: tau).sizeOfSet(holding: 0.57) == 1)
    #expect(unequal.ranked(at: tau).sizeOfSet(holding: 0.58) == 2)
    #expect(unequal.ranked(at: tau).sizeOfSet(holding: 0.86) == 3)
    #expect(unequal.ranked(at: 0).sizeOfSet(holding: 0.999) == 1)
    for (share, expected) in zip(
      unequal.ranked(at: tau).cumulativeShares(upTo: [1, 2, 3]), [4, 6, 7])
    {
      #expect(abs(share - Double(expected) / 7) < 1e-12)
    }
    #expect(unequal.ranked(at: tau).cumulativeShares(upTo: [3, 9]) == [1, 1])
  }
}
