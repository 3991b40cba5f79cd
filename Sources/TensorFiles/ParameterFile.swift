public import Tensors

/// A file of named parameters.
public protocol ParameterFile: Sendable {
  /// The file.
  var path: String { get }

  /// Whether there is a tensor of this name.
  func contains(_ name: String) -> Bool

  /// A tensor of floating-point numbers, widened where it is stored otherwise.
  ///
  /// - Returns: `nil` when there is no such tensor.
  func tensor(_ name: String) throws -> Tensor?

  /// A tensor of which the model knows what it is for and which shape it has to have: where
  /// parameters are made and not read, that says how.
  ///
  /// - Parameters:
  ///   - name: Its name in the checkpoint.
  ///   - path: The parameter's place in the model, `attention.output.weight`.
  ///   - shape: The shape it is checked against.
  func tensor(_ name: String, for path: String, shape: [Int]) throws -> Tensor?

  /// The rows of a matrix as they are stored; nothing is copied.
  ///
  /// - Returns: `nil` when there is no such tensor, it has not two axes, or `tensor` is the only way
  ///   to read it.
  func rows(_ name: String) throws -> PackedRows?
}

extension ParameterFile {
  /// What is stored, whatever it is for.
  public func tensor(_ name: String, for path: String, shape: [Int]) throws -> Tensor? {
    try tensor(name)
  }
}
