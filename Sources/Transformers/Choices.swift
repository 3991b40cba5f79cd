extension Configuration {
  /// Which way the model looks.
  public enum Kind: String, Sendable {
    /// Every token sees every token.
    case encoder
    /// A token sees itself and what came before.
    case decoder
    /// An encoder reads a source; a decoder writes a target and looks at both.
    case seq2seq
  }

  /// What the encoder of an encoder–decoder has of its own; all else it shares with the decoder,
  /// which the configuration describes.
  public struct Encoder: Sendable, Equatable {
    /// Number of blocks.
    public var layers: Int
    /// Heads in each block.
    public var heads: Int
    /// The width d of a head.
    public var headWidth: Int
    /// The width inside the feed-forward network.
    public var hidden: Int
    /// The factor between q·k and the score.
    public var scale: Float
  }

  /// Where a block normalises; f is attention, then the feed-forward network.
  public enum NormPlacement: String, Sendable {
    /// LN(x + f(x)), as in the original transformer.
    case after
    /// x + f(LN(x)), as in GPT-2.
    case before
    /// x + LN(f(LN(x))), as in Gemma 2.
    case around
    /// x + LN(f(x)), as in OLMo 2.
    case inside
    /// x + attention(LN(x)) + feed-forward(LN′(x)), as in GPT-NeoX: both see the same stream.
    case parallel
  }

  /// The function between the two layers of the feed-forward network.
  public enum Activation: String, Sendable, CaseIterable {
    case gelu
    case geluTanh = "gelu_new"
    case relu
    case silu
  }

  /// Which positions are added to the word vectors.
  public enum Positions: Sendable, Equatable {
    /// None: they enter elsewhere.
    case none
    /// A learned vector a position; the first token has position `offset`. With `padding`, a
    /// token of that id keeps it as its position and does not count.
    case learned(offset: Int, padding: Int?)
    /// Sines and cosines of the position (Vaswani et al. 2017, §3.5).
    case sinusoidal(SinusoidOrder)
  }

  /// How the sines and cosines of a position stand in its vector.
  public enum SinusoidOrder: String, Sendable {
    /// In turn: sine, cosine, sine, …
    case alternating
    /// All sines, then all cosines.
    case halves
  }

  /// How the distance of two tokens enters their score: a learned number for every bucket of
  /// distances and every head, the same in all layers (Raffel et al. 2020, §2.1).
  public struct RelativePositions: Sendable, Equatable {
    /// Rows of the table.
    public var rows: Int
    /// Buckets of both directions together.
    public var buckets: Int
    /// The distance from which on all are in the last bucket.
    public var maximumDistance: Int
    /// Whether keys behind the query have buckets too, half of them all; else they share the one of
    /// distance 0.
    public var isBidirectional: Bool = true
  }

  /// How the distance of two tokens enters their score by vectors of its own, which every layer
  /// projects (He et al. 2020).
  public struct Disentangled: Sendable, Equatable {
    /// Buckets of distances on a scale of logarithms; every distance has its own when `nil`.
    public var buckets: Int?
    /// The largest distance that is told from larger ones.
    public var length: Int
    /// Whether queries meet the keys of distances.
    public var hasKeys: Bool
    /// Whether keys meet the queries of distances.
    public var hasQueries: Bool
    /// Whether distances are projected as tokens are.
    public var sharesProjections: Bool
    /// Whether the vectors of distances are normalised.
    public var isNormalized: Bool

    /// Half of the vectors of distances: those of one direction.
    public var span: Int { buckets ?? length }
  }

  /// How a row is brought to a common size.
  public enum NormKind: String, Sendable {
    /// Mean 0 and variance 1, then a learned scale and shift.
    case layer
    /// Root mean square 1, then a learned scale.
    case rootMeanSquare
    /// The same, with a scale that is stored less 1.
    case rootMeanSquarePlusOne
  }

  /// What is normalised of queries and keys before they are turned.
  public enum QueryKeyNorm: String, Sendable {
    /// Nothing.
    case none
    /// Every head's part, all with one scale.
    case perHead
    /// All heads as one row.
    case allHeads
  }

  /// Which vectors of another width are brought to the width of the stream.
  public enum EmbeddingProjection: String, Sendable {
    /// None: there is one width.
    case none
    /// Word vectors before positions are added; the stream is brought back before the head.
    case words
    /// The normalised sum of word, position and type; the head's transform leads back.
    case sum
  }
}
