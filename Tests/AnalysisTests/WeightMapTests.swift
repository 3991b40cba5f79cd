import Analysis
import Tensors
import Testing

@Suite struct WeightMapTests {
  /// Four tokens, rows that sum to 1.
  private let map = WeightMap(
    Tensor(
      [
        0.5, 0.1, 0.1, 0.3,
        0.2, 0.3, 0.4, 0.1,
        0.0, 0.0, 0.25, 0.75,
        1.0, 0.0, 0.0, 0.0,
      ], shape: [4, 4]))

  private func sums(_ map: WeightMap) -> [Double] {
    (0..<map.count).map { query in (0..<map.count).reduce(0) { $0 + map[query, $1] } }
  }

  @Test func renormalisedRowsSumToOneOrToNothing() {
    let cut = map.removing([0])
    #expect(cut.count == 3)
    #expect(zip(sums(cut), [1, 1, 0]).allSatisfy { abs($0 - $1) < 1e-12 })
    // Row 1 kept .8 of its weight: .3/.8, .4/.8, .1/.8.
    #expect(abs(cut[0, 0] - 0.375) < 1e-7 && abs(cut[0, 1] - 0.5) < 1e-7)
    guard case .removed([0], let kept) = cut.changes[0] else {
      Issue.record("\(cut.changes)")
      return
    }
    #expect(abs(kept - (0.8 + 1 + 0) / 3) < 1e-7)
    #expect(map.removing([9]) == map)
  }

  @Test func mergedWordsSumOverKeysAndAverageOverQueries() {
    let merged = map.merging(words: [nil, 7, 7, nil])
    #expect(merged.groups == [[0], [1, 2], [3]])
    #expect(zip(sums(merged), [1, 1, 1]).allSatisfy { abs($0 - $1) < 1e-7 })
    #expect(abs(merged[0, 1] - 0.2) < 1e-7, "a word receives what its pieces receive")
    #expect(abs(merged[1, 0] - 0.1) < 1e-7, "a word looks as its pieces look on average")
    #expect(abs(merged[1, 1] - (0.7 + 0.25) / 2) < 1e-7)
    #expect(merged.changes == [.merged(pieces: 4, words: 3)])
  }

  @Test func wordsStayApartWhenSomethingStandsBetween() {
    #expect(map.merging(words: [1, nil, 1, 2]).count == 4)
    #expect(map.merging(words: [1, 1, 2, 2]).groups == [[0, 1], [2, 3]])
  }

  @Test func theMeanIsTheMean() throws {
    let a = Tensor([1, 0, 0.5, 0.5], shape: [2, 2])
    let b = Tensor([0, 1, 0.25, 0.75], shape: [2, 2])
    let mean = try #require(WeightMap(meanOf: [a, b]))
    #expect(mean.weights == [0.5, 0.5, 0.375, 0.625])
    #expect(mean.changes == [.mean(heads: 2)])
    #expect(WeightMap(meanOf: []) == nil)
  }

  @Test func aMergedPairIsMaskedWhenAllOfItIs() {
    let causal = WeightMap(
      Tensor([1, 0, 0, 0.5, 0.5, 0, 0.2, 0.3, 0.5], shape: [3, 3]),
      mask: .causal(queries: 3, keys: 3))
    #expect(causal.mask == [false, true, true, false, false, true, false, false, false])
    #expect(causal.merging(words: [nil, 1, 1]).mask == [false, true, false, false])
    #expect(causal.removing([0]).mask == [false, true, false, false])
  }
}
