/// Reads little-endian values from bytes that are not trusted: never past the end, at any
/// alignment.
public struct ByteReader {
  private let bytes: UnsafeRawBufferPointer
  private let path: String
  /// The next byte to read.
  public private(set) var position: Int

  /// Starts at the beginning of `bytes`; `path` is for messages.
  public init(_ bytes: UnsafeRawBufferPointer, path: String) {
    self.bytes = bytes
    self.path = path
    position = 0
  }

  /// How many bytes are left.
  public var remaining: Int { bytes.count - position }

  /// Reads one integer.
  public mutating func integer<Value: FixedWidthInteger>(_: Value.Type) throws -> Value {
    let slice = try take(MemoryLayout<Value>.size)
    return Value(littleEndian: slice.loadUnaligned(as: Value.self))
  }

  /// Takes the next `count` bytes.
  public mutating func take(_ count: Int) throws -> UnsafeRawBufferPointer {
    guard count >= 0, count <= remaining else {
      throw FileError(
        .badData, path,
        "ends too early: \(count) bytes wanted at byte \(position), \(remaining) left")
    }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }

  /// Takes `count` bytes of UTF-8.
  public mutating func text(_ count: Int) throws -> String {
    let slice = try take(count)
    guard let text = String(validating: slice.bindMemory(to: UInt8.self), as: UTF8.self) else {
      throw FileError(.badData, path, "text that is not UTF-8 at byte \(position - count)")
    }
    return text
  }
}
