internal import CZlib

/// The CRC-32 of bytes that arrive in pieces.
struct Checksum {
  private var sum: uLong = 0

  /// The checksum so far.
  var value: UInt32 { UInt32(truncatingIfNeeded: sum) }

  /// Takes the next bytes.
  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    sum = crc32_z(sum, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
  }
}

/// Unpacks raw deflate data, piece by piece.
///
/// - Parameter size: The bytes that must come out, neither fewer nor more.
/// - Returns: What is wrong with the data, or `nil`.
func inflate(
  _ packed: UnsafeRawBufferPointer, size: Int,
  to write: (UnsafeRawBufferPointer) throws -> Void
) throws -> String? {
  var stream = z_stream()
  let version = ZLIB_VERSION
  let size32 = Int32(MemoryLayout<z_stream>.size)
  guard inflateInit2_(&stream, -MAX_WBITS, version, size32) == Z_OK else {
    return "zlib does not start"
  }
  defer { inflateEnd(&stream) }
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
  defer { buffer.deallocate() }
  var taken = 0
  var made = 0
  while true {
    if stream.avail_in == 0 {
      let piece = UnsafeRawBufferPointer(rebasing: packed[taken...].prefix(1 << 30))
      stream.next_in = UnsafeMutablePointer(
        mutating: piece.bindMemory(to: UInt8.self).baseAddress)
      stream.avail_in = uInt(piece.count)
      taken += piece.count
    }
    stream.next_out = buffer.bindMemory(to: UInt8.self).baseAddress
    stream.avail_out = uInt(buffer.count)
    let code = inflate(&stream, Z_NO_FLUSH)
    let count = buffer.count - Int(stream.avail_out)
    made += count
    guard made <= size else { return "it unpacks to more than the \(size) bytes it claims" }
    try write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    if code == Z_STREAM_END {
      return made == size ? nil : "it unpacks to \(made) bytes, not to the \(size) it claims"
    }
    guard code == Z_OK else { return "its deflate data is damaged or cut short" }
  }
}
