public import Tensors

/// A distribution's states in the order of their logits, for questions about the most probable ones.
public struct Ranking: Sendable {
  /// The states, the most probable first, the lowest first among equals; masked ones are left out.
  public let states: [Int]
  /// Their energies, rising.
  let energies: [Double]

  /// Sorts the states of a distribution.
  public init(_ distribution: Distribution) {
    states = Array(distribution.ranking().prefix(distribution.support))
    energies = states.map(distribution.energy(of:))
  }

  /// The probabilities by rank at a temperature: the order never depends on it.
  public func ranked(at temperature: Double) -> RankedProbabilities {
    let probabilities = Distribution(logits: energies.map { 0 - $0 })?
      .probabilities(at: temperature)
    return RankedProbabilities(values: probabilities ?? [])
  }
}

/// The probabilities of a distribution's states at one temperature, the largest first.
public struct RankedProbabilities: Sendable {
  /// The probabilities by rank.
  public let values: [Double]

  /// −Σ p ln p, in nats.
  public var entropy: Double { Distribution.entropy(of: values) }

  /// The size of the smallest set of most probable states that holds `mass` of the probability:
  /// what top-p sampling keeps (Holtzman et al. 2020, eq. 2).
  public func sizeOfSet(holding mass: Double) -> Int {
    var sum = 0.0
    for (index, probability) in values.enumerated() {
      sum += probability
      // Sums of many roundings: nine tenths of ten equal states are nine of them.
      if sum >= mass - 1e-12 { return index + 1 }
    }
    return values.count
  }

  /// The shares of all probability that the most probable states up to each rank hold.
  ///
  /// - Parameter ranks: Ranks from 1, in rising order.
  public func cumulativeShares(upTo ranks: [Int]) -> [Double] {
    var (sum, next) = (0.0, 0)
    return ranks.map { rank in
      while next < min(rank, values.count) {
        sum += values[next]
        next += 1
      }
      return next == values.count ? 1 : sum
    }
  }
}
