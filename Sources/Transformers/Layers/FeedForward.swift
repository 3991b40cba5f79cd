import Tensors

/// Two linear layers with a function between them, for every token alone.
struct FeedForward: Sendable {
  let up: Linear
  let down: Linear
  let activation: Configuration.Activation

  func callAsFunction(_ x: Tensor) -> Tensor {
    down(activation(up(x)))
  }
}

extension Configuration.Activation {
  func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .gelu: x.gelu()
    case .geluTanh: x.geluTanh()
    case .relu: x.relu()
    }
  }
}
