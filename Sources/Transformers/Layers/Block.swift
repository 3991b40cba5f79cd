import Tensors

/// One layer: attention, in a decoder with a source attention over that, then the feed-forward
/// network, each added to the stream.
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
  let cross: CrossAttention?
  let feedForward: FeedForward
  let feedForwardNorms: Norms
  /// Whether the feed-forward network sees what attention saw.
  let isParallel: Bool

  func callAsFunction(_ x: Tensor, _ pass: inout Pass) -> Tensor {
    let seen = attentionNorms.before(x)
    let added = pass.tap(
      .attentionOutput, attentionNorms.inside(attention(seen, &pass)))
    var middle = pass.tap(.residual, attentionNorms.after(pass.adding(added, to: x)))
    if let cross { middle = cross(middle, &pass) }
    let change = pass.tap(
      .feedForwardOutput,
      feedForwardNorms.inside(feedForward(feedForwardNorms.before(isParallel ? x : middle))))
    // Side by side, both are added to what the block was given.
    let sum = isParallel ? middle + change : pass.adding(change, to: middle)
    return pass.tap(.output, feedForwardNorms.after(sum))
  }
}

/// A decoder's attention over the source, added to the stream.
struct CrossAttention: Sendable {
  let attention: Attention
  let norms: Block.Norms

  func callAsFunction(_ x: Tensor, _ pass: inout Pass) -> Tensor {
    let stack = pass.stack
    defer { pass.stack = stack }
    pass.stack = .cross
    let added = pass.tap(
      .attentionOutput,
      norms.inside(attention(norms.before(x), over: pass.source, &pass)))
    return pass.tap(.residual, norms.after(pass.adding(added, to: x)))
  }
}

extension Norm? {
  /// The normalised rows; the rows themselves where there is no norm.
  func callAsFunction(_ x: Tensor) -> Tensor {
    map { $0(x) } ?? x
  }
}
