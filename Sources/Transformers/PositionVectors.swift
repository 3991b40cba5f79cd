public import Tensors

/// Positions by themselves: what they add, and the model without them.
extension Transformer {
  /// The learned vectors of the first positions, `[positions, D]`, at most as many as there are;
  /// `nil` where positions are not added to the embedding.
  public func positionVectors(_ count: Int) -> Tensor? {
    guard let table = embedding.positions, case .learned(let offset, _) = configuration.positions
    else { return nil }
    let rows = min(count, table.outputs - offset)
    return rows > 0 ? table.gatheringRows((offset..<offset + rows).map { $0 }) : nil
  }

  /// The same parameters without positions: nothing is added to the embedding, nothing is turned.
  /// For an experiment, not for use: the model was trained with positions.
  public var withoutPositions: Transformer {
    var shape = configuration
    shape.positions = .learned(offset: 0, padding: nil)
    let bare = Embedding(
      words: embedding.words, positions: nil, types: embedding.types, norm: embedding.norm,
      scheme: shape.positions)
    return Transformer(
      configuration: shape, embedding: bare, blocks: blocks, finalNorm: finalNorm, head: head,
      pooler: pooler)
  }
}
