import Testing
import Training

@Suite struct LearningRateTests {
  @Test func growsThenFallsAlongHalfACosine() {
    let rate = LearningRate(peak: 2, floor: 0.1, warmup: 4, steps: 24)
    #expect((0..<4).map { rate[$0] } == [0.5, 1, 1.5, 2])
    #expect(rate[4] == 2)
    #expect(abs(rate[14] - 1.1) < 1e-12)
    #expect(abs(rate[24] - 0.2) < 1e-12)
    #expect(rate[1000] == rate[24])
    #expect((4..<24).allSatisfy { rate[$0] > rate[$0 + 1] })
  }
}
