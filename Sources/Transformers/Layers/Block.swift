import Tensors

/// One layer: attention, then the feed-forward network, each added to the stream.
///
/// Where a family has no norm, nothing stands in its place.
struct Block: Sendable {
  /// The norms of a sublayer: of what it sees, of what it adds, of the sum.
  struct Norms: Sendable {
    var before: Norm?
    var inside: Norm?
    var after: Norm?
  }

  let attention: Attention
  let attentionNorms: Norms
  let feedForward: FeedForward
  let feedForwardNorms: Norms
  /// Whether the feed-forward network sees what attention saw.
  let isParallel: Bool

  func callAsFunction(_ x: Tensor, _ pass: inout Pass) -> Tensor {
    let seen = attentionNorms.before(x)
    let added = pass.tap(
      .attentionOutput, attentionNorms.inside(attention(seen, &pass)))
    let middle = pass.tap(.residual, attentionNorms.after(x + added))
    let change = pass.tap(
      .feedForwardOutput,
      feedForwardNorms.inside(feedForward(feedForwardNorms.before(isParallel ? x : middle))))
    return pass.tap(.output, feedForwardNorms.after(middle + change))
  }
}

extension Norm? {
  /// The normalised rows; the rows themselves where there is no norm.
  func callAsFunction(_ x: Tensor) -> Tensor {
    map { $0(x) } ?? x
  }
}
