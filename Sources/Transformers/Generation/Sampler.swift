public import Tensors

/// Draws tokens; a value that holds the filters and the state of its random numbers.
///
/// A draw takes one number u of [0, 1) and the first token, in the order of ids, at which the sum
/// of the probabilities exceeds u. All of that is done in double precision with operations that
/// give the same bits everywhere, so equal logits and an equal seed give equal tokens on every
/// machine. At τ = 0 nothing is drawn: the largest logit is taken, the lowest id of equals.
public struct Sampler: Sendable {
  /// What a draw gave.
  public struct Choice: Sendable, Equatable {
    /// The token.
    public var id: Int
    /// The probability it was drawn with; 1 at τ = 0.
    public var probability: Double
    /// The entropy of the distribution it was drawn from, in nats; 0 at τ = 0.
    public var entropy: Double
    /// How many tokens could be drawn; 1 at τ = 0.
    public var candidates: Int
    /// How many tokens share the largest logit where it was taken, at τ = 0; else 1.
    public var ties: Int
  }

  /// What happens before a draw.
  public let filters: TokenFilters
  private var random: RandomNumbers

  /// Creates a sampler that starts the random numbers of a seed.
  public init(_ filters: TokenFilters = TokenFilters(), seed: UInt64 = 0) {
    self.filters = filters
    random = RandomNumbers(seed: seed)
  }

  /// Draws a token; every call takes one random number, whatever τ is.
  ///
  /// - Parameters:
  ///   - own: The model's distribution.
  ///   - temperature: τ, not negative and not NaN.
  ///   - seen: The tokens that are there already, for the repetition penalty.
  public mutating func choose(
    from own: Distribution, at temperature: Double, seen: Set<Int> = []
  ) -> Choice {
    let u = random.uniform()
    let penalized = filters.penalized(own, seen: seen)
    if temperature == 0 {
      let id = penalized.logits.firstIndex(of: penalized.largest) ?? 0
      return Choice(id: id, probability: 1, entropy: 0, candidates: 1, ties: penalized.ties)
    }
    let left = filters.filtered(penalized, at: temperature)
    let probabilities = left.probabilities(at: temperature)
    let id = Self.state(at: u, of: probabilities)
    return Choice(
      id: id, probability: probabilities[id], entropy: Distribution.entropy(of: probabilities),
      candidates: left.support, ties: 1)
  }

  /// The first state at which the running sum exceeds u times the whole sum.
  private static func state(at u: Double, of probabilities: [Double]) -> Int {
    let target = u * probabilities.reduce(0, +)
    var (sum, last) = (0.0, 0)
    for (state, probability) in probabilities.enumerated() where probability > 0 {
      sum += probability
      if sum > target { return state }
      last = state
    }
    return last
  }
}
