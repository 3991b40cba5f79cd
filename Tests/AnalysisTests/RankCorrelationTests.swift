import Analysis
import Testing

@Suite struct RankCorrelationTests {
  /// The example of most textbooks, intelligence and hours of television: ρ = −29/165.
  @Test func theTextbookExample() throws {
    let iq: [Double] = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110]
    let hours: [Double] = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17]
    let found = try #require(RankCorrelation.spearman(iq, hours))
    #expect(abs(found + 29.0 / 165) < 1e-15)
  }

  /// Without ties it is 1 − 6 Σ d² / (n (n² − 1)).
  @Test func theFormulaWithoutTies() throws {
    let order = [4, 9, 1, 7, 0, 3, 8, 2, 6, 5, 10]
    let x = order.indices.map(Double.init)
    let squares = order.enumerated().reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let expected = 1 - 6 * Double(squares) / Double(11 * 120)
    let found = try #require(RankCorrelation.spearman(x, order.map { Double($0) * 3 - 7 }))
    #expect(abs(found - expected) < 1e-15)
  }

  /// Ranks 1, 2½, 2½, 4 and 1, 3, 2, 4: covariance 4.5, variances 4.5 and 5.
  @Test func tiesShareTheirMeanRank() throws {
    let found = try #require(RankCorrelation.spearman([1, 2, 2, 3], [1, 3, 2, 4]))
    #expect(abs(found - 4.5 / (4.5 * 5.0).squareRoot()) < 1e-15)
    // Ranks 3, 3, 3, 3, 3, 6 and 1 … 6: covariance 7.5, variances 7.5 and 17.5.
    let five = try #require(RankCorrelation.spearman([0, 0, 0, 0, 0, 1], [1, 2, 3, 4, 5, 6]))
    #expect(abs(five - 7.5 / (7.5 * 17.5).squareRoot()) < 1e-15)
  }

  @Test func equalOrdersAreExactlyOne() {
    let x = [0.1, -3, 0.7, 1e-30, 0.2]
    #expect(RankCorrelation.spearman(x, x.map { $0 * 1e6 }) == 1)
    #expect(RankCorrelation.spearman(x, x.map { -$0 }) == -1)
    #expect(RankCorrelation.spearman([1, 1, 2, 5], [3, 3, 8, 9]) == 1)
  }

  @Test func withoutAnOrderThereIsNone() {
    #expect(RankCorrelation.spearman([1, 2], [1, 2]) == nil)
    #expect(RankCorrelation.spearman([1, 1, 1], [1, 2, 3]) == nil)
    #expect(RankCorrelation.spearman([1, .nan, 2], [1, 2, 3]) == nil)
    #expect(RankCorrelation.spearman([], []) == nil)
  }
}
