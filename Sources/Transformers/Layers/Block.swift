import Tensors

/// One layer: attention, then the feed-forward network, each added to the stream.
struct Block: Sendable {
  let attention: Attention
  let attentionNorm: Norm
  let feedForward: FeedForward
  let feedForwardNorm: Norm
  let placement: Configuration.NormPlacement

  func callAsFunction(_ x: Tensor, _ pass: inout Pass) -> Tensor {
    switch placement {
    case .after:
      let middle = pass.tap(.residual, attentionNorm(x + attention(x, &pass)))
      let change = pass.tap(.feedForwardOutput, feedForward(middle))
      return pass.tap(.output, feedForwardNorm(middle + change))
    case .before:
      let middle = pass.tap(.residual, x + attention(attentionNorm(x), &pass))
      let change = pass.tap(.feedForwardOutput, feedForward(feedForwardNorm(middle)))
      return pass.tap(.output, middle + change)
    }
  }
}
