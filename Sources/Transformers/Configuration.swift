/// The shape of a transformer: a small closed set of choices that every family maps onto.
public struct Configuration: Sendable, Equatable {
  /// Which way the model looks.
  public enum Kind: String, Sendable {
    /// Every token sees every token.
    case encoder
    /// A token sees itself and what came before.
    case decoder
  }

  /// Where a block normalises.
  public enum NormPlacement: String, Sendable {
    /// LN(x + f(x)), as in the original transformer.
    case after
    /// x + f(LN(x)), as in GPT-2.
    case before
  }

  /// The function between the two layers of the feed-forward network.
  public enum Activation: String, Sendable, CaseIterable {
    case gelu
    case geluTanh = "gelu_new"
    case relu
    case silu
  }

  /// How positions enter.
  public enum Positions: Sendable, Equatable {
    /// A learned vector a position; the first token has position `offset`. With `padding`, a
    /// token of that id keeps it as its position and does not count.
    case learned(offset: Int, padding: Int?)
    /// Queries and keys are turned by their position; θ is `base`.
    case rotary(base: Double)
  }

  /// How a row is brought to a common size.
  public enum NormKind: String, Sendable {
    /// Mean 0 and variance 1, then a learned scale and shift.
    case layer
    /// Root mean square 1, then a learned scale.
    case rootMeanSquare
  }

  /// The family's `model_type`.
  public var family: String
  /// Which way the model looks.
  public var kind: Kind
  /// Number of blocks.
  public var layers: Int
  /// Query heads in each block.
  public var heads: Int
  /// Key-value heads in each block: as many as query heads, or fewer.
  public var groups: Int
  /// The width D of the residual stream.
  public var width: Int
  /// The width d of a head.
  public var headWidth: Int
  /// The width inside the feed-forward network.
  public var hidden: Int
  /// Number of vocabulary entries V.
  public var vocabulary: Int
  /// The most tokens the model takes.
  public var maximumTokens: Int
  /// Number of rows of the position table.
  public var positionRows: Int
  /// Number of token types (segments); 0 for none.
  public var tokenTypes: Int
  /// The function inside the feed-forward network.
  public var activation: Activation
  /// Whether the feed-forward network multiplies by a gate: W_down(f(W_gate x) · W_up x).
  public var isGated: Bool = false
  /// Whether the projections of attention have biases.
  public var hasAttentionBias: Bool = true
  /// Whether the layers of the feed-forward network have biases.
  public var hasFeedForwardBias: Bool = true
  /// How rows are normalised.
  public var normKind: NormKind = .layer
  /// ε of the norms.
  public var normEpsilon: Float
  /// Where a block normalises.
  public var normPlacement: NormPlacement
  /// How positions enter.
  public var positions: Positions
  /// What each frequency of the rotation is divided by; nothing when it is 1 for all.
  public var rotaryDivisors: [Double] = []
  /// The factor between q·k and the score of each layer: 1/√d in most models.
  public var scales: [Float]
  /// Whether the last projection is the embedding table.
  public var isHeadTied: Bool
}
