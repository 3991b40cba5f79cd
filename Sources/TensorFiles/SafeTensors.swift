public import Files
public import Tensors

/// A safetensors file: named tensors behind a JSON header.
///
/// Everything is checked before anything is used: the header's length, every shape times its
/// type against its bytes, and that the tensors cover the buffer without holes or overlap.
public struct SafeTensors: ParameterFile {
  /// One tensor as the header describes it.
  public struct Entry: Sendable, Equatable {
    /// The tensor's name.
    public var name: String
    /// The type's name in the file: `F32`, `BF16`, ….
    public var type: String
    /// The extents.
    public var shape: [Int]
    /// The bytes, counted from the end of the header.
    public var bytes: Range<Int>
  }

  /// The file.
  public let path: String
  /// The tensors in the order of their bytes.
  public let entries: [Entry]
  /// The header's `__metadata__`.
  public let metadata: [(key: String, value: String)]
  private let file: MappedFile
  private let start: Int
  private let places: [String: Int]

  /// Opens and checks a file.
  ///
  /// - Throws: `FileError` of kind `badData` that says which rule is broken.
  public init(_ path: String) throws { try self.init(MappedFile(path)) }

  /// Checks a file that is in memory.
  ///
  /// - Throws: `FileError` of kind `badData` that says which rule is broken.
  public init(_ file: MappedFile) throws {
    let path = file.path
    self.path = path
    self.file = file
    var reader = ByteReader(file.bytes, path: path)
    let length = try reader.integer(UInt64.self)
    guard length <= 100_000_000, Int(length) <= reader.remaining else {
      throw FileError(
        .badData, path,
        "its header claims \(length) bytes, the file has \(file.bytes.count); is it complete?")
    }
    let header = try JSON(parsing: try reader.take(Int(length)), path: path)
    guard let members = header.members else {
      throw FileError(.badData, path, "its header is \(header.kind), not an object")
    }
    start = reader.position
    metadata = try Self.metadata(header["__metadata__"], path)
    entries =
      try members
      .filter { $0.key != "__metadata__" }
      .map { try Self.entry($0.key, $0.value, path) }
      .sorted {
        ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound)
      }
    try Self.checkCover(entries, size: reader.remaining, path)
    places = Dictionary(
      entries.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Whether there is a tensor of this name.
  public func contains(_ name: String) -> Bool { places[name] != nil }

  /// Reads a tensor of floating-point numbers; F32 is mapped, not copied.
  ///
  /// - Returns: `nil` when there is no such tensor.
  public func tensor(_ name: String) throws -> Tensor? {
    guard let place = places[name] else { return nil }
    let entry = entries[place]
    let bytes = bytes(of: entry)
    guard let type = ElementType(rawValue: entry.type) else {
      throw FileError(
        .badData, path,
        "\(name.visible) is of type \(entry.type.visible); known for parameters: "
          + ElementType.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return type.tensor(bytes, shape: entry.shape, owner: file)
  }

  /// The rows of a matrix of halves or brain floats, as they are stored.
  ///
  /// - Returns: `nil` when there is no such tensor, or its numbers are of another type.
  public func rows(_ name: String) -> PackedRows? {
    guard let place = places[name], entries[place].shape.count == 2,
      let format = PackedFormat(rawValue: entries[place].type)
    else { return nil }
    return PackedRows(
      bytes(of: entries[place]), owner: file, format: format, count: entries[place].shape[0],
      width: entries[place].shape[1])
  }

  /// Reads a tensor of integers (I64, I32, U8 or BOOL).
  ///
  /// - Returns: `nil` when there is no such tensor or it holds something else.
  public func integers(_ name: String) -> [Int]? {
    guard let place = places[name] else { return nil }
    let bytes = bytes(of: entries[place])
    switch entries[place].type {
    case "I64": return bytes.values(of: Int64.self).map { Int(Int64(littleEndian: $0)) }
    case "I32": return bytes.values(of: Int32.self).map { Int(Int32(littleEndian: $0)) }
    case "U8", "BOOL": return bytes.map(Int.init)
    default: return nil
    }
  }

  private func bytes(of entry: Entry) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      rebasing: file.bytes[start + entry.bytes.lowerBound..<start + entry.bytes.upperBound])
  }
}

// MARK: the header

extension SafeTensors {
  private static let bits = [
    "BOOL": 8, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8, "F8_E4M3FNUZ": 8,
    "F8_E5M2FNUZ": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32,
    "F32": 32, "C64": 64, "F64": 64, "I64": 64, "U64": 64, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6,
  ]

  private static func metadata(_ value: JSON?, _ path: String) throws -> [(String, String)] {
    guard let value else { return [] }
    guard let members = value.members else {
      throw FileError(.badData, path, "its __metadata__ is \(value.kind), not an object")
    }
    return try members.map { member in
      guard let text = member.value.string else {
        throw FileError(.badData, path, "__metadata__ may hold strings only")
      }
      return (member.key, text)
    }
  }

  private static func entry(_ name: String, _ value: JSON, _ path: String) throws -> Entry {
    func failure(_ fact: String) -> FileError {
      FileError(.badData, path, "\(name.visible): \(fact)")
    }
    guard let type = value["dtype"]?.string, let bits = bits[type] else {
      throw failure("an unknown dtype")
    }
    guard let shape = value["shape"]?.elements?.map(\.integer), !shape.contains(nil),
      let offsets = value["data_offsets"]?.elements?.map(\.integer), offsets.count == 2,
      let begin = offsets[0], let end = offsets[1], 0 <= begin, begin <= end
    else { throw failure("its shape or data_offsets are not lists of whole numbers in order") }
    var size = bits
    for extent in shape.compactMap(\.self) {
      guard extent >= 0,
        case let (product, overflow) = size.multipliedReportingOverflow(by: extent),
        !overflow
      else { throw failure("its shape is negative or too large") }
      size = product
    }
    guard size % 8 == 0, size / 8 == end - begin else {
      throw failure("its shape needs \(size / 8) bytes, its data_offsets give \(end - begin)")
    }
    return Entry(name: name, type: type, shape: shape.compactMap(\.self), bytes: begin..<end)
  }

  private static func checkCover(_ entries: [Entry], size: Int, _ path: String) throws {
    var position = 0
    for entry in entries {
      guard entry.bytes.lowerBound == position else {
        throw FileError(
          .badData, path,
          "\(entry.name.visible) begins at byte \(entry.bytes.lowerBound), not \(position)")
      }
      position = entry.bytes.upperBound
    }
    guard position == size else {
      throw FileError(
        .badData, path,
        "its tensors need \(position) bytes, the file holds \(size); is it complete?")
    }
  }
}
