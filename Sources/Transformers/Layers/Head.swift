import Tensors

/// From the stream to a score for every vocabulary entry.
struct Head: Sendable {
  /// What BERT-like models do first.
  struct Transform: Sendable {
    let linear: Linear
    let activation: Configuration.Activation
    let norm: Norm
  }

  let transform: Transform?
  /// What rows are multiplied by.
  let scale: Float
  let projection: Linear
  let cap: Float?

  func callAsFunction(_ x: Tensor) -> Tensor {
    let x = transform.map { $0.norm($0.activation($0.linear(x))) } ?? x
    let logits = projection(scale == 1 ? x : x.scaled(by: scale))
    return cap.map(logits.capped) ?? logits
  }
}

/// BERT's summary of a sentence: a layer with tanh on its first token, and whether the second
/// sentence follows the first.
struct Pooler: Sendable {
  let linear: Linear
  let nextSentence: Linear?

  func callAsFunction(_ x: Tensor, _ pass: inout Pass) {
    let pooled = linear(x.rows(0..<1)).tanh()  // [1, D]
    _ = pass.tap(.pooled, pooled.reshaped([pooled.count]))
    if let scores = nextSentence?(pooled) {
      _ = pass.tap(.nextSentence, scores.reshaped([scores.count]))
    }
  }
}
