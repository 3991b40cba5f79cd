internal import CZlib
public import Files

/// Writes a NumPy `.npz`: a zip of stored `.npy` arrays, and `metadata.json`.
public struct NPZWriter: ArchiveWriter {
  private var zip = StoredZip()
  private let words: [JSON.Member]

  /// Begins the archive.
  ///
  /// - Throws: `FileError` when the arrays need 4 GiB or more, which plain zip cannot hold.
  public init(_ outline: Archive.Outline, to write: Write) throws {
    let size = outline.entries.reduce(0) { $0 + $1.size + 256 }
    guard size < 1 << 32, outline.entries.count < 65_535 else {
      throw FileError(
        .badData, "npz", "the trace needs \(size) bytes, 4 GiB is the most; write .safetensors")
    }
    words = outline.words
  }

  /// Adds an array.
  public mutating func add(_ name: String, _ content: Archive.Content, to write: Write) throws {
    try zip.add(name + ".npy", head: content.npyHeader, body: content, to: write)
  }

  /// Adds the words and the directory.
  public mutating func finish(to write: Write) throws {
    let text = Array(JSON.object(words).text(indented: true).utf8)
    try zip.add("metadata.json", head: text, body: nil, to: write)
    try zip.finish(to: write)
  }
}

extension Archive {
  /// Writes a NumPy `.npz`.
  ///
  /// - Throws: `FileError` when the arrays need 4 GiB or more.
  public func writeNPZ(_ write: (UnsafeRawBufferPointer) throws -> Void) throws {
    try self.write(NPZWriter.self, to: write)
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
