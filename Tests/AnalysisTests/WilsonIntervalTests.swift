import Analysis
import Testing

@Suite struct WilsonIntervalTests {
  /// Table I of Newcombe 1998, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
  @Test(arguments: [
    (81.0, 263.0, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
    (1, 29, 0.0061, 0.1718),
  ])
  func publishedIntervals(_ hits: Double, _ count: Double, _ low: Double, _ high: Double) {
    let found = WilsonInterval.of(hits, of: count)
    #expect(abs(found.lowerBound - low) < 5.1e-5 && abs(found.upperBound - high) < 5.1e-5)
  }

  /// What came out always and what never are mirror images, inside 0 to 1.
  @Test func staysBetweenTheEnds() {
    let (none, all) = (WilsonInterval.of(0, of: 7), WilsonInterval.of(7, of: 7))
    #expect(none.lowerBound == 0 && abs(all.upperBound - 1) < 1e-15)
    #expect(abs(none.upperBound - (1 - all.lowerBound)) < 1e-12)
  }
}
