/// A place in the computation: which value, in which layer, of which stack.
///
/// Its description is the name of the recorded tensor: `layers.0.attention.weights`.
public struct Site: Hashable, Sendable, CustomStringConvertible {
  /// What is computed there, with the name it has in a trace.
  public enum Value: String, Hashable, Sendable, CaseIterable {
    /// What enters layer 0, `[n, D]`.
    case embedding
    /// Queries as they meet the keys, `[H, n, d]`.
    case query = "attention.q"
    /// Keys as they meet the queries, `[K, m, d]`.
    case key = "attention.k"
    /// Values, `[K, m, d]`.
    case value = "attention.v"
    /// Scale times q·k, `[H, n, m]`, where a bias or a cap makes another score of it.
    case products = "attention.scores_qk"
    /// What enters the softmax, before the mask, `[H, n, m]`.
    case scores = "attention.scores"
    /// The softmax of the scores over the allowed keys, `[H, n, m]`.
    case weights = "attention.weights"
    /// Weights times values, `[H, n, d]`.
    case context = "attention.context"
    /// What attention adds to the stream: concatenated heads times W_O, normalised where the family
    /// does so, `[n, D]`.
    case attentionOutput = "attention.output"
    /// The stream after the first Add (& Norm), `[n, D]`.
    case residual
    /// What the feed-forward network adds to the stream, `[n, D]`.
    case feedForwardOutput = "feed_forward.output"
    /// The stream after the block, `[n, D]`.
    case output
    /// The stack's output after its final norm, `[n, D]`.
    case finalHidden = "final_hidden"
    /// The scores of every vocabulary entry, `[n, V]`.
    case logits
    /// The temperatures of `nextProbabilities`, `[T]`.
    case nextTemperatures = "next.tau"
    /// The softmax of the last row's logits at each temperature, `[T, V]`.
    case nextProbabilities = "next.probabilities"
    /// BERT's pooled first token, `[D]`.
    case pooled
    /// BERT's next-sentence scores, `[2]`.
    case nextSentence = "nsp_logits"

    /// Whether every layer has this value.
    public var isInLayer: Bool {
      switch self {
      case .embedding, .finalHidden, .logits, .nextTemperatures, .nextProbabilities, .pooled,
        .nextSentence:
        false
      default: true
      }
    }
  }

  /// The value.
  public var value: Value
  /// The layer, counted from 0; `nil` outside the layers.
  public var layer: Int?

  /// Creates a site.
  public init(_ value: Value, layer: Int? = nil) {
    self.value = value
    self.layer = layer
  }

  /// The name of the recorded tensor.
  public var description: String {
    layer.map { "layers.\($0).\(value.rawValue)" } ?? value.rawValue
  }
}
