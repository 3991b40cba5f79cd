public import Analysis
internal import Figures
public import Files
internal import Tensors
internal import Transformers
#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A distribution at several temperatures, in numbers.
public struct TemperatureReport: Sendable {
  /// The distribution at one temperature.
  public struct Line: Sendable {
    /// τ.
    public var temperature: Double
    /// The probabilities of the shown states.
    public var probabilities: [Double]
    /// The probability of all others together; exactly 0 when there is none.
    public var rest: Double
    /// −Σ p ln p, in nats.
    public var entropy: Double
    /// e^H: how many equally probable states have this entropy; exact at the ends.
    public var perplexity: Double
    /// How many states hold nine tenths of the probability.
    public var sizeOfSet: Int
    /// The Gibbs quantities.
    public var gibbs: Gibbs.State

  }

  /// What is tempered.
  public let subject: RunDistribution
  /// The shown states, those with the largest logits first.
  public let states: [Int]
  /// One line a temperature.
  public let lines: [Line]
  /// The largest relative difference between F and ⟨E⟩ − τS over the finite temperatures, with the
  /// entropy summed on its own.
  public let freeEnergyError: Double

  /// All states by their logits.
  let ranking: Ranking

  /// The share of the probability that `sizeOfSet` holds.
  public static let mass = 0.9

  /// Tempers a distribution.
  ///
  /// - Parameters:
  ///   - subject: The distribution.
  ///   - temperatures: The temperatures, 0 to ∞.
  ///   - count: How many states are shown by name.
  public init(_ subject: RunDistribution, at temperatures: [Double], showing count: Int) {
    let distribution = subject.distribution
    let ranking = Ranking(distribution)
    let gibbs = Gibbs(ranking)
    let states = Array(ranking.states.prefix(count))
    let shown = states.sorted()
    self.subject = subject
    self.states = states
    self.ranking = ranking
    lines = temperatures.map { tau in
      let probabilities = distribution.probabilities(at: tau)
      let isAll = states.count == distribution.support
      let rest = isAll ? 0 : probabilities.sum(without: shown)
      let entropy = distribution.entropy(at: tau)
      return Line(
        temperature: tau, probabilities: states.map { probabilities[$0] }, rest: rest,
        entropy: entropy, perplexity: distribution.perplexity(at: tau, entropy: entropy),
        sizeOfSet: ranking.ranked(at: tau).sizeOfSet(holding: Self.mass),
        gibbs: gibbs.state(at: tau))
    }
    freeEnergyError = lines.reduce(0) { worst, line in
      guard line.temperature.isFinite else { return worst }
      let other = line.gibbs.meanEnergy - line.temperature * line.entropy
      return max(worst, abs(line.gibbs.freeEnergy - other) / max(1, abs(other)))
    }
  }

  /// The temperatures where C has a maximum, the coolest first; looked for whenever it is asked for.
  public var peaks: [Gibbs.State] { Gibbs(subject.distribution).peaks }

  /// How many states are not shown.
  public var others: Int { subject.distribution.support - states.count }
}

extension [Double] {
  /// The sum of all numbers but those at some places, which rise.
  fileprivate func sum(without places: [Int]) -> Double {
    var (sum, start) = (0.0, 0)
    for end in places + [count] {
      for index in start..<end { sum += self[index] }
      start = end + 1
    }
    return sum
  }
}

extension Distribution {
  /// e^H, exactly the number of states at the ends.
  func perplexity(at temperature: Double, entropy: Double) -> Double {
    if temperature == 0 { return Double(ties) }
    return temperature == .infinity ? Double(support) : exp(entropy)
  }
}

// MARK: JSON

extension TemperatureReport {
  /// The report for programs. τ = ∞ is the text "inf"; F = −∞ is null.
  public var json: JSON {
    let run = subject.run
    return [
      "schema": "attnviz.temperature/1",
      "model": .string(run.model),
      "model_sha256": run.modelDigest.map(JSON.string) ?? .null,
      "text": .string(run.text),
      "at": place,
      "tau": .array(lines.map { Self.number($0.temperature) }),
      "states": .array(states.map(JSON.integer)),
      "tokens": .array(states.map { .string(subject.name(of: $0)) }),
      "logits": .array(states.map { .number(subject.distribution.logits[$0]) }),
      "probabilities": .array(lines.map { .array($0.probabilities.map(JSON.number)) }),
      "rest": list(\.rest),
      "others": .integer(others),
      "ties": .integer(subject.distribution.ties),
      "entropy": list(\.entropy),
      "perplexity": list(\.perplexity),
      "top_p_90": .array(lines.map { .integer($0.sizeOfSet) }),
      "log_partition": list(\.gibbs.logPartition),
      "mean_energy": list(\.gibbs.meanEnergy),
      "free_energy": list(\.gibbs.freeEnergy),
      "heat_capacity": list(\.gibbs.heatCapacity),
      "energy_zero": "E = z_max - z: the most probable state has energy 0",
      "melting": .array(
        peaks.map {
          ["tau": .number($0.temperature), "heat_capacity": .number($0.heatCapacity)]
        }),
    ]
  }

  private var place: JSON {
    switch subject.place {
    case .output(let row): ["row": .integer(row)]
    case .head(let layer, let head, let row):
      ["layer": .integer(layer), "head": .integer(head), "row": .integer(row)]
    }
  }

  private func list(_ value: KeyPath<Line, Double>) -> JSON {
    .array(lines.map { .number($0[keyPath: value]) })
  }

  private static func number(_ value: Double) -> JSON {
    value == .infinity ? "inf" : .number(value)
  }
}
