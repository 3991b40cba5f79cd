import Tensors

/// Normalisation of every row with a learned scale, and a shift where the kind has one.
struct Norm: Sendable {
  let scale: Tensor
  let shift: Tensor?
  let epsilon: Float

  func callAsFunction(_ x: Tensor) -> Tensor {
    guard let shift else { return x.rmsNormalized(scale: scale, epsilon: epsilon) }
    return x.layerNormalized(scale: scale, shift: shift, epsilon: epsilon)
  }
}
