import Analysis
import Testing

@Suite struct KendallCorrelationTests {
  /// Kendall 1938: of 1 2 3 4 and 3 4 1 2 four pairs are in the other order, two in the same.
  @Test func withoutTies() throws {
    let found = try #require(RankCorrelation.kendall([1, 2, 3, 4], [3, 4, 1, 2]))
    #expect(abs(found + 1.0 / 3) < 1e-15)
    #expect(RankCorrelation.kendall([1, 2, 3], [5, 7, 9]) == 1)
    #expect(RankCorrelation.kendall([1, 2, 3], [9, 7, 5]) == -1)
  }

  /// With ties: 1 2 2 3 orders five pairs, 1 2 3 4 six, all of the five in the same order.
  @Test func withTies() throws {
    let found = try #require(RankCorrelation.kendall([1, 2, 2, 3], [1, 2, 3, 4]))
    #expect(abs(found - 5 / 30.0.squareRoot()) < 1e-15)
  }

  @Test func withoutAnOrder() {
    #expect(RankCorrelation.kendall([1, 1, 1], [1, 2, 3]) == nil)
    #expect(RankCorrelation.kendall([], []) == nil)
    #expect(RankCorrelation.kendall([1, .nan], [1, 2]) == nil)
  }
}
