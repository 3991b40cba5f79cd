/// The shape of a transformer: a small closed set of choices that every family maps onto.
///
/// Of an encoder–decoder it is the shape of the decoder; `encoder` says what the encoder has of its
/// own.
public struct Configuration: Sendable, Equatable {
  /// The family's `model_type`.
  public var family: String
  /// Which way the model looks.
  public var kind: Kind
  /// Number of blocks that are computed.
  public var layers: Int
  /// Whose parameters each layer has, where layers share them; each its own when empty.
  public var storedLayers: [Int] = []
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

  // MARK: encoder–decoders

  /// The encoder, in a model that has a decoder too.
  public var encoder: Encoder?
  /// The token that a target starts with.
  public var startToken: Int?

  // MARK: embedding

  /// Number of rows of the position table; 0 for none.
  public var positionRows: Int = 0
  /// Number of token types (segments); 0 for none.
  public var tokenTypes: Int = 0
  /// What word vectors are multiplied by.
  public var embeddingScale: Float = 1
  /// Which vectors of another width are brought to the width of the stream.
  public var embeddingProjection: EmbeddingProjection = .none
  /// The width of a word's vector where it is projected.
  public var embeddingWidth: Int = 0

  // MARK: positions

  /// Which positions are added to the word vectors.
  public var positions: Positions = .none
  /// How each layer turns queries and keys, `nil` where it does not; nobody does when empty.
  public var rotary: [Rotary?] = []
  /// How the distance of two tokens enters their score.
  public var relativePositions: RelativePositions?
  /// How it does so by vectors of its own.
  public var disentangled: Disentangled?

  // MARK: blocks

  /// The function inside the feed-forward network.
  public var activation: Activation
  /// Whether the feed-forward network multiplies by a gate: W_down(f(W_gate x) · W_up x).
  public var isGated: Bool = false
  /// Whether the layers of the feed-forward network have biases.
  public var hasFeedForwardBias: Bool = true
  /// Whether queries, keys and values have biases.
  public var hasAttentionBias: Bool = true
  /// Whether the output of attention has a bias.
  public var hasOutputBias: Bool = true
  /// What is normalised of queries and keys before they are turned.
  public var queryKeyNorm: QueryKeyNorm = .none
  /// How rows are normalised.
  public var normKind: NormKind = .layer
  /// Whether norms of the kind `layer` have a shift.
  public var hasNormShift: Bool = true
  /// ε of the norms.
  public var normEpsilon: Float
  /// Where a block normalises.
  public var normPlacement: NormPlacement
  /// Whether a norm follows the last block, in families that have one.
  public var hasFinalNorm: Bool = true
  /// The factor between q·k and the score of each layer: 1/√d in most models.
  public var scales: [Float]
  /// What no score goes beyond.
  public var scoreCap: Float?
  /// How far each layer sees; everything when empty or `nil`. A decoder's token sees so many tokens,
  /// itself the last; an encoder's those that stand at most so far away.
  public var windows: [Int?] = []

  // MARK: head

  /// Whether the last projection is the embedding table.
  public var isHeadTied: Bool
  /// What the stream is multiplied by before the last projection.
  public var headScale: Float = 1
  /// Whether the linear layer of the head's transform has a bias.
  public var hasTransformBias: Bool = true
  /// The function in the head's transform, where it is another one than in the blocks.
  public var headActivation: Activation?
  /// What no logit goes beyond.
  public var logitCap: Float?

  /// Whether distances enter scores by a number that is added.
  public var hasDistanceBias: Bool { relativePositions != nil || disentangled != nil }
}

extension Configuration {
  /// The shape of one stack: of an encoder–decoder's encoder that of an encoder of its own.
  public func shape(of stack: Site.Stack) -> Configuration {
    guard let encoder, stack == .encoder else { return self }
    var shape = self
    shape.kind = .encoder
    (shape.layers, shape.heads, shape.groups) = (encoder.layers, encoder.heads, encoder.heads)
    (shape.headWidth, shape.hidden) = (encoder.headWidth, encoder.hidden)
    shape.scales = Array(repeating: encoder.scale, count: encoder.layers)
    shape.relativePositions?.isBidirectional = true
    shape.encoder = nil
    return shape
  }

  /// The layers of the stack that has most.
  public var mostLayers: Int { max(layers, encoder?.layers ?? 0) }

  /// The heads a layer of the stack that has most.
  public var mostHeads: Int { max(heads, encoder?.heads ?? 0) }

  /// The stacks of the model, and in a decoder with a source its attention over that.
  public var stacks: [Site.Stack] { encoder == nil ? [.sole] : [.encoder, .decoder, .cross] }
}
