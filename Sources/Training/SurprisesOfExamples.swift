package import Tensors
package import Transformers

extension Transformer {
  /// −ln p of every answer of some examples, one behind the other, `[answers]`.
  ///
  /// - Throws: `ModelError` for tokens that the model does not take.
  package func surprises(
    of examples: [Example], dropout: Dropout? = nil, hasResiduals: Bool = true
  ) throws -> Tensor? {
    guard examples.contains(where: { !$0.places.isEmpty }) else { return nil }
    let texts = examples.map(\.tokens)
    let width = texts.reduce(0) { max($0, $1.count) }
    let places = examples.enumerated().flatMap { text, example in
      example.places.map { text * width + $0 }
    }
    let isEverywhere = places.count == examples.count * width
    var pass = Pass(recording: .nothing, logits: isEverywhere ? .all : .some(places))
    pass.dropout = dropout
    pass.hasResiduals = hasResiduals
    if configuration.kind == .seq2seq { try read(sources: examples.map(\.source), &pass) }
    let logits = try self(texts: texts, &pass)
    return logits?.surprises(of: examples.flatMap(\.answers))
  }
}
