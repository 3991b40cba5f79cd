import Testing
import Training

@Suite struct AdvantagesTests {
  @Test func estimateIsTheSumOfThePaper() throws {
    let part = try AlignmentFixture.part("advantages")
    let found = Advantages(
      rewards: part.numbers("rewards"), values: part.numbers("values"),
      discount: part.number("discount"), decay: part.number("decay"))
    #expect(agree(found.advantages, part.numbers("advantages")))
    #expect(agree(found.returns, part.numbers("returns")))
  }

  @Test func withoutDecayItIsOneStepAndWithItTheWholeReturn() {
    let (rewards, values) = ([1.0, -2, 4], [0.5, 1, 2])
    let one = Advantages(rewards: rewards, values: values, discount: 1, decay: 0)
    #expect(one.advantages == [1.5, -1, 2])
    let all = Advantages(rewards: rewards, values: values, discount: 1, decay: 1)
    #expect(all.returns == [3, 2, 4])
  }

  @Test func whitenedNumbersHaveMeanZeroAndDeviationOne() {
    let white = Advantages.whitened([[1, 2], [3, 6]]).flatMap(\.self)
    #expect(abs(white.reduce(0, +)) < 1e-9)
    #expect(abs(white.reduce(0) { $0 + $1 * $1 } / 4 - 1) < 1e-6)
    #expect(Advantages.whitened([[7, 7]]) == [[0, 0]])
  }
}
