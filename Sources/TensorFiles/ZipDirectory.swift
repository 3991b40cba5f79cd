internal import Files

/// The central directory at the end of a zip archive.
struct ZipDirectory {
  private let file: MappedFile
  /// Where the directory's bytes are in the file.
  private let place: Range<Int>
  private let count: Int

  /// Finds the directory.
  init(_ file: MappedFile) throws {
    self.file = file
    let end = try Self.endRecord(of: file)
    if let large = try Self.largeEndRecord(of: file, before: end) {
      (place, count) = large
    } else {
      (place, count) = try Self.directory(of: file, endingAt: end)
    }
  }

  /// Reads and checks every entry.
  func entries() throws -> [Zip.Entry] {
    var reader = ByteReader(UnsafeRawBufferPointer(rebasing: file.bytes[place]), path: file.path)
    var entries: [Zip.Entry] = []
    while reader.remaining > 0 { entries.append(try entry(&reader)) }
    guard entries.count == count else {
      throw failure("its directory has \(entries.count) entries and claims \(count)")
    }
    try checkOverlap(entries)
    return entries
  }

  private func entry(_ reader: inout ByteReader) throws -> Zip.Entry {
    guard try reader.integer(UInt32.self) == 0x0201_4B50 else {
      throw failure("its directory is damaged")
    }
    _ = try reader.take(4)
    let flags = try reader.integer(UInt16.self)
    let method = try reader.integer(UInt16.self)
    _ = try reader.take(4)
    let checksum = try reader.integer(UInt32.self)
    let packed = try reader.integer(UInt32.self)
    let size = try reader.integer(UInt32.self)
    let nameSize = Int(try reader.integer(UInt16.self))
    let extraSize = Int(try reader.integer(UInt16.self))
    let commentSize = Int(try reader.integer(UInt16.self))
    _ = try reader.take(8)
    let header = try reader.integer(UInt32.self)
    let name = try checkedName(try reader.text(nameSize))
    var large = LargeSizes(try reader.take(extraSize), path: file.path)
    _ = try reader.take(commentSize)
    guard flags & 1 == 0 else { throw failure("\(name.visible) is encrypted") }
    let sizes = try (large.value(size), large.value(packed), large.value(header))
    return try checked(
      Zip.Entry(
        name: name, size: sizes.0, compressedSize: sizes.1, method: method, checksum: checksum,
        header: sizes.2))
  }

  /// Refuses sizes that the archive cannot hold: deflate makes at most 1032 bytes of one.
  private func checked(_ entry: Zip.Entry) throws -> Zip.Entry {
    let (most, overflow) = entry.compressedSize.multipliedReportingOverflow(by: 1032)
    guard entry.header < place.lowerBound, entry.compressedSize <= place.lowerBound - entry.header,
      !overflow, entry.size <= most
    else { throw failure("\(entry.name.visible) claims sizes that cannot be; is it complete?") }
    return entry
  }

  /// Refuses names that lead out of a folder or that no system takes.
  private func checkedName(_ name: String) throws -> String {
    var parts = name.split(separator: "/", omittingEmptySubsequences: false)
    if parts.count > 1, parts.last == "" { parts.removeLast() }
    guard !parts.contains(where: { $0 == "" || $0 == "." || $0 == ".." }),
      !name.unicodeScalars.contains(where: { $0.value < 0x20 || $0 == "\\" })
    else { throw failure("the name \"\(name.visible)\" is not a plain relative path") }
    return name
  }

  /// Refuses entries that share bytes: that is how small archives hold huge contents.
  private func checkOverlap(_ entries: [Zip.Entry]) throws {
    let sorted = entries.sorted { $0.header < $1.header }
    for (entry, next) in zip(sorted, sorted.dropFirst()) {
      let end = entry.header + 30 + entry.name.utf8.count + entry.compressedSize
      guard end <= next.header else {
        throw failure("\(entry.name.visible) and \(next.name.visible) overlap")
      }
    }
  }

  private func failure(_ fact: String) -> FileError {
    FileError(.badData, file.path, fact)
  }
}

// MARK: the end of the archive

extension ZipDirectory {
  /// Where the end record begins: the last one whose comment reaches exactly to the file's end.
  private static func endRecord(of file: MappedFile) throws -> Int {
    let bytes = file.bytes
    let first = max(0, bytes.count - 22 - 0xFFFF)
    for position in stride(from: bytes.count - 22, through: first, by: -1) {
      guard bytes[position] == 0x50,
        bytes.number(at: position, UInt32.self) == 0x0605_4B50,
        Int(bytes.number(at: position + 20, UInt16.self)) == bytes.count - position - 22
      else { continue }
      return position
    }
    throw FileError(.badData, file.path, "not a zip archive, or cut short")
  }

  private static func directory(
    of file: MappedFile, endingAt end: Int
  ) throws -> (Range<Int>, Int) {
    let bytes = file.bytes
    let parts = bytes.number(at: end + 4, UInt32.self)
    let count = Int(bytes.number(at: end + 10, UInt16.self))
    let size = Int(bytes.number(at: end + 12, UInt32.self))
    let start = Int(bytes.number(at: end + 16, UInt32.self))
    guard parts == 0, size <= end, start == end - size else {
      throw FileError(.badData, file.path, "the zip archive is damaged or in several parts")
    }
    return (start..<end, count)
  }

  /// The directory that a ZIP64 archive names just before the end record.
  private static func largeEndRecord(
    of file: MappedFile, before end: Int
  ) throws -> (Range<Int>, Int)? {
    let bytes = file.bytes
    let locator = end - 20
    guard locator >= 0, bytes.number(at: locator, UInt32.self) == 0x0706_4B50 else { return nil }
    let record = Int(clamping: bytes.number(at: locator + 8, UInt64.self))
    guard record <= locator - 56, bytes.number(at: record, UInt32.self) == 0x0606_4B50 else {
      throw FileError(.badData, file.path, "the zip archive's end is damaged")
    }
    let count = Int(clamping: bytes.number(at: record + 32, UInt64.self))
    let size = Int(clamping: bytes.number(at: record + 40, UInt64.self))
    let start = Int(clamping: bytes.number(at: record + 48, UInt64.self))
    guard size <= record, start == record - size else {
      throw FileError(.badData, file.path, "the zip archive is damaged or in several parts")
    }
    return (start..<record, count)
  }
}

/// The 64-bit numbers that an entry keeps in its extra field, in order, for those whose 32 bits
/// are all ones.
private struct LargeSizes {
  private var field: ByteReader?

  init(_ extra: UnsafeRawBufferPointer, path: String) {
    var reader = ByteReader(extra, path: path)
    while let kind = try? reader.integer(UInt16.self),
      let size = try? reader.integer(UInt16.self), let content = try? reader.take(Int(size))
    {
      if kind == 1 { field = ByteReader(content, path: path) }
    }
  }

  mutating func value(_ small: UInt32) throws -> Int {
    guard small == .max, field != nil else { return Int(small) }
    return Int(clamping: try field?.integer(UInt64.self) ?? 0)
  }
}

extension UnsafeRawBufferPointer {
  /// The little-endian number at an offset that the caller has checked.
  fileprivate func number<Value: FixedWidthInteger>(at offset: Int, _: Value.Type) -> Value {
    Value(littleEndian: loadUnaligned(fromByteOffset: offset, as: Value.self))
  }
}
