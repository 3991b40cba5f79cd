public import Files
public import Tensors

/// Named arrays and words about them, ready to be written to a file.
public struct Archive: Sendable {
  /// The contents of one array.
  public enum Content: Sendable {
    /// 32-bit floating-point numbers.
    case floats(Tensor)
    /// 32-bit integers along one axis.
    case integers([Int])
    /// Bytes of a shape: masks.
    case bytes([UInt8], shape: [Int])
  }

  /// The arrays, in the order they are written.
  public var arrays: [(name: String, content: Content)]
  /// Words about them, in the order they are written.
  public var metadata: [(key: String, value: String)]

  /// Creates an archive.
  public init(
    _ arrays: [(name: String, content: Content)] = [],
    metadata: [(key: String, value: String)] = []
  ) {
    self.arrays = arrays
    self.metadata = metadata
  }
}

extension Archive.Content {
  /// What the array is made of.
  var element: Archive.Element {
    switch self {
    case .floats: .float
    case .integers: .integer
    case .bytes: .byte
    }
  }

  /// The extents.
  public var shape: [Int] {
    switch self {
    case .floats(let tensor): tensor.shape
    case .integers(let values): [values.count]
    case .bytes(_, let shape): shape
    }
  }

  /// Calls `body` with the little-endian bytes.
  func withBytes(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    switch self {
    case .floats(let tensor):
      try tensor.withNumbers { try body(UnsafeRawBufferPointer($0)) }
    case .integers(let values):
      try values.map { Int32(truncatingIfNeeded: $0).littleEndian }.withUnsafeBytes(body)
    case .bytes(let values, _):
      try values.withUnsafeBytes(body)
    }
  }
}
