public import Tensors

extension Transformer {
  /// The vectors of vocabulary entries as the model adds them to its stream, without position, type
  /// and norm: `[entries, D]`.
  ///
  /// - Precondition: Every id is below `configuration.vocabulary`.
  public func wordVectors(_ ids: [Int]) -> Tensor {
    let x = embedding.words.gatheringRows(ids)
    let projection = embedding.wordProjection ?? embedding.projection
    return projection.map { x.times($0.weight) } ?? x
  }
}
