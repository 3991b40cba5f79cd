import Tensors

/// Layer normalisation with a learned scale and shift.
struct Norm: Sendable {
  let scale: Tensor
  let shift: Tensor
  let epsilon: Float

  func callAsFunction(_ x: Tensor) -> Tensor {
    x.layerNormalized(scale: scale, shift: shift, epsilon: epsilon)
  }
}
