import Analysis
import Files
import Foundation
import TestSupport
import Tensors
import Testing

@Suite struct GibbsTests {
  static func distribution(_ logits: [Double]) throws -> Distribution {
    try #require(Distribution(logits: logits))
  }

  /// 200 states with many small energies and some large ones.
  static let logits = (0..<200).map { -12 * pow(Double(($0 * 7919 + 13) % 1009) / 1009, 2) }

  /// Every quantity against 60-digit decimal arithmetic (Fixtures/distributions), τ from 10⁻⁶ to
  /// 10⁶.
  @Test func agreesWithHighPrecision() throws {
    let rows = try Fixtures.json(Fixtures.folder + "/distributions/expected.json").members ?? []
    var compared = 0
    for row in rows {
      let logits = (row.value["logits"]?.elements ?? []).compactMap(\.number)
      let gibbs = Gibbs(try Self.distribution(logits))
      for expected in row.value["at"]?.elements ?? [] {
        let state = gibbs.state(at: try #require(expected["tau"]?.number))
        for (name, found) in [
          ("ln_z", state.logPartition), ("mean_energy", state.meanEnergy),
          ("free_energy", state.freeEnergy), ("entropy", state.entropy),
          ("heat_capacity", state.heatCapacity),
        ] {
          let reference = try #require(expected[name]?.number)
          #expect(
            abs(found - reference) <= 1e-13 + 1e-12 * abs(reference),
            "\(row.key), \(name) at τ = \(state.temperature)")
          compared += 1
        }
      }
    }
    #expect(compared == 250)
  }

  /// F = ⟨E⟩ − τS with the entropy summed on its own, as −Σ p ln p.
  @Test(arguments: [1e-6, 0.01, 0.3, 1, 1.35, 7, 1e3, 1e6])
  func freeEnergyIsMeanEnergyMinusTemperatureTimesEntropy(tau: Double) throws {
    let distribution = try Self.distribution(Self.logits)
    let state = Gibbs(distribution).state(at: tau)
    let other = state.meanEnergy - tau * distribution.entropy(at: tau)
    #expect(abs(state.freeEnergy - other) <= 1e-12 * max(1, abs(other)))
  }

  /// C = d⟨E⟩/dτ and S = −dF/dτ, by finite differences.
  @Test(arguments: [0.2, 0.7, 1, 2, 9])
  func quantitiesAreDerivatives(tau: Double) throws {
    let gibbs = Gibbs(try Self.distribution(Self.logits))
    let step = 1e-5 * tau
    let (below, here, above) = (
      gibbs.state(at: tau - step), gibbs.state(at: tau), gibbs.state(at: tau + step)
    )
    let slope = (above.meanEnergy - below.meanEnergy) / (2 * step)
    #expect(abs(slope - here.heatCapacity) < 1e-6 * max(1, slope))
    let entropy = -(above.freeEnergy - below.freeEnergy) / (2 * step)
    #expect(abs(entropy - here.entropy) < 1e-6)
  }

  @Test func hasItsLimits() throws {
    let gibbs = Gibbs(try Self.distribution([2, 2, 0, -.infinity, 1]))
    let (cold, hot) = (gibbs.state(at: 0), gibbs.state(at: .infinity))
    #expect(cold.entropy == log(2))
    #expect([cold.meanEnergy, cold.freeEnergy, cold.heatCapacity] == [0, 0, 0])
    #expect(hot.entropy == log(4))
    #expect(hot.meanEnergy == 0.75)
    #expect(hot.freeEnergy == -.infinity)
    #expect(hot.heatCapacity == 0)
  }

  /// Two levels have one Schottky peak: x tanh(x/2) = 2 at x = Δ/τ, so τ = 0.416778 Δ and C = 0.439229
  /// (Kittel, Thermal Physics, ch. 3).
  @Test(arguments: [0.01, 1, 7])
  func findsTheSchottkyPeakOfTwoLevels(gap: Double) throws {
    let gibbs = Gibbs(try Self.distribution([0, -gap]))
    let curve = gibbs.curve(over: gibbs.interestingTemperatures, count: 401)
    let peaks = gibbs.peaks(of: curve)
    #expect(peaks.count == 1)
    #expect(abs(peaks[0].temperature / gap - 0.416778) < 1e-5)
    #expect(abs(peaks[0].heatCapacity - 0.439229) < 1e-6)
  }

  /// Levels far apart melt one after the other.
  @Test func findsEveryPeak() throws {
    let gibbs = Gibbs(try Self.distribution([0, -0.01, -10, -10, -10, -10.01]))
    let curve = gibbs.curve(over: gibbs.interestingTemperatures, count: 801)
    let peaks = gibbs.peaks(of: curve)
    #expect(peaks.count == 2)
    #expect(abs(peaks[0].temperature - 0.00416778) < 1e-6)
  }

  @Test(arguments: [[0.0], [3, 3, 3]])
  func nothingMeltsWithOneLevel(logits: [Double]) throws {
    let gibbs = Gibbs(try Self.distribution(logits))
    #expect(gibbs.interestingTemperatures == 0.1...10)
    #expect(gibbs.peaks(of: gibbs.curve(over: 0.1...10, count: 50)).isEmpty)
  }

  @Test func temperaturesAreEvenOnALogarithmicAxis() {
    let found = Gibbs.temperatures(over: 0.1...100, count: 4)
    for (tau, expected) in zip(found, [0.1, 1, 10, 100]) {
      #expect(abs(tau - expected) < 1e-12 * expected)
    }
    #expect(found.last == 100)
  }
}
