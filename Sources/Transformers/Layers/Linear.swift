import Tensors

/// x · W + b for every row.
struct Linear: Sendable {
  let weight: Matrix
  let bias: Tensor?

  func callAsFunction(_ x: Tensor) -> Tensor {
    x.times(weight, adding: bias)
  }
}
