public import Transformers

/// One stop of a walk through the computation: what happens there, in which layer of which stack.
///
/// Its id can be typed: `tokens`, `L3.queries`, `encoder.L0.scores`, `decoder.L1.cross.weights`,
/// `logits`, in an encoder–decoder `decoder.logits`.
public struct Station: Hashable, Sendable, CustomStringConvertible {
  /// What happens at a station, in the order of the computation. The raw value is the last part of
  /// an id.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The text as it was given.
    case text
    /// The text cut into entries of the vocabulary.
    case tokens
    /// A vector for every token, with its position where positions are added.
    case embedding
    /// Q: what every token asks for.
    case queries
    /// K: what every token offers.
    case keys
    /// V: what every token passes on.
    case values
    /// q · k of every pair.
    case scores
    /// What the model makes of q · k: divided by √d_k, with a bias of the distance, capped.
    case scaled
    /// The pairs that may look at each other.
    case masked
    /// The softmax of a row.
    case weights
    /// The sum of the values, each times its weight.
    case mixed
    /// The sums of all heads side by side.
    case concatenated
    /// All heads through W_O.
    case projected
    /// Attention added to the stream, with the norm where one follows.
    case addAttention = "add-attention"
    /// The feed-forward network.
    case feedForward = "feed-forward"
    /// The network added to the stream, with the norm where one follows.
    case addFeedForward = "add-feed-forward"
    /// The norm after the last layer.
    case finalNorm = "final-norm"
    /// A score for every entry of the vocabulary.
    case logits
    /// The softmax of the logits at a temperature.
    case distribution
    /// The token that follows.
    case nextToken = "next"

    /// Whether every layer has it.
    public var isInLayer: Bool {
      switch self {
      case .text, .tokens, .embedding, .finalNorm, .logits, .distribution, .nextToken: false
      default: true
      }
    }

    /// Whether it is a part of attention, which a decoder with a source has twice.
    public var isInAttention: Bool { isInLayer && self != .feedForward && self != .addFeedForward }

    /// Whether it belongs to one head, so that all heads or one can be looked at.
    public var isInHead: Bool {
      switch self {
      case .queries, .keys, .values, .scores, .scaled, .masked, .weights, .mixed: true
      default: false
      }
    }

    /// Whether it has a number for every pair of tokens.
    public var isMap: Bool {
      switch self {
      case .scores, .scaled, .masked, .weights: true
      default: false
      }
    }

    /// Whether it speaks of the token that follows a token.
    public var isOutput: Bool { self == .logits || self == .distribution || self == .nextToken }
  }

  /// What happens there.
  public var kind: Kind
  /// The stack; `sole` in a model of one stack, `cross` where a decoder looks at its source.
  public var stack: Site.Stack
  /// The layer, counted from 0; `nil` outside the layers.
  public var layer: Int?

  /// Creates a station.
  public init(_ kind: Kind, layer: Int? = nil, of stack: Site.Stack = .sole) {
    self.kind = kind
    self.layer = kind.isInLayer ? layer ?? 0 : nil
    self.stack = stack
  }

  /// The station of an id; `nil` for a text that is none.
  public init?(id: String) {
    var parts = id.split(separator: ".", omittingEmptySubsequences: false).map(String.init)[...]
    guard let last = parts.popLast(), let kind = Kind(rawValue: last) else { return nil }
    var stack = Site.Stack.sole
    if let name = parts.first, let named = Site.Stack(rawValue: name),
      named == .encoder || named == .decoder
    {
      stack = named
      parts.removeFirst()
    }
    if parts.last == Site.Stack.cross.rawValue {
      guard stack == .decoder, kind.isInAttention else { return nil }
      stack = .cross
      parts.removeLast()
    }
    var layer: Int?
    if let name = parts.popFirst() {
      guard name.first == "L", let number = Int(name.dropFirst()), number >= 0, name.last != "L",
        name == "L\(number)"
      else { return nil }
      layer = number
    }
    guard parts.isEmpty, kind.isInLayer == (layer != nil) else { return nil }
    self.init(kind, layer: layer, of: stack)
  }

  /// The id, unique in a walk.
  public var id: String {
    let place = layer.map { "L\($0)." } ?? ""
    return switch stack {
    case .sole: place + kind.rawValue
    case .encoder, .decoder: "\(stack.rawValue).\(place)\(kind.rawValue)"
    case .cross: "decoder.\(place)cross.\(kind.rawValue)"
    }
  }

  /// The id.
  public var description: String { id }
}
