import Foundation
import Tensors
import Testing

@Suite struct ExponentialTests {
  /// From the smallest result that is not 0 to the largest that is finite.
  @Test func agreesWithTheSystemsLibrary() {
    var worst = 0.0
    for step in 0...200_000 {
      let x = -707 + Double(step) * 1416.7 / 200_000
      worst = max(worst, abs(reproducibleExponential(x) / exp(x) - 1))
    }
    #expect(worst < 4e-16)
  }

  @Test(arguments: [-745.1, -740, -710.5, -708.4])
  func isCloseWhereResultsAreSubnormal(x: Double) {
    #expect(abs(reproducibleExponential(x) - exp(x)) <= 2 * Double.leastNonzeroMagnitude)
  }

  /// Eight at once are the same bits as one by one, inside the range and beyond it.
  @Test func eightAtOnceAreTheSame() {
    for start in stride(from: -800.0, to: 760, by: 0.37) {
      let x = SIMD8((0..<8).map { start + Double($0) * 1.913 })
      let found = reproducibleExponentials(x)
      for lane in 0..<8 {
        #expect(found[lane].bitPattern == reproducibleExponential(x[lane]).bitPattern)
      }
    }
    let ends = SIMD8<Double>(-.infinity, .infinity, 0, -746, 710, 1, -0.5, 88)
    let found = reproducibleExponentials(ends)
    #expect(found[0] == 0 && found[1] == .infinity && found[2] == 1 && found[4] == .infinity)
  }

  @Test func hasExactEnds() {
    #expect(reproducibleExponential(0) == 1)
    #expect(reproducibleExponential(-.infinity) == 0)
    #expect(reproducibleExponential(-746) == 0)
    #expect(reproducibleExponential(710) == .infinity)
    #expect(reproducibleExponential(.nan).isNaN)
  }

  /// What Python's numbers give for the same steps: every machine's sampler must agree on them.
  @Test(arguments: [
    (1.0, 0x4005_BF0A_8B14_576A as UInt64), (-0.5, 0x3FE3_68B2_FC6F_960A as UInt64),
    (-37.16, 0x3C94_F555_8400_A02D as UInt64), (88.7, 0x47EF_4705_BBFF_AE5C as UInt64),
  ])
  func hasTheSameBitsEverywhere(x: Double, bits: UInt64) {
    #expect(reproducibleExponential(x).bitPattern == bits)
  }
}
