/// A place in the computation: which value, in which layer, of which stack.
///
/// Its description is the name of the recorded tensor: `layers.0.attention.weights`, or
/// `decoder.layers.0.cross_attention.weights` in an encoder–decoder.
public struct Site: Hashable, Sendable, CustomStringConvertible {
  /// Which stack of layers computes a value, and in a decoder with a source which of its two
  /// attentions.
  public enum Stack: String, Hashable, Sendable, CaseIterable {
    /// The only stack of a model.
    case sole
    /// The encoder of an encoder–decoder, which reads the source.
    case encoder
    /// The decoder of an encoder–decoder, which writes the target and looks back at it.
    case decoder
    /// The decoder's attention over the source.
    case cross
  }

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

    /// Whether a stack has this value, and not the model as a whole.
    public var isInStack: Bool { isInLayer || self == .embedding || self == .finalHidden }
  }

  /// The value.
  public var value: Value
  /// The layer, counted from 0; `nil` outside the layers.
  public var layer: Int?
  /// The stack; `sole` for values of the model as a whole.
  public var stack: Stack

  /// Creates a site.
  public init(_ value: Value, layer: Int? = nil, of stack: Stack = .sole) {
    self.value = value
    self.layer = layer
    self.stack = value.isInStack ? stack : .sole
  }

  /// The place of a recorded tensor; `nil` for a name that no value has.
  public init?(name: String) {
    var parts = name.split(separator: ".", omittingEmptySubsequences: false)[...]
    var stack = Stack.sole
    if let first = parts.first, first == "encoder" || first == "decoder" {
      stack = first == "encoder" ? .encoder : .decoder
      parts.removeFirst()
    }
    var layer: Int?
    if parts.count > 2, parts.first == "layers" {
      guard let number = Int(parts[parts.startIndex + 1]), number >= 0 else { return nil }
      layer = number
      parts.removeFirst(2)
    }
    var rest = parts.joined(separator: ".")
    if rest.hasPrefix("cross_attention."), stack == .decoder {
      (stack, rest) = (.cross, String(rest.dropFirst("cross_".count)))
    }
    guard let value = Value(rawValue: rest), value.isInLayer == (layer != nil),
      value.isInStack || stack == .sole
    else { return nil }
    self.init(value, layer: layer, of: stack)
  }

  /// The name of the recorded tensor.
  public var description: String {
    let place = layer.map { "layers.\($0)." } ?? ""
    return switch stack {
    case .sole: place + value.rawValue
    case .encoder, .decoder: "\(stack.rawValue).\(place)\(value.rawValue)"
    case .cross: "decoder.\(place)\(value.nameInCrossAttention)"
    }
  }
}

extension Site.Value {
  /// The value's name where a decoder looks at its source.
  fileprivate var nameInCrossAttention: String {
    let own = "attention."
    return "cross_" + (rawValue.hasPrefix(own) ? rawValue : own + rawValue)
  }
}
