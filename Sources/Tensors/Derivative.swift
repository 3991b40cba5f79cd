/// What hands the gradient of a tensor on to the tensors it was made from.
///
/// - Parameters:
///   - gradient: The gradient with respect to the tensor, of its shape.
///   - inputs: Where the gradients of the inputs go, in the order they were named; `nil` for an
///     input that nobody follows.
package typealias Derivative = @Sendable (_ gradient: Tensor, _ inputs: [GradientSink?]) -> Void

/// How a tensor was made: from which nodes, and how its gradient becomes theirs.
///
/// The derivative keeps values, never other nodes, so that a graph is a graph of nodes alone.
final class Node: @unchecked Sendable {
  private(set) var inputs: [Node?]
  let derivative: Derivative?
  /// The shape of what was made.
  let shape: [Int]

  init(shape: [Int], inputs: [Node?] = [], derivative: Derivative? = nil) {
    self.shape = shape
    self.inputs = inputs
    self.derivative = derivative
  }

  /// Frees a long chain one node after the other: each freeing the next would need as much stack as
  /// the chain is long.
  deinit {
    var waiting = inputs.compactMap(\.self)
    inputs = []
    while var node = waiting.popLast() {
      if isKnownUniquelyReferenced(&node) {
        waiting += node.inputs.compactMap(\.self)
        node.inputs = []
      }
    }
  }
}

extension Tensor {
  /// The same numbers as the start of a derivative: `gradients(of:)` of what is computed from it
  /// can ask for it.
  public var tracked: Tensor { Tensor(shape: shape, storage: storage, node: Node(shape: shape)) }

  /// The same numbers with nothing behind them.
  public var detached: Tensor { Tensor(shape: shape, storage: storage, node: nil) }

  /// Whether a derivative goes through this tensor.
  public var isTracked: Bool { node != nil }

  /// The same numbers, made from `inputs`; call it only where one of them is tracked, so that
  /// nothing is kept otherwise.
  ///
  /// - Parameters:
  ///   - inputs: What the numbers were computed from.
  ///   - derivative: Hands the gradient on; it may keep detached tensors only.
  package func derived(from inputs: [Tensor?], by derivative: @escaping Derivative) -> Tensor {
    derived(from: inputs.map { $0?.node }, by: derivative)
  }

  func derived(from nodes: [Node?], by derivative: @escaping Derivative) -> Tensor {
    Tensor(
      shape: shape, storage: storage,
      node: Node(shape: shape, inputs: nodes, derivative: derivative))
  }
}
