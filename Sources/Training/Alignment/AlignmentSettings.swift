public import Files

/// How a policy is optimised.
public struct AlignmentSettings: Sendable, Equatable {
  /// What makes the policy better.
  public enum Method: String, Sendable, CaseIterable {
    /// Proximal policy optimisation with a clipped ratio and a value head (Schulman et al. 2017).
    case ppo
    /// The plain policy gradient with the other texts' mean as baseline (Williams 1992; Kool et al.
    /// 2019).
    case reinforce
    /// Direct preference optimisation from pairs, without a reward (Rafailov et al. 2023).
    case dpo
  }

  /// The method.
  public var method = Method.ppo
  /// λ of r = r_θ − λ r_KL; β of direct preference optimisation.
  public var kl = 0.1
  /// Iterations in all: the run stops after these, or at `klLimit`.
  public var iterations = 60
  /// Texts, or pairs, of an iteration.
  public var batch = 64
  /// How often an iteration goes through its texts.
  public var epochs = 3
  /// Into how many steps a pass through the texts is cut.
  public var minibatches = 2
  /// The most tokens of a continuation.
  public var length = 24
  /// The largest learning rate; it falls along half a cosine.
  public var rate = 3e-4
  /// ε: how far a ratio may be from 1 before it is clipped.
  public var clip = 0.2
  /// γ: what a reward counts a token later.
  public var discount = 1.0
  /// λ of generalised advantage estimation.
  public var decay = 0.95
  /// What the loss of the value head counts.
  public var valueWeight = 0.5
  /// The mean k₃ of the new policy against the one that wrote the texts beyond which the rest of
  /// an iteration's epochs is left out.
  public var stepLimit = 0.1
  /// The exact KL of a text, in nats, beyond which the run stops; 0 for none.
  public var klLimit = 0.0
  /// What chance depends on.
  public var seed = 0
  /// Iterations between checkpoints.
  public var checkpointEvery = 10

  /// The standard settings.
  public init() {}

  private static let integers: [(String, any WritableKeyPath<AlignmentSettings, Int> & Sendable)] =
    [
      ("iterations", \.iterations), ("batch", \.batch), ("epochs", \.epochs),
      ("minibatches", \.minibatches), ("length", \.length), ("seed", \.seed),
      ("checkpoint_every", \.checkpointEvery),
    ]

  private static let numbers:
    [(String, any WritableKeyPath<AlignmentSettings, Double> & Sendable)] = [
      ("kl", \.kl), ("learning_rate", \.rate), ("clip", \.clip), ("discount", \.discount),
      ("gae_decay", \.decay), ("value_weight", \.valueWeight), ("step_limit", \.stepLimit),
      ("kl_limit", \.klLimit),
    ]

  /// The settings as JSON.
  public var json: JSON {
    .object(
      [JSON.Member("method", .string(method.rawValue))]
        + Self.integers.map { JSON.Member($0, .integer(self[keyPath: $1])) }
        + Self.numbers.map { JSON.Member($0, .number(self[keyPath: $1])) })
  }

  /// Reads what `json` wrote; what is not there stays as it is.
  public init(_ json: JSON) {
    method = json["method"]?.string.flatMap(Method.init) ?? method
    for (name, path) in Self.integers {
      if let value = json[name]?.integer { self[keyPath: path] = value }
    }
    for (name, path) in Self.numbers {
      if let value = json[name]?.number { self[keyPath: path] = value }
    }
  }
}
