internal import CZlib
public import Files

extension Archive {
  /// Writes a NumPy `.npz`: a zip of stored `.npy` arrays, and `metadata.json`.
  ///
  /// - Throws: `FileError` when the arrays need 4 GiB or more, which plain zip cannot hold.
  public func writeNPZ(_ write: (UnsafeRawBufferPointer) throws -> Void) throws {
    let size = arrays.reduce(0) { $0 + $1.content.size + 256 }
    guard size < 1 << 32, arrays.count < 65_535 else {
      throw FileError(
        .badData, "npz", "the trace needs \(size) bytes, 4 GiB is the most; write .safetensors")
    }
    var zip = StoredZip()
    for (name, content) in arrays {
      try zip.add(name + ".npy", head: content.npyHeader, body: content, to: write)
    }
    let words = JSON.object(metadata.map { JSON.Member($0.key, .string($0.value)) })
    let text = Array(words.text(indented: true).utf8)
    try zip.add("metadata.json", head: text, body: nil, to: write)
    try zip.finish(to: write)
  }
}

extension Archive.Content {
  /// The header of an `.npy` file, format 1.0: a Python dictionary padded to a multiple of 64.
  fileprivate var npyHeader: [UInt8] {
    let type =
      switch self {
      case .floats: "<f4"
      case .integers: "<i4"
      case .bytes: "|u1"
      }
    let axes = shape.map { "\($0), " }.joined()
    var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(axes)), }"
    text += String(repeating: " ", count: 63 - (10 + text.utf8.count) % 64) + "\n"
    let length = UInt16(text.utf8.count)
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)]
      + Array(text.utf8)
  }
}

/// A zip archive of stored entries with fixed dates, so that equal arrays give equal bytes.
private struct StoredZip {
  typealias Write = (UnsafeRawBufferPointer) throws -> Void

  private var offset: UInt32 = 0
  private var directory: [UInt8] = []
  private var count: UInt16 = 0

  /// Adds an entry that consists of `head`, then of `body`.
  mutating func add(
    _ name: String, head: [UInt8], body: Archive.Content?, to write: Write
  ) throws {
    var sum = head.withUnsafeBytes { checksum(0, $0) }
    var size = head.count
    body?.withBytes {
      sum = checksum(sum, $0)
      size += $0.count
    }
    let fields =
      little(UInt16(20), 0x800, 0, 0, 0x21) + little(UInt32(sum), UInt32(size), UInt32(size))
      + little(UInt16(name.utf8.count), 0)
    directory +=
      little(UInt32(0x0201_4B50)) + little(UInt16(20)) + fields
      + little(UInt16(0), 0, 0) + little(UInt32(0), offset) + Array(name.utf8)
    let local = little(UInt32(0x0403_4B50)) + fields + Array(name.utf8) + head
    try local.withUnsafeBytes(write)
    try body?.withBytes(write)
    offset += UInt32(local.count - head.count + size)
    count += 1
  }

  /// Writes the directory.
  func finish(to write: Write) throws {
    let end =
      directory + little(UInt32(0x0605_4B50)) + little(UInt16(0), 0, count, count)
      + little(UInt32(directory.count), offset) + little(UInt16(0))
    try end.withUnsafeBytes(write)
  }

  private func checksum(_ sum: UInt, _ bytes: UnsafeRawBufferPointer) -> UInt {
    crc32_z(sum, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
  }

  private func little<Value: FixedWidthInteger>(_ values: Value...) -> [UInt8] {
    values.flatMap { value in withUnsafeBytes(of: value.littleEndian) { Array($0) } }
  }
}
