internal import Synchronization

/// How many numbers of a checkpoint a model is made of: every stored number once, where it was read
/// first, though several parts may share it.
public struct ParameterCounts: Sendable, Equatable {
  /// A part of a model that has parameters of its own.
  public struct Place: Hashable, Sendable {
    /// Which part.
    public var part: Part
    /// The stack; `sole` for parts of the model as a whole.
    public var stack: Site.Stack
    /// The layer, in blocks.
    public var layer: Int?

    /// Creates a place.
    public init(_ part: Part, layer: Int? = nil, of stack: Site.Stack = .sole) {
      self.part = part
      self.stack = stack
      self.layer = layer
    }
  }

  /// What a number belongs to.
  public enum Part: Hashable, Sendable {
    /// The vectors of words.
    case words
    /// The vectors of positions.
    case positions
    /// The vectors of token types.
    case types
    /// What normalises the embedding, or brings it to the width of the stream.
    case embedding
    /// What the layers share about distances.
    case distances
    /// The attention of a block.
    case attention
    /// The norms of a block's attention.
    case attentionNorm
    /// A block's attention over the source.
    case crossAttention
    /// The norms of that.
    case crossAttentionNorm
    /// The feed-forward network of a block.
    case feedForward
    /// The norms of that.
    case feedForwardNorm
    /// What follows the last block.
    case final
    /// What scores vocabulary entries.
    case head
    /// BERT's pooler.
    case pooler
  }

  /// The numbers of every part that has some.
  public private(set) var counts: [Place: Int] = [:]

  /// All parameters.
  public var total: Int { counts.values.reduce(0, +) }

  /// The numbers of a part; 0 where it has none of its own.
  public subscript(part: Part, layer layer: Int? = nil, of stack: Site.Stack = .sole) -> Int {
    counts[Place(part, layer: layer, of: stack)] ?? 0
  }

  /// The numbers of a block.
  public func ofBlock(_ layer: Int, of stack: Site.Stack = .sole) -> Int {
    counts.reduce(0) { $0 + ($1.key.layer == layer && $1.key.stack == stack ? $1.value : 0) }
  }

  fileprivate mutating func add(_ count: Int, at place: Place) {
    counts[place, default: 0] += count
  }
}

/// Counts what is read of a checkpoint while a model is put together.
final class ParameterLedger: Sendable {
  /// What was read: the stored name, and where in it.
  private struct Entry: Hashable {
    var name: String
    var first: Int
    var count: Int
  }

  private let state = Mutex((seen: Set<Entry>(), counts: ParameterCounts()))

  /// The counts so far.
  var counts: ParameterCounts { state.withLock(\.counts) }

  /// Notes that numbers of a stored tensor were read for a part of the model.
  ///
  /// - Parameter first: Where they begin, so that parts of a fused tensor are told apart.
  func note(
    _ name: String, from first: Int, count: Int, path: String, layer: Int?, of stack: Site.Stack
  ) {
    state.withLock { state in
      guard state.seen.insert(Entry(name: name, first: first, count: count)).inserted else {
        return
      }
      let part = ParameterCounts.Part(path: path)
      state.counts.add(count, at: .init(part, layer: layer, of: part.isOfModel ? .sole : stack))
    }
  }
}

extension ParameterCounts.Part {
  /// The part that a parameter's path begins with.
  fileprivate init(path: String) {
    let beginnings: [(String, ParameterCounts.Part)] = [
      ("attention.norm", .attentionNorm), ("cross_attention.norm", .crossAttentionNorm),
      ("feed_forward.norm", .feedForwardNorm), ("attention", .attention),
      ("cross_attention", .crossAttention), ("gate", .feedForward), ("up", .feedForward),
      ("down", .feedForward), ("words", .words), ("positions", .positions), ("types", .types),
      ("embedding", .embedding), ("relative_positions", .distances), ("distances", .distances),
      ("head", .head), ("pooler", .pooler), ("next_sentence", .pooler),
    ]
    self = beginnings.first { path.hasPrefix($0.0) }?.1 ?? .final
  }

  fileprivate var isOfModel: Bool { self == .head || self == .pooler }
}
