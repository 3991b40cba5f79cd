import Analysis
import Foundation
import Tensors
import Testing

@Suite struct DensityOfStatesTests {
  static let temperatures = [0, 0.3, 1, 2, 20, .infinity]

  /// Bar + area = 1 at every τ, also where states lie close to the ground state.
  @Test(arguments: temperatures)
  func barAndAreaAreOne(tau: Double) throws {
    let distribution = try #require(Distribution(logits: GibbsTests.logits))
    let density = DensityOfStates(distribution)
    let curve = density.curve(at: tau)
    #expect(abs(curve.groundProbability - (distribution.probabilities(at: tau).max() ?? 0)) < 1e-12)
    #expect(abs(curve.groundProbability + density.area(under: curve) - 1) < 1e-4)
  }

  /// Against the definition, state by state.
  @Test func sumsReflectedKernels() throws {
    let logits = [4, 3.7, 1, -2.5]
    let density = DensityOfStates(try #require(Distribution(logits: logits)), width: 0.5, count: 50)
    let curve = density.curve(at: 2)
    let powers = logits.map { exp($0 / 2) }
    let sum = powers.reduce(0, +)
    func kernel(_ x: Double) -> Double { exp(-x * x / 0.5) / (0.5 * (2 * Double.pi).squareRoot()) }
    for (energy, value) in zip(density.grid, curve.values) {
      let expected = (1..<4).reduce(0) { result, state in
        let e = 4 - logits[state]
        return result + powers[state] / sum * (kernel(energy - e) + kernel(energy + e))
      }
      #expect(abs(value - expected) < 1e-6)
    }
  }

  @Test func tiedGroundStatesAreOneBar() throws {
    let density = DensityOfStates(try #require(Distribution(logits: [1, 1, 0])))
    #expect(density.groundStates == 2)
    #expect(density.others == 1)
    #expect(density.curve(at: 0).groundProbability == 1)
    #expect(density.curve(at: .infinity).groundProbability == 2.0 / 3)
  }

  @Test func aSingleLevelHasNoArea() throws {
    let density = DensityOfStates(try #require(Distribution(logits: [2, 2, -.infinity])))
    let curve = density.curve(at: 1)
    #expect(curve.groundProbability == 1)
    #expect(curve.values.allSatisfy { $0 == 0 })
  }
}
