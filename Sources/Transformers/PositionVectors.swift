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

  /// The same parameters without positions: nothing is added to the embedding or to scores, nothing
  /// is turned. For an experiment, not for use: the model was trained with positions. `nil` where
  /// distances are part of every score, so that nothing would be left to switch off alone, and for
  /// an encoder–decoder.
  public var withoutPositions: Transformer? {
    guard configuration.disentangled == nil, encoder == nil else { return nil }
    var shape = configuration
    (shape.positions, shape.rotary, shape.relativePositions) = (.none, [], nil)
    let bare = Embedding(
      words: embedding.words, scale: embedding.scale, wordProjection: embedding.wordProjection,
      positions: nil, types: embedding.types, norm: embedding.norm,
      projection: embedding.projection, scheme: .none)
    let blocks = Stack(
      name: stack.name, blocks: stack.blocks, finalNorm: stack.finalNorm,
      finalProjection: stack.finalProjection,
      rotary: [], relativeBias: nil)
    return Transformer(
      configuration: shape, parameters: parameters, encoder: nil, embedding: bare, stack: blocks,
      head: head, pooler: pooler)
  }
}
