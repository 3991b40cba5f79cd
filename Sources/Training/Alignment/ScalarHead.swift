package import Tensors

/// Makes one number of a hidden state, h · w + b: a reward, or the value of what was written so
/// far. Its parameters stand beside those of the transformer.
package struct ScalarHead: Sendable, Equatable {
  /// What its parameters' names begin with.
  package let name: String
  /// What the number is multiplied by: with Adam, whose steps have one size, a head learns as many
  /// times faster.
  var gain: Float = 1

  /// The head of a reward model.
  package static let reward = ScalarHead(name: "reward_head")
  /// The head of a policy that says what reward is to come.
  package static let value = ScalarHead(name: "value_head", gain: 10)

  private var weight: String { name + ".weight" }
  private var bias: String { name + ".bias" }

  /// The names of its parameters.
  package var names: [String] { [weight, bias] }

  /// New parameters: all 0, so that a new head says 0 of everything.
  package func newParameters(width: Int) -> [String: Tensor] {
    [
      weight: Tensor(repeating: 0, shape: [1, width]), bias: Tensor(repeating: 0, shape: [1]),
    ]
  }

  /// Whether parameters have the head for states of a width.
  func isIn(_ parameters: [String: Tensor], width: Int) -> Bool {
    parameters[weight]?.shape == [1, width] && parameters[bias]?.shape == [1]
  }

  /// One number for every row, `[n]`.
  ///
  /// - Precondition: The parameters have the head.
  func callAsFunction(_ hidden: Tensor, _ parameters: [String: Tensor]) -> Tensor {
    guard let weight = parameters[weight], let bias = parameters[bias] else {
      preconditionFailure("no parameters of \(name)")
    }
    return hidden.times(Matrix(weight), adding: bias).reshaped([hidden.rows]).scaled(by: gain)
  }
}
