import Files
import Foundation
import TestSupport
import Tensors
import Testing

@Suite struct DistributionTests {
  /// A row of logits and what 60-digit decimal arithmetic makes of it (Fixtures/distributions).
  struct Row: CustomTestStringConvertible {
    let name: String
    let logits: [Double]
    let at: [JSON]
    var testDescription: String { name }
  }

  static let rows: [Row] = {
    let path = Fixtures.folder + "/distributions/expected.json"
    return ((try? Fixtures.json(path))?.members ?? []).map { member in
      Row(
        name: member.key, logits: numbers(member.value["logits"]),
        at: member.value["at"]?.elements ?? [])
    }
  }()

  static func numbers(_ json: JSON?) -> [Double] { (json?.elements ?? []).compactMap(\.number) }

  @Test func theFixtureIsThere() { #expect(Self.rows.count == 5) }

  @Test(arguments: rows)
  func agreesWithHighPrecision(row: Row) throws {
    let distribution = try #require(Distribution(logits: row.logits))
    for expected in row.at {
      let tau = try #require(expected["tau"]?.number)
      let found = distribution.probabilities(at: tau)
      for (p, reference) in zip(found, Self.numbers(expected["p"])) {
        // The exponent E/τ is rounded before the exponential: relative errors grow with it.
        #expect(abs(p - reference) <= 1e-15 + 4e-13 * reference, "τ = \(tau)")
      }
      for (state, reference) in Self.numbers(expected["ln_p"]).enumerated() {
        let logP = distribution.logProbabilities(at: tau)[state]
        #expect(abs(logP - reference) <= 1e-14 + 1e-15 * abs(reference), "τ = \(tau)")
      }
      let entropy = try #require(expected["entropy"]?.number)
      #expect(abs(distribution.entropy(at: tau) - entropy) < 1e-13 + 1e-13 * entropy, "τ = \(tau)")
      let logZ = try #require(expected["ln_z"]?.number)
      #expect(abs(distribution.logPartition(at: tau) - logZ) < 1e-14, "τ = \(tau)")
    }
  }

  @Test func temperatureOneIsThePlainSoftmax() throws {
    let logits = (0..<1000).map { Double(($0 * 7919 + 13) % 1009) / 50 - 10 }
    let found = try #require(Distribution(logits: logits)).probabilities(at: 1)
    let top = logits.max() ?? 0
    let powers = logits.map { reproducibleExponential($0 - top) }
    // Every state has the plain softmax's ratio to the largest, and all sum to 1.
    let ground = found.max() ?? 0
    #expect(zip(found, powers).allSatisfy { abs($0 / ground - $1) <= 4e-16 * $1 })
    #expect(abs(found.reduce(0, +) - 1) < 1e-14)
  }

  @Test func sharesTheMassOfATieAtZero() throws {
    let distribution = try #require(Distribution(logits: [1, 5, 2, 5]))
    #expect(distribution.probabilities(at: 0) == [0, 0.5, 0, 0.5])
    #expect(distribution.ties == 2)
    #expect(distribution.groundStates == [1, 3])
    #expect(distribution.entropy(at: 0) == log(2))
    #expect(distribution.logProbabilities(at: 0)[1] == -log(2))
    #expect(distribution.logProbabilities(at: 0)[0] == -.infinity)
  }

  @Test func isUniformAtInfinityOverWhatIsNotMasked() throws {
    let distribution = try #require(Distribution(logits: [1, -.infinity, 2, 3, 9]))
    #expect(distribution.support == 4)
    #expect(distribution.probabilities(at: .infinity) == [0.25, 0, 0.25, 0.25, 0.25])
    #expect(abs(distribution.entropy(at: .infinity) - log(4)) < 1e-15)
    for tau in [0, 0.3, 1, 50] { #expect(distribution.probabilities(at: tau)[1] == 0) }
  }

  /// The ends are limits: nothing jumps on the way there.
  @Test(arguments: rows)
  func approachesItsLimits(row: Row) throws {
    let distribution = try #require(Distribution(logits: row.logits))
    let (cold, zero) = (distribution.probabilities(at: 1e-9), distribution.probabilities(at: 0))
    let (hot, uniform) = (
      distribution.probabilities(at: 1e12), distribution.probabilities(at: .infinity)
    )
    for (a, b) in zip(cold + hot, zero + uniform) { #expect(abs(a - b) < 1e-6) }
  }

  @Test(arguments: rows)
  func entropyGrowsWithTheTemperature(row: Row) throws {
    let distribution = try #require(Distribution(logits: row.logits))
    let entropies = [0, 0.01, 0.1, 0.5, 1, 2, 5, 100, .infinity].map(distribution.entropy(at:))
    for (cooler, hotter) in zip(entropies, entropies.dropFirst()) {
      #expect(hotter >= cooler - 1e-12)
    }
    #expect(entropies.allSatisfy { $0 >= 0 })
  }

  /// A constant added to every logit changes nothing that is physical.
  @Test func doesNotDependOnTheZeroOfTheLogits() throws {
    let logits = [0.5, -2, 3.25, 1]
    let (a, b) = (Distribution(logits: logits), Distribution(logits: logits.map { $0 + 1024 }))
    #expect(a?.probabilities(at: 0.7) == b?.probabilities(at: 0.7))
  }

  @Test func hasNoDistributionWithoutNumbers() {
    #expect(Distribution(logits: []) == nil)
    #expect(Distribution(logits: [1, .nan]) == nil)
    #expect(Distribution(logits: [1, .infinity]) == nil)
    #expect(Distribution(logits: [-.infinity, -.infinity]) == nil)
  }

  @Test(arguments: [1, 3, 20, 2000])
  func ranksTheLargestFirstAndTheLowestOfEquals(count: Int) throws {
    let logits = (0..<2000).map { Double(($0 * 7919 + 13) % 97) }
    let distribution = try #require(Distribution(logits: logits))
    let sorted = logits.enumerated().sorted { ($1.element, $0.offset) < ($0.element, $1.offset) }
    #expect(distribution.ranking(count) == sorted.prefix(count).map(\.offset))
    for (place, entry) in sorted.enumerated().filter({ $0.offset % 37 == 0 }) {
      #expect(distribution.rank(of: entry.offset) == place + 1)
    }
  }
}
