import Tensors

/// Two linear layers with a function between them, for every token alone; with a gate, the
/// function acts on a third one and multiplies (Shazeer 2020, "GLU Variants Improve Transformer").
struct FeedForward: Sendable {
  let gate: Linear?
  let up: Linear
  let down: Linear
  let activation: Configuration.Activation

  func callAsFunction(_ x: Tensor) -> Tensor { down(inside(x)) }

  /// What stands between the two layers.
  func inside(_ x: Tensor) -> Tensor {
    guard let gate else { return activation(up(x)) }
    return activation(gate(x)) * up(x)
  }
}

extension Configuration.Activation {
  func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .gelu: x.gelu()
    case .geluTanh: x.geluTanh()
    case .relu: x.relu()
    case .silu: x.silu()
    }
  }
}
