public import Tensors

/// Numbers set to 0 by chance while a model is trained, the others made larger so that the mean
/// stays (Srivastava et al. 2014): of the embedding, of attention weights, and of what attention
/// and the feed-forward network add to the stream (Vaswani et al. 2017, §5.4).
///
/// The chance is a function of a key and of a place, not of what was drawn before: a run that is
/// taken up again draws the same.
package struct Dropout: Sendable {
  private let rate: Float
  private let key: UInt64
  private var place: UInt64 = 0

  /// - Parameters:
  ///   - rate: How much is left out, from 0 to less than 1.
  ///   - key: What the chance depends on: another one for each step and text.
  package init(rate: Float, key: UInt64) {
    precondition(rate >= 0 && rate < 1, "a dropout of \(rate)")
    self.rate = rate
    self.key = key
  }

  mutating func callAsFunction(_ x: Tensor, at value: Site.Value) -> Tensor? {
    switch value {
    case .embedding, .weights, .attentionOutput, .feedForwardOutput: break
    default: return nil
    }
    place += 1
    return x.dropped(rate: rate, key: key &+ place &* 0xD1B5_4A32_D192_ED03)
  }
}
