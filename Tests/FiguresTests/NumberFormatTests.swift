import Figures
import Testing

@Suite struct NumberFormatTests {
  @Test(arguments: [
    (0.64, ".64"), (0.5, ".50"), (0.005, ".01"), (0.01, ".01"), (0.9949, ".99"), (0.996, ">.99"),
    (0.9999999, ">.99"), (1, "1"), (0, "0"), (0.004, "<.01"), (1.0000001, "1.00"),
  ])
  func weights(_ value: Double, _ expected: String) {
    #expect(NumberFormat.weight(value) == expected)
  }

  @Test func cellsAreBlankBelowAHalfPercent() {
    #expect(NumberFormat.cellWeight(0.00499) == nil)
    #expect(NumberFormat.cellWeight(0.005) == ".01")
    #expect(NumberFormat.cellWeight(0) == "0")
    #expect(NumberFormat.cellWeight(0.9999) == ".99")
  }

  /// "0" and "1" are printed for exactly 0 and 1 only.
  @Test func roundedValuesNeverReachTheEnds() {
    var value = 1e-12
    while value < 1 {
      #expect(!["0", "1"].contains(NumberFormat.weight(value)))
      #expect(!["0", "1"].contains(NumberFormat.weight(1 - value)))
      #expect(NumberFormat.score(value) != "0")
      value *= 1.7
    }
  }

  @Test(arguments: [
    (-2.6, "−2.6"), (5.46, "5.5"), (-0.04, "0.0"), (0, "0"), (99.94, "99.9"), (99.96, "100"),
    (-1204.4, "−1,204"), (-110208, "−110,208"), (2_500_000, "2.5·10⁶"), (-9.99e11, "−1.0·10¹²"),
    (.infinity, "∞"), (-.infinity, "−∞"), (.nan, "NaN"),
  ])
  func scores(_ value: Double, _ expected: String) {
    #expect(NumberFormat.score(value) == expected)
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (49152, "49,152"), (-1234567, "−1,234,567"),
  ])
  func counts(_ value: Int, _ expected: String) {
    #expect(NumberFormat.count(value) == expected)
  }

  @Test(arguments: [
    (0, "0"), (0.25, ".25"), (0.5, ".5"), (1, "1"), (-2.5, "−2.5"), (-0.15, "−.15"),
    (0.1 + 0.2, ".3"), (12000, "12,000"), (0.001, ".001"),
  ])
  func ticks(_ value: Double, _ expected: String) {
    #expect(NumberFormat.tick(value) == expected)
  }

  @Test func fixed() {
    #expect(NumberFormat.fixed(2.5, decimals: 0) == "3")
    #expect(NumberFormat.fixed(-3.14159, decimals: 3) == "−3.142")
    #expect(NumberFormat.fixed(1.005, decimals: 1) == "1.0")
  }
}
