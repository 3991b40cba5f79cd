public import Files

/// What one iteration of policy optimisation did: means over its texts before it learned from them.
public struct AlignmentIteration: Sendable, Equatable {
  /// Which, from 1.
  public var iteration = 0
  /// r_θ: what the reward model says, 0 for the mean and 1 for the deviation of the texts it was
  /// evaluated with.
  public var reward = 0.0
  /// What the rule itself says, where there is one.
  public var score: Double?
  /// KL of the policy to the reference, a text.
  public var divergence = Divergence()
  /// r = r_θ − λ k₁: what is optimised. In direct preference optimisation it is only measured.
  public var total = 0.0
  /// ρ of every token in every step; empty where there is no ratio.
  public var ratios: RatioHistogram?
  /// The share of the tokens whose ratio was clipped.
  public var clipped = 0.0
  /// The mean loss of the policy, over the steps.
  public var policyLoss = 0.0
  /// The mean of ½ (V − R)², over the steps.
  public var valueLoss = 0.0
  /// The entropy of the policy at a token, in nats.
  public var entropy = 0.0
  /// The mean of −ln π_ref of a token: how strange the texts are to the reference, in nats.
  public var surprise: Double?
  /// Tokens of a text.
  public var length = 0.0
  /// The share of the texts that were ended.
  public var finished = 0.0
  /// Steps that were made: fewer than asked for where the policy moved too far.
  public var steps = 0
  /// The norm of the gradient, mean over the steps, before it was clipped.
  public var norm = 0.0

  private static let numbers:
    [(String, any WritableKeyPath<AlignmentIteration, Double> & Sendable)] = [
      ("reward", \.reward), ("kl_k1", \.divergence.k1), ("kl_k2", \.divergence.k2),
      ("kl_k3", \.divergence.k3), ("kl_exact", \.divergence.exact), ("total", \.total),
      ("clipped_share", \.clipped), ("policy_loss", \.policyLoss), ("value_loss", \.valueLoss),
      ("entropy", \.entropy), ("length", \.length), ("finished_share", \.finished),
      ("gradient_norm", \.norm),
    ]

  /// An iteration of which nothing is known.
  init() {}

  var json: JSON {
    .object(
      [JSON.Member("iteration", .integer(iteration)), JSON.Member("steps", .integer(steps))]
        + Self.numbers.map { JSON.Member($0, .number(self[keyPath: $1])) }
        + (surprise.map { [JSON.Member("reference_surprise", .number($0))] } ?? [])
        + (score.map { [JSON.Member("score", .number($0))] } ?? [])
        + (ratios.map { [JSON.Member("ratios", $0.json)] } ?? []))
  }

  /// Reads what `json` wrote; `nil` where something is missing.
  init?(_ json: JSON) {
    guard let iteration = json["iteration"]?.integer, let steps = json["steps"]?.integer else {
      return nil
    }
    (self.iteration, self.steps) = (iteration, steps)
    for (name, path) in Self.numbers {
      guard let value = json[name]?.number else { return nil }
      self[keyPath: path] = value
    }
    score = json["score"]?.number
    surprise = json["reference_surprise"]?.number
    ratios = json["ratios"].flatMap(RatioHistogram.init)
  }
}
