import Analysis
import Testing

@Suite struct PrintedNumberTests {
  @Test(arguments: [
    (0.125, 2, 13), (-0.125, 2, -13), (0.375, 2, 38), (1.2344, 3, 1234), (-2.5, 0, -3), (0, 2, 0),
  ])
  func halvesAreRoundedAwayFromZero(_ value: Double, _ decimals: Int, _ units: Int) {
    let number = PrintedNumber(value, decimals: decimals)
    #expect(number.units == units && number.decimals == decimals)
  }

  @Test func oneIsOne() { #expect(PrintedNumber.one(3).value == 1) }
}
