import Foundation
import Tensors
import Testing
import Transformers

@Suite struct SamplerTests {
  static let logits = [1.2, -0.3, 2.5, 0, 0.4, -1.8, 2.5, 1.9, -4, 0.1, 0.9, -0.7]
  static let draws = 20_000

  /// The chance to see a χ² of at least this (Wilson & Hilferty 1931) is one in a thousand.
  static func critical(_ degrees: Int) -> Double {
    let k = Double(degrees)
    return k * pow(1 - 2 / (9 * k) + 3.0902 * (2 / (9 * k)).squareRoot(), 3)
  }

  /// The exact probabilities at τ, written out.
  static func exact(_ logits: [Double], _ tau: Double) -> [Double] {
    let powers = logits.map { tau == .infinity ? 1 : exp($0 / tau) }
    return powers.map { $0 / powers.reduce(0, +) }
  }

  /// Draws and compares the frequencies with exact probabilities; rare states count as one.
  func check(_ filters: TokenFilters, _ tau: Double, seed: UInt64, expected: [Double]) throws {
    var sampler = Sampler(filters, seed: seed)
    let own = try #require(Distribution(logits: Self.logits))
    var counts = [Double](repeating: 0, count: Self.logits.count)
    for _ in 0..<Self.draws {
      let choice = sampler.choose(from: own, at: tau)
      counts[choice.id] += 1
      #expect(abs(choice.probability - expected[choice.id]) < 1e-12)
    }
    let n = Double(Self.draws)
    let common = expected.indices.filter { expected[$0] * n >= 5 }
    var pairs = common.map { (counts[$0], expected[$0] * n) }
    let seenRare = n - pairs.reduce(0) { $0 + $1.0 }
    let expectedRare = n - pairs.reduce(0) { $0 + $1.1 }
    if expectedRare > 1 { pairs.append((seenRare, expectedRare)) }
    let statistic = pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) / $1.1 }
    #expect(statistic < Self.critical(max(pairs.count - 1, 1)), "τ = \(tau): χ² = \(statistic)")
    for state in expected.indices where expected[state] == 0 { #expect(counts[state] == 0) }
  }

  @Test(arguments: [0.3, 1, 2.5, .infinity], [1, 2] as [UInt64])
  func drawsWithTheExactProbabilities(tau: Double, seed: UInt64) throws {
    try check(TokenFilters(), tau, seed: seed, expected: Self.exact(Self.logits, tau))
  }

  @Test(arguments: [0.5, 1, 4])
  func drawsWithTheExactProbabilitiesOfWhatIsLeft(tau: Double) throws {
    let top = [0, 2, 4, 6, 7, 10]
    func left(_ kept: [Int]) -> [Double] {
      let all = Self.exact(Self.logits, tau)
      let sum = kept.reduce(0) { $0 + all[$1] }
      return all.indices.map { kept.contains($0) ? all[$0] / sum : 0 }
    }
    try check(TokenFilters(topK: 6), tau, seed: 5, expected: left(top))
    let all = Self.exact(Self.logits, tau)
    let strong = all.indices.filter { all[$0] >= 0.4 * (all.max() ?? 0) }
    try check(TokenFilters(minP: 0.4), tau, seed: 6, expected: left(strong))
    // From the top, as long as those above hold less than 0.8.
    let order = all.indices.sorted { all[$0] > all[$1] }
    let nucleus = order.indices
      .filter { order[..<$0].reduce(0) { $0 + all[$1] } < 0.8 }.map { order[$0] }
    try check(TokenFilters(topP: 0.8), tau, seed: 7, expected: left(nucleus))
  }

  @Test func zeroTakesTheLowestOfTheLargest() throws {
    var sampler = Sampler(seed: 9)
    let own = try #require(Distribution(logits: Self.logits))
    for _ in 0..<20 {
      let choice = sampler.choose(from: own, at: 0)
      #expect(choice.id == 2 && choice.ties == 2 && choice.candidates == 1)
      #expect(choice.probability == 1 && choice.entropy == 0)
    }
  }

  @Test func aSeedGivesTheSameTokens() throws {
    let own = try #require(Distribution(logits: Self.logits))
    func tokens(_ seed: UInt64, _ first: Double = 1) -> [Int] {
      var sampler = Sampler(seed: seed)
      return [sampler.choose(from: own, at: first).id]
        + (0..<30).map { _ in sampler.choose(from: own, at: 1).id }
    }
    #expect(tokens(1) == tokens(1))
    #expect(tokens(1) != tokens(2))
    // The number of a step does not depend on τ of the steps before it.
    #expect(tokens(4).dropFirst() == tokens(4, 0).dropFirst())
  }

  /// The inverse of the distribution function in the order of ids, with u from the generator.
  @Test func invertsTheDistributionFunction() throws {
    let own = try #require(Distribution(logits: Self.logits))
    let probabilities = Self.exact(Self.logits, 0.8)
    var (sampler, random) = (Sampler(seed: 77), RandomNumbers(seed: 77))
    for _ in 0..<200 {
      let u = random.uniform()
      let sums = probabilities.indices.map { probabilities[...$0].reduce(0, +) }
      #expect(sampler.choose(from: own, at: 0.8).id == sums.firstIndex { $0 > u })
    }
  }

  @Test func penalizesWhatIsThere() throws {
    var sampler = Sampler(TokenFilters(repetitionPenalty: 3))
    let own = try #require(Distribution(logits: [2, -1, 1.5, 0]))
    let choice = sampler.choose(from: own, at: 0, seen: [0, 1])
    #expect(choice.id == 2)
    let exact = Self.exact([2 / 3.0, -3, 1.5, 0], 1)
    let drawn = sampler.choose(from: own, at: 1, seen: [0, 1])
    #expect(abs(drawn.probability - exact[drawn.id]) < 1e-12)
    #expect(abs(drawn.entropy + exact.reduce(0) { $0 + $1 * log($1) }) < 1e-12)
  }
}
