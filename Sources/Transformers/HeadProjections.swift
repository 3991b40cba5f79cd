public import Tensors

/// What makes one head's queries, keys and values of what its attention sees.
public struct HeadProjections: Sendable {
  /// One projection x · Wᵀ + b.
  public struct Projection: Sendable {
    /// W, a row for every number that is made, `[d, D]`.
    public let weight: Tensor
    /// b, `[d]`, where the model has one.
    public let bias: Tensor?
  }

  /// Makes queries.
  public let query: Projection
  /// Makes keys, perhaps those of several heads.
  public let key: Projection
  /// Makes values, perhaps those of several heads.
  public let value: Projection
}

extension Transformer {
  /// The projections of one head.
  ///
  /// - Precondition: The stack has the layer, and the layer the head.
  public func projections(
    layer: Int, head: Int, of name: Site.Stack = .sole
  ) -> HeadProjections {
    let block = block(layer, of: name)
    let attention = name == .cross ? block.cross?.attention ?? block.attention : block.attention
    let group = head * attention.groups / attention.heads
    let width = configuration.shape(of: name).headWidth
    return HeadProjections(
      query: attention.query.part(head, of: width), key: attention.key.part(group, of: width),
      value: attention.value.part(group, of: width))
  }

  /// What a layer's attention sees of the stream that enters the layer: the stream itself, or its
  /// rows normalised.
  public func attentionInput(
    _ stream: Tensor, layer: Int, of name: Site.Stack = .sole
  ) -> Tensor {
    block(layer, of: name).attentionNorms.before(stream)
  }

  /// The bias b_O that the output projection of a layer's attention adds, `[D]`, where there is one.
  public func outputBias(layer: Int, of name: Site.Stack = .sole) -> Tensor? {
    let block = block(layer, of: name)
    return (name == .cross ? block.cross?.attention ?? block.attention : block.attention).output
      .bias
  }

  private func block(_ layer: Int, of name: Site.Stack) -> Block {
    (name == .encoder ? encoder?.stack ?? stack : stack).blocks[layer]
  }
}

extension Linear {
  /// The share of one head of so many outputs.
  fileprivate func part(_ head: Int, of width: Int) -> HeadProjections.Projection {
    let outputs = Array(head * width..<(head + 1) * width)
    return HeadProjections.Projection(
      weight: weight.gatheringRows(outputs),
      bias: bias.map { $0.reshaped([$0.count / width, width]).slice(head) })
  }
}
