/// One tensor as its file describes it.
public struct StoredTensor: Sendable, Equatable {
  /// The tensor's name.
  public var name: String
  /// The type it is stored in, as safetensors names it: `F32`, `BF16`, ….
  public var type: String
  /// The extents.
  public var shape: [Int]

  /// Describes a tensor.
  public init(name: String, type: String, shape: [Int]) {
    self.name = name
    self.type = type
    self.shape = shape
  }
}
