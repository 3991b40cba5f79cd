internal import Files

/// Reads the fields of a Protocol Buffers message from bytes that are not trusted.
///
/// Source: protobuf.dev, "Encoding". Groups, long out of use, are refused.
struct ProtobufReader {
  /// The value of a field as it stands in the message.
  enum Value {
    case integer(UInt64)
    case fixed64(UInt64)
    case fixed32(UInt32)
    case bytes(UnsafeRawBufferPointer)
  }

  private var reader: ByteReader
  private let path: String

  /// Starts at the beginning of a message; `path` is for messages.
  init(_ bytes: UnsafeRawBufferPointer, path: String) {
    reader = ByteReader(bytes, path: path)
    self.path = path
  }

  /// The next field; `nil` at the end.
  mutating func next() throws -> (field: Int, value: Value)? {
    guard reader.remaining > 0 else { return nil }
    let start = reader.position
    let tag = try integer()
    let field = Int(tag >> 3 & 0xFFFF_FFFF)
    guard field > 0, tag >> 32 < 8 else { throw failure(start, "a field without a number") }
    switch tag & 7 {
    case 0: return (field, .integer(try integer()))
    case 1: return (field, .fixed64(try reader.integer(UInt64.self)))
    case 2:
      let length = try integer()
      guard length <= UInt64(reader.remaining) else {
        throw failure(start, "a field of \(length) bytes, \(reader.remaining) are left")
      }
      return (field, .bytes(try reader.take(Int(length))))
    case 5: return (field, .fixed32(try reader.integer(UInt32.self)))
    default: throw failure(start, "a field of the unknown kind \(tag & 7)")
    }
  }

  /// A number in pieces of seven bits, the lowest first.
  private mutating func integer() throws -> UInt64 {
    let start = reader.position
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 70, by: 7) {
      let byte = try reader.integer(UInt8.self)
      value |= UInt64(byte & 0x7F) << UInt64(shift)
      if byte < 0x80 { return value }
    }
    throw failure(start, "a number of more than ten bytes")
  }

  private func failure(_ position: Int, _ fact: String) -> FileError {
    FileError(.badData, path, "byte \(position): \(fact); it is not a SentencePiece model")
  }
}
