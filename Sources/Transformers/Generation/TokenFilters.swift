public import Tensors

/// What happens to the logits of a step before one token is drawn.
///
/// The order is that of the library transformers (version 5): repetition penalty, division by τ,
/// top-k, top-p, min-p, each on what the one before it left. Probabilities are those of the whole
/// vocabulary, or of what is left of it, in double precision.
public struct TokenFilters: Sendable, Equatable {
  /// The names of the steps, in the order in which they apply.
  public static let order = ["repetition_penalty", "tau", "top_k", "top_p", "min_p"]

  /// Divides the positive logits of tokens that are there already, the prompt's too, and
  /// multiplies the negative ones (Keskar et al. 2019); 1 changes nothing.
  public var repetitionPenalty = 1.0
  /// Keeps the k largest logits (Fan et al. 2018) and all that equal the k-th.
  public var topK: Int?
  /// Keeps the smallest set that holds this probability (Holtzman et al. 2020): with the least
  /// probable first, tokens go as long as their sum is at most 1 − p; the last one stays. Of equals
  /// the lower id goes first, which transformers leaves open.
  public var topP: Double?
  /// Keeps what has at least this share of the largest probability (Nguyen et al. 2024).
  public var minP: Double?

  /// Creates filters; those that are not given do nothing.
  public init(
    repetitionPenalty: Double = 1, topK: Int? = nil, topP: Double? = nil, minP: Double? = nil
  ) {
    self.repetitionPenalty = repetitionPenalty
    self.topK = topK
    self.topP = topP
    self.minP = minP
  }

  /// The distribution with the logits of the tokens that are there already made smaller.
  package func penalized(_ distribution: Distribution, seen: Set<Int>) -> Distribution {
    guard repetitionPenalty != 1 else { return distribution }
    var logits = distribution.logits
    for id in seen where logits.indices.contains(id) {
      logits[id] = logits[id] < 0 ? logits[id] * repetitionPenalty : logits[id] / repetitionPenalty
    }
    return Distribution(logits: logits) ?? distribution
  }

  /// The distribution without the tokens that the filters remove; their logits are −∞.
  ///
  /// τ does not change the order of logits, so top-k needs no τ; at τ = ∞ that is the limit.
  package func filtered(_ distribution: Distribution, at temperature: Double) -> Distribution {
    var rest = distribution
    if let topK, topK < rest.support, let last = rest.ranking(topK).last {
      let smallest = rest.logits[last]
      rest = rest.removing { rest.logits[$0] < smallest }
    }
    if let topP, topP < 1 {
      let removed = Self.tail(of: rest, at: temperature, holding: 1 - topP)
      rest = rest.removing { removed[$0] }
    }
    if let minP, minP > 0 {
      let probabilities = rest.probabilities(at: temperature)
      let least = minP * (probabilities.max() ?? 0)
      rest = rest.removing { probabilities[$0] < least && rest.logits[$0] < rest.largest }
    }
    return rest
  }

  /// Which tokens top-p removes.
  private static func tail(
    of distribution: Distribution, at temperature: Double, holding tail: Double
  ) -> [Bool] {
    let probabilities = distribution.probabilities(at: temperature)
    var removed = [Bool](repeating: false, count: probabilities.count)
    var (sum, others) = (0.0, [Int]())
    // All that are at most an equal share of the tail are in it: most need no sorting.
    let share = tail / Double(distribution.support) * (1 - 1e-9)
    for (id, probability) in probabilities.enumerated() {
      if probability <= share {
        sum += probability
        removed[id] = true
      } else {
        others.append(id)
      }
    }
    let logits = distribution.logits
    others.sort { logits[$0] != logits[$1] ? logits[$0] < logits[$1] : $0 < $1 }
    for id in others.dropLast() {
      sum += probabilities[id]
      guard sum <= tail else { break }
      removed[id] = true
    }
    return removed
  }
}

extension Distribution {
  /// The distribution without some states.
  fileprivate func removing(_ isRemoved: (Int) -> Bool) -> Distribution {
    let rest = logits.enumerated().map { isRemoved($0.offset) ? -.infinity : $0.element }
    return Distribution(logits: rest) ?? self
  }
}
