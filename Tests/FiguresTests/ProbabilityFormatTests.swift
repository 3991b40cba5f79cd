import Figures
import Testing

@Suite struct ProbabilityFormatTests {
  @Test(arguments: [
    (0.772532, "0.773"), (0.0005, "0.001"), (0.00026, "2.6·10⁻⁴"), (2.0345e-5, "2.0·10⁻⁵"),
    (0.99949, "0.999"), (0.9995, ">0.999"), (0.99996, ">0.999"), (0.5, "0.500"), (0, "0"),
    (1, "1"), (9.96e-5, "1.0·10⁻⁴"), (5e-324, "4.9·10⁻³²⁴"), (.nan, "NaN"),
  ])
  func probabilities(_ value: Double, _ expected: String) {
    #expect(NumberFormat.probability(value) == expected)
  }

  @Test func roundedEndsAreNotExact() {
    #expect(NumberFormat.probability(1, isExact: false) == ">0.999")
    #expect(NumberFormat.probability(0, isExact: false) == "<10⁻³⁰⁰")
    #expect(NumberFormat.share(1, isExact: false) == ">0.999999")
    #expect(NumberFormat.amount(0, isExact: false) == "<10⁻³⁰⁰")
  }

  @Test(arguments: [
    (0.99984, "0.9998"), (0.99998, "0.99998"), (0.9999999, ">0.999999"), (0.22747, "0.227"),
    (0.00804, "0.008"), (1, "1"), (0, "0"), (0.9995, "0.9995"),
  ])
  func shares(_ value: Double, _ expected: String) {
    #expect(NumberFormat.share(value) == expected)
  }

  /// "0" and "1" are printed for exactly 0 and 1 only, "0.000" and "1.000" never.
  @Test func roundedValuesNeverReachTheEnds() {
    let ends = ["0", "1", "0.000", "1.000", "0.0", "1.0"]
    var value = 1e-15
    while value < 1 {
      for number in [value, 1 - value] where number > 0 && number < 1 {
        #expect(!ends.contains(NumberFormat.probability(number)), "\(number)")
        #expect(!ends.contains(NumberFormat.share(number)), "\(number)")
      }
      #expect(!ends.contains(NumberFormat.amount(value)))
      #expect(!ends.contains(NumberFormat.scientific(value)))
      value *= 1.37
    }
  }

  @Test(arguments: [
    (1.4806, "1.481"), (5632.6, "5,633"), (49152, "49,152"), (0.0000412, "4.1·10⁻⁵"), (0, "0"),
    (.infinity, "∞"), (999.4, "999.400"), (0.0004, "4.0·10⁻⁴"),
  ])
  func amounts(_ value: Double, _ expected: String) {
    #expect(NumberFormat.amount(value) == expected)
  }

  @Test(arguments: [
    (0, "0"), (0.5, "0.5"), (1, "1"), (1.35, "1.35"), (1.3499, "1.35"), (.infinity, "∞"),
    (100, "100"), (0.1, "0.1"), (12.34, "12.3"), (0.001, "0.001"), (0.00012, "1.2·10⁻⁴"),
    (2500, "2,500"), (99.96, "100"),
  ])
  func temperatures(_ value: Double, _ expected: String) {
    #expect(NumberFormat.temperature(value) == expected)
  }

  @Test func ticksShareTheirDecimals() {
    #expect(NumberFormat.ticks([0, 0.05, 0.1]) == ["0", "0.05", "0.10"])
    #expect(NumberFormat.ticks([-100, -50, 0]) == ["−100", "−50", "0"])
    #expect(NumberFormat.ticks([0, 2.5, 5]) == ["0", "2.5", "5.0"])
    #expect(NumberFormat.ticks([0, 20_000]) == ["0", "20,000"])
  }
}
