import Testing
import Training

@Suite struct RatioHistogramTests {
  @Test func tokensAreCountedOnTheSideOfTheirAdvantage() {
    var histogram = RatioHistogram(clip: 0.2)
    histogram.add(ratio: 1, advantage: 1)
    histogram.add(ratio: 1.25, advantage: 2)
    histogram.add(ratio: 1.25, advantage: -2)
    histogram.add(ratio: 0.7, advantage: -1)
    histogram.add(ratio: 0.7, advantage: 1)
    histogram.add(ratio: 50, advantage: 1)
    histogram.add(ratio: 0, advantage: 0)
    #expect(histogram.count == 6)
    #expect(histogram.better.reduce(0, +) == 4)
    // A ratio of 1 is in the bin that begins there.
    #expect(histogram.better[16] == 1 && abs(histogram.edges[15] - 1) < 1e-9)
    #expect(histogram.better.last == 1)
    // 1.25 and 50 where the advantage is above 0, 0.7 where it is below.
    #expect(histogram.clippedShare == 0.5)
  }
}
