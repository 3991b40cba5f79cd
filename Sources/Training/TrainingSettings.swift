public import Files

/// How a model is trained.
public struct TrainingSettings: Sendable, Equatable {
  /// Steps in all.
  public var steps = 1000
  /// Texts, or pairs, of a step.
  public var batch = 32
  /// Tokens of a text.
  public var context = 64
  /// The largest learning rate.
  public var rate = 1e-3
  /// Steps until it is reached.
  public var warmup = 100
  /// How fast matrices fall towards 0.
  public var decay = 0.1
  /// The norm beyond which a gradient is made shorter; 0 for none.
  public var clip = 1.0
  /// How much is left out by chance.
  public var dropout = 0.0
  /// What chance depends on.
  public var seed = 0
  /// The part of the corpus that is kept aside.
  public var validation = 0.05
  /// Steps between checkpoints, each with a look at what was kept aside.
  public var checkpointEvery = 250

  /// The standard settings.
  public init() {}

  /// The members of the JSON, by name.
  private static let integers: [(String, any WritableKeyPath<TrainingSettings, Int> & Sendable)] = [
    ("steps", \.steps), ("batch", \.batch), ("context", \.context), ("warmup", \.warmup),
    ("seed", \.seed), ("checkpoint_every", \.checkpointEvery),
  ]

  private static let numbers: [(String, any WritableKeyPath<TrainingSettings, Double> & Sendable)] =
    [
      ("learning_rate", \.rate), ("weight_decay", \.decay), ("clip", \.clip),
      ("dropout", \.dropout),
      ("validation", \.validation),
    ]

  /// The settings as JSON.
  public var json: JSON {
    .object(
      Self.integers.map { JSON.Member($0, .integer(self[keyPath: $1])) }
        + Self.numbers.map { JSON.Member($0, .number(self[keyPath: $1])) })
  }

  /// Reads what `json` wrote; what is not there stays as it is.
  public init(_ json: JSON) {
    for (name, path) in Self.integers {
      if let value = json[name]?.integer { self[keyPath: path] = value }
    }
    for (name, path) in Self.numbers {
      if let value = json[name]?.number { self[keyPath: path] = value }
    }
  }
}
