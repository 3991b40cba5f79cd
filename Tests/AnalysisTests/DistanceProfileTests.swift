import Analysis
import Tensors
import Testing

@Suite struct DistanceProfileTests {
  @Test func aMapIsAddedUpByDistance() {
    let profile = DistanceProfile(
      Tensor([0.5, 0.25, 0.25, 1, 0, 0, 0.125, 0.125, 0.75], shape: [3, 3]))
    // |i − j|: 0 holds .5 + 0 + .75, 1 holds .25 + 1 + 0 + .125, 2 holds .25 + .125.
    let expected: [Double] = [1.25 / 3, 1.375 / 3, 0.375 / 3]
    #expect(profile.mass == expected)
    let mean: Double = (1.375 + 0.75) / 3
    #expect(abs(profile.mean - mean) < 1e-12)
  }

  @Test(arguments: [1, 2, 7, 40]) func aUniformHeadIsTheBaseline(_ n: Int) {
    let flat = DistanceProfile(
      Tensor([Float](repeating: 1 / Float(n), count: n * n), shape: [n, n]))
    let baseline = DistanceProfile(uniform: n, mask: nil)
    #expect(zip(flat.mass, baseline.mass).allSatisfy { abs($0 - $1) < 1e-6 })
    // The mean distance of two places of n is (n² − 1) / 3n.
    #expect(abs(baseline.mean - Double(n * n - 1) / Double(3 * n)) < 1e-9)
    let causal = DistanceProfile(uniform: n, mask: .causal(queries: n, keys: n))
    // Query i looks i/2 back on average: (n − 1)/4 over all.
    #expect(abs(causal.mean - Double(n - 1) / 4) < 1e-9)
    #expect(abs(causal.mass.reduce(0, +) - 1) < 1e-9)
  }
}
