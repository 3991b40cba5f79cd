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
    #expect(ranking.probabilities(at: 0) == [0.5, 0.5, 0, 0])
    #expect(ranking.probabilities(at: .infinity) == [0.25, 0.25, 0.25, 0.25])
  }

  @Test func probabilitiesAreThoseOfTheDistribution() throws {
    let logits = (0..<300).map { Double(($0 * 7919 + 13) % 1009) / 100 }
    let distribution = try #require(Distribution(logits: logits))
    let (ranking, found) = (Ranking(distribution), distribution.probabilities(at: 0.8))
    for (state, probability) in zip(ranking.states, ranking.probabilities(at: 0.8)) {
      #expect(abs(found[state] - probability) < 1e-15)
    }
  }

  /// Ten equal states: nine of them hold nine tenths.
  @Test func countsTheSmallestSetThatHoldsAMass() throws {
    let equal = try Self.ranking(Array(repeating: 1, count: 10))
    #expect(equal.sizeOfSet(holding: 0.9, at: 1) == 9)
    #expect(equal.sizeOfSet(holding: 0.91, at: 1) == 10)
    #expect(equal.sizeOfSet(holding: 1, at: 1) == 10)
    // Odds 4 : 2 : 1 at τ = 1/ln 2 for logits 2, 1, 0.
    let unequal = try Self.ranking([0, 2, 1])
    let tau = 1 / 0.6931471805599453
    #expect(unequal.sizeOfSet(holding: 0.57, at: tau) == 1)
    #expect(unequal.sizeOfSet(holding: 0.58, at: tau) == 2)
    #expect(unequal.sizeOfSet(holding: 0.86, at: tau) == 3)
    #expect(unequal.sizeOfSet(holding: 0.999, at: 0) == 1)
    for (share, expected) in zip(unequal.cumulativeShares(upTo: [1, 2, 3], at: tau), [4, 6, 7]) {
      #expect(abs(share - Double(expected) / 7) < 1e-12)
    }
    #expect(unequal.cumulativeShares(upTo: [3, 9], at: tau) == [1, 1])
  }
}
