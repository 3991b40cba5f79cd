/// Generalised advantage estimation (Schulman et al. 2016, eq. 16) of one text: how much better
/// each token was than what was expected.
package struct Advantages: Sendable, Equatable {
  /// A_t = Σ (γλ)^l δ_{t+l}, δ_t = r_t + γ V_{t+1} − V_t, and V is 0 behind the last token.
  package var advantages: [Double]
  /// What V should have been: A_t + V_t.
  package var returns: [Double]

  /// Estimates.
  ///
  /// - Parameters:
  ///   - rewards: The reward of every token.
  ///   - values: What the value head expected before it.
  ///   - discount: γ.
  ///   - decay: λ.
  /// - Precondition: Both lists are as long.
  package init(rewards: [Double], values: [Double], discount: Double, decay: Double) {
    precondition(rewards.count == values.count, "\(rewards.count) rewards, \(values.count) values")
    advantages = Array(repeating: 0, count: rewards.count)
    var (next, value) = (0.0, 0.0)
    for place in rewards.indices.reversed() {
      next = rewards[place] + discount * value - values[place] + discount * decay * next
      value = values[place]
      advantages[place] = next
    }
    returns = zip(advantages, values).map { $0 + $1 }
  }

  /// The same numbers with mean 0 and variance 1, over all texts.
  package static func whitened(_ texts: [[Double]]) -> [[Double]] {
    let all = texts.flatMap(\.self)
    let mean = all.reduce(0, +) / Double(max(1, all.count))
    let variance = all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, all.count))
    let deviation = variance.squareRoot() + 1e-8
    return texts.map { $0.map { ($0 - mean) / deviation } }
  }
}
