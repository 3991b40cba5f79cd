/// A text that a model continued: what it was asked, every step, and why it stopped.
public struct Generation: Sendable, Equatable {
  /// What was asked.
  public struct Settings: Sendable, Equatable {
    /// τ of every step.
    public var schedule: Schedule
    /// What happens to the logits before a draw.
    public var filters: TokenFilters
    /// The seed of the random numbers.
    public var seed: UInt64
    /// How many tokens to add at most.
    public var count: Int
    /// Whether a token that ends a text is not the last one.
    public var ignoresEnd: Bool
    /// Tokens that end the text, beside those that the model names.
    public var furtherEnds: Set<Int> = []

    /// Creates settings: the model's own distribution when nothing else is said.
    public init(
      schedule: Schedule = Schedule(1), filters: TokenFilters = TokenFilters(), seed: UInt64 = 0,
      count: Int, ignoresEnd: Bool = false
    ) {
      self.schedule = schedule
      self.filters = filters
      self.seed = seed
      self.count = count
      self.ignoresEnd = ignoresEnd
    }

    /// How many tokens an encoder–decoder writes at most where nothing is said.
    public static let targetCount = 50

    /// The most probable token every time.
    public static func greedy(count: Int, ignoresEnd: Bool = false) -> Settings {
      Settings(schedule: Schedule(0), count: count, ignoresEnd: ignoresEnd)
    }

    /// Whether the most probable token is taken every time.
    public var isGreedy: Bool { schedule == Schedule(0) }
  }

  /// A token and how probable the model found it, at τ = 1.
  public struct Alternative: Sendable, Equatable {
    /// The token.
    public var id: Int
    /// Its probability at τ = 1.
    public var probability: Double
  }

  /// One new token.
  public struct Step: Sendable, Equatable {
    /// The row that predicted it: the position of the token before it.
    public var row: Int
    /// The token.
    public var id: Int
    /// τ of the step.
    public var temperature: Double
    /// Its probability at τ = 1, the model's own.
    public var probability: Double
    /// Its place among all tokens at τ = 1, from 1.
    public var rank: Int
    /// The entropy at τ = 1, in nats.
    public var entropy: Double
    /// How it was drawn: with which probability, from how many.
    public var choice: Sampler.Choice
    /// The most probable other tokens at τ = 1, the most probable first.
    public var others: [Alternative]
    /// How many tokens are neither this one nor among the others.
    public var restCount: Int
    /// Their probability at τ = 1.
    public var restProbability: Double
    /// Whether it is a token that ends a text.
    public var endsText: Bool

    /// Whether several tokens had the largest logit and the lowest id was taken.
    public var brokeTie: Bool { choice.ties > 1 }
  }

  /// Why there are no more tokens.
  public enum Stop: Sendable, Equatable {
    /// A token that ends a text.
    case endToken(Int)
    /// As many as were asked for.
    case length
    /// The model takes no more.
    case contextFull
  }

  /// The source that an encoder read, in an encoder–decoder.
  public var source: [Int] = []
  /// The tokens that were there before: the text's, or the one that a target starts with.
  public var prompt: [Int]
  /// One step a new token.
  public var steps: [Step]
  /// What was asked.
  public var settings: Settings
  /// Why there are no more tokens.
  public var stopped: Stop

  /// The new tokens.
  public var ids: [Int] { steps.map(\.id) }
}
