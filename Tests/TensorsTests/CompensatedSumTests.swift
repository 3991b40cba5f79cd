import Tensors
import Testing

@Suite struct CompensatedSumTests {
  @Test func keepsWhatRoundingTakes() {
    var sum = CompensatedSum()
    for term in [1, 1e100, 1, -1e100] { sum.add(term) }
    #expect(sum.value == 2)
  }

  @Test func aMillionTenthsAreAHundredThousand() {
    var sum = CompensatedSum()
    for _ in 0..<1_000_000 { sum.add(0.1) }
    #expect(sum.value == 100_000)
    #expect(CompensatedSum().value == 0)
  }
}
