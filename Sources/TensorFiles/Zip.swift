public import Files

/// A zip archive whose bytes are not trusted: every offset, size and name is checked before it is
/// used.
///
/// Reads what `.npz` files, wheels and `torch.save` archives contain: stored and deflated entries
/// of any size (ZIP64), in one part, not encrypted. Source: APPNOTE.TXT 6.3.10.
public struct Zip: Sendable {
  /// One file of the archive.
  public struct Entry: Sendable, Equatable {
    /// The path inside the archive: relative, with "/", never upwards.
    public let name: String
    /// The bytes of the file.
    public let size: Int
    /// The bytes it takes in the archive.
    public let compressedSize: Int
    let method: UInt16
    let checksum: UInt32
    let header: Int
  }

  /// The files in the order of the archive's directory; folders are left out.
  public let entries: [Entry]
  let file: MappedFile

  /// Opens an archive and checks its directory.
  ///
  /// - Throws: `FileError`: no such file, or of kind `badData` for an archive that is cut short,
  ///   contradicts itself, has two files of one name, or a name that leads out of a folder.
  public init(_ path: String) throws {
    file = try MappedFile(path)
    let directory = try ZipDirectory(file)
    entries = try directory.entries().filter { !$0.name.hasSuffix("/") }
    guard Set(entries.map { ByteString($0.name) }).count == entries.count else {
      throw FileError(.badData, path, "two files of the zip archive have the same name")
    }
  }

  /// The file of this name, when there is one.
  public subscript(name: String) -> Entry? {
    entries.first { bytesEqual($0.name, name) }
  }

  /// Reads a file into memory.
  ///
  /// - Parameters:
  ///   - entry: One of `entries`.
  ///   - limit: The most bytes to accept.
  /// - Throws: `FileError` of kind `badData` when the file is larger or broken.
  public func read(_ entry: Entry, limit: Int) throws -> [UInt8] {
    guard entry.size <= limit else {
      throw failure(entry, "\(entry.size) bytes, more than the \(limit) that are accepted")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(entry.size)
    try extract(entry) { bytes += $0 }
    return bytes
  }

  /// Hands a file's bytes to `write`, piece by piece; the checksum is compared at the end, so what
  /// was written is only good when this returns.
  ///
  /// - Throws: `FileError` of kind `badData` when the file is broken, or what `write` throws.
  public func extract(
    _ entry: Entry, to write: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let packed = try packedBytes(of: entry)
    var checksum = Checksum()
    switch entry.method {
    case 0:
      guard packed.count == entry.size else { throw failure(entry, "its two sizes differ") }
      checksum.update(packed)
      try write(packed)
    case 8:
      let fact = try inflate(packed, size: entry.size) { piece in
        checksum.update(piece)
        try write(piece)
      }
      if let fact { throw failure(entry, fact) }
    default:
      throw failure(entry, "packed by method \(entry.method); known: 0 (stored), 8 (deflate)")
    }
    guard checksum.value == entry.checksum else {
      throw failure(entry, "its checksum is wrong; the archive is damaged")
    }
  }

  /// The bytes of a file that is stored as it is: nothing is copied, so keep the archive.
  ///
  /// - Throws: `FileError` of kind `badData` when it is packed or broken.
  func stored(_ entry: Entry) throws -> UnsafeRawBufferPointer {
    guard entry.method == 0 else { throw failure(entry, "is packed; stored bytes are expected") }
    let bytes = try packedBytes(of: entry)
    try extract(entry) { _ in }
    return bytes
  }

  /// The first bytes of a file, at most `count`; the checksum is not compared.
  func prefix(_ entry: Entry, count: Int) throws -> [UInt8] {
    struct Enough: Error {}
    var bytes: [UInt8] = []
    do {
      try extract(entry) { piece in
        bytes += piece.prefix(count - bytes.count)
        if bytes.count == count { throw Enough() }
      }
    } catch is Enough {}
    return bytes
  }

  /// The bytes behind the entry's own header, which must tell the same name as the directory.
  private func packedBytes(of entry: Entry) throws -> UnsafeRawBufferPointer {
    var reader = ByteReader(
      UnsafeRawBufferPointer(rebasing: file.bytes[entry.header...]), path: file.path)
    guard try reader.integer(UInt32.self) == 0x0403_4B50 else {
      throw failure(entry, "no header where the directory says it is")
    }
    _ = try reader.take(22)
    let nameSize = Int(try reader.integer(UInt16.self))
    let extraSize = Int(try reader.integer(UInt16.self))
    guard try reader.take(nameSize).elementsEqual(entry.name.utf8) else {
      throw failure(entry, "its header has another name")
    }
    _ = try reader.take(extraSize)
    return try reader.take(entry.compressedSize)
  }

  private func failure(_ entry: Entry, _ fact: String) -> FileError {
    FileError(.badData, file.path, "\(entry.name.visible): \(fact)")
  }
}
