public import Tensors

/// What a block is made of, as it was loaded: for figures of a model.
public struct BlockAnatomy: Sendable, Hashable {
  /// A part of a block that adds to the stream.
  public enum Sublayer: Sendable {
    case attention, crossAttention, feedForward
  }

  /// Which norms a sublayer has: of what it sees, of what it adds, of the sum.
  public struct Norms: Sendable, Hashable {
    /// Of what it sees.
    public var before: Bool
    /// Of what it adds.
    public var inside: Bool
    /// Of the sum.
    public var after: Bool
  }

  /// The norms of attention.
  public var attention: Norms
  /// Those of attention over a source; `nil` where there is none.
  public var cross: Norms?
  /// Those of the feed-forward network.
  public var feedForward: Norms
  /// Whether the feed-forward network sees what attention sees.
  public var isParallel: Bool
  /// Whether both see it through one norm.
  public var sharesNorm: Bool
  /// How far attention sees; everything when `nil`.
  public var window: Int?
  /// How queries and keys are turned; not at all when `nil`.
  public var rotary: Rotary?
}

/// What stands around the blocks.
public struct EdgeAnatomy: Sendable, Hashable {
  /// Whether the embedding is normalised.
  public var hasEmbeddingNorm: Bool
  /// Whether a norm follows the last block.
  public var hasFinalNorm: Bool
  /// Whether the head transforms the stream before it scores.
  public var hasHeadTransform: Bool
  /// Whether the head's scores have a bias.
  public var hasHeadBias: Bool
  /// Whether there is BERT's pooler.
  public var hasPooler: Bool
}

extension Transformer {
  /// What a block is made of.
  public func anatomy(layer: Int, of name: Site.Stack = .sole) -> BlockAnatomy {
    let stack = stack(name)
    let block = stack.blocks[layer]
    let stored = configuration.storedLayers
    let own = stored.isEmpty ? layer : stored[layer]
    let feedForward = BlockAnatomy.Norms(block.feedForwardNorms)
    return BlockAnatomy(
      attention: .init(block.attentionNorms), cross: block.cross.map { .init($0.norms) },
      feedForward: feedForward, isParallel: block.isParallel,
      sharesNorm: block.isParallel && feedForward.before
        && parameters[.feedForwardNorm, layer: own, of: stack.name] == 0,
      window: block.attention.window,
      rotary: stack.rotary.isEmpty ? nil : stack.rotary[layer])
  }

  /// What stands around the blocks of a stack.
  public func edges(of name: Site.Stack = .sole) -> EdgeAnatomy {
    let embedding = name == .encoder ? encoder?.embedding ?? embedding : embedding
    return EdgeAnatomy(
      hasEmbeddingNorm: embedding.norm != nil, hasFinalNorm: stack(name).finalNorm != nil,
      hasHeadTransform: head?.transform != nil, hasHeadBias: head?.projection.bias != nil,
      hasPooler: pooler != nil)
  }

  /// What a sublayer sees of the stream: its rows normalised; the rows themselves where the block has
  /// no norm there.
  ///
  /// - Parameters:
  ///   - x: Rows of the stream, `[n, D]`.
  ///   - sublayer: Attention or the feed-forward network.
  ///   - layer: The layer.
  ///   - name: The stack of the layer.
  public func seen(
    _ x: Tensor, by sublayer: BlockAnatomy.Sublayer, layer: Int, of name: Site.Stack = .sole
  ) -> Tensor {
    let block = stack(name).blocks[layer]
    return switch sublayer {
    case .attention: block.attentionNorms.before(x)
    case .crossAttention: block.cross?.norms.before(x) ?? x
    case .feedForward: block.feedForwardNorms.before(x)
    }
  }

  /// What stands between the two layers of a feed-forward network.
  ///
  /// - Parameters:
  ///   - x: The rows that the network sees, `[n, D]`.
  ///   - layer: The layer.
  ///   - name: The stack of the layer.
  public func feedForwardHidden(
    _ x: Tensor, layer: Int, of name: Site.Stack = .sole
  ) -> Tensor {
    stack(name).blocks[layer].feedForward.inside(x)
  }
}

extension BlockAnatomy.Norms {
  init(_ norms: Block.Norms) {
    self.init(
      before: norms.before != nil, inside: norms.inside != nil, after: norms.after != nil)
  }
}
