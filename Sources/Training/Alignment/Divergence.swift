#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// How far a policy is from its reference, KL(π ‖ π_ref), estimated from tokens that π drew
/// (Schulman 2020, "Approximating KL divergence"), with r = π_ref(a) / π(a).
public struct Divergence: Sendable, Equatable {
  /// Σ −ln r: unbiased; a token's may be negative. This is what a reward is lowered by.
  public var k1 = 0.0
  /// Σ ½ (ln r)²: biased, never negative.
  public var k2 = 0.0
  /// Σ (r − 1) − ln r: unbiased, never negative.
  public var k3 = 0.0
  /// Σ over the tokens of Σ over the whole vocabulary of π (ln π − ln π_ref): no estimate.
  public var exact = 0.0

  /// Nothing yet.
  public init() {}

  /// Sums up the tokens of a text.
  ///
  /// - Parameters:
  ///   - policy: ln π of every token that was drawn.
  ///   - reference: ln π_ref of the same.
  ///   - exact: KL of the two distributions before each.
  package init(policy: [Double], reference: [Double], exact: [Double] = []) {
    for (own, other) in zip(policy, reference) {
      let logRatio = other - own
      k1 -= logRatio
      k2 += logRatio * logRatio / 2
      // (r − 1) − ln r, without the difference of nearly equal numbers.
      k3 += expm1(logRatio) - logRatio
    }
    self.exact = exact.reduce(0, +)
  }

  /// The mean of several texts.
  package static func mean(_ texts: [Divergence]) -> Divergence {
    func mean(_ path: KeyPath<Divergence, Double>) -> Double {
      texts.reduce(0) { $0 + $1[keyPath: path] } / Double(max(1, texts.count))
    }
    var result = Divergence()
    (result.k1, result.k2) = (mean(\.k1), mean(\.k2))
    (result.k3, result.exact) = (mean(\.k3), mean(\.exact))
    return result
  }

  /// Σ π (ln π − ln π_ref) of two rows of logits, and the entropy of the first.
  package static func rows(
    _ policy: UnsafeBufferPointer<Float>, _ reference: UnsafeBufferPointer<Float>
  ) -> (exact: Double, entropy: Double) {
    let (own, other) = (logPartition(policy), logPartition(reference))
    var (exact, entropy) = (0.0, 0.0)
    for (z, base) in zip(policy, reference) {
      let logProbability = Double(z) - own
      let probability = exp(logProbability)
      exact += probability * (logProbability - (Double(base) - other))
      entropy -= probability * logProbability
    }
    return (max(0, exact), entropy)
  }

  /// ln Σ exp z, and with it ln p = z − that.
  package static func logPartition(_ row: UnsafeBufferPointer<Float>) -> Double {
    let largest = Double(row.max() ?? 0)
    return largest + log(row.reduce(0) { $0 + exp(Double($1) - largest) })
  }
}
