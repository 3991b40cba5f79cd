public import Files
public import Tensors

/// A GGUF file (version 2 or 3): metadata and named tensors, most of them quantised.
///
/// Everything is checked before anything is used: counts and lengths against the bytes that are
/// left, every shape times its type, and that the tensors follow each other without holes or
/// overlap.
public struct GGUF: ParameterFile {
  /// One tensor as the file describes it.
  public struct Entry: Sendable, Equatable {
    /// The tensor's name.
    public var name: String
    /// The type's name: `F32`, `Q4_1`, ….
    public var type: String
    /// The extents, outermost first as everywhere here; the file has them the other way round.
    public var shape: [Int]
    /// The bytes, counted from the beginning of the file.
    public var bytes: Range<Int>
  }

  /// The file.
  public let path: String
  /// The metadata, in the file's order.
  public let metadata: [(key: String, value: Value)]
  /// The tensors, in the file's order.
  public let entries: [Entry]
  private let file: MappedFile
  private let keys: [ByteString: Int]
  private let places: [ByteString: Int]

  /// Opens and checks a file.
  ///
  /// - Throws: `FileError` of kind `badData` that says which rule is broken.
  public init(_ path: String) throws {
    self.path = path
    let file = try MappedFile(path)
    self.file = file
    var reader = ByteReader(file.bytes, path: path)
    let (tensors, pairs) = try Self.counts(&reader, path)
    let metadata = try (0..<pairs).map { _ in try Self.pair(&reader, of: file) }
    self.metadata = metadata
    keys = try Self.places(metadata.map(\.key), "the key", path)
    let place = keys[ByteString("general.alignment")]
    let alignment = try Self.alignment(place.map { metadata[$0].value }, path)
    let headers = try (0..<tensors).map { _ in try Self.header(&reader, path) }
    places = try Self.places(headers.map(\.name), "the tensor", path)
    entries = try Self.entries(
      headers, from: reader.position, alignment: alignment, size: file.bytes.count, path)
  }

  /// The value of a key of the metadata.
  public subscript(key: String) -> Value? {
    keys[ByteString(key)].map { metadata[$0].value }
  }

  /// Whether there is a tensor of this name.
  public func contains(_ name: String) -> Bool { places[ByteString(name)] != nil }

  /// The description of a tensor.
  public func entry(_ name: String) -> Entry? { places[ByteString(name)].map { entries[$0] } }

  /// Reads a tensor; F32 is mapped, anything else widened.
  ///
  /// - Returns: `nil` when there is no such tensor.
  public func tensor(_ name: String) throws -> Tensor? {
    guard let entry = entry(name) else { return nil }
    let format = try format(of: entry)
    let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[entry.bytes])
    if format == .float32, let numbers = bytes.aligned(to: Float.self) {
      return Tensor(numbers, owner: file, shape: entry.shape)
    }
    return withExtendedLifetime(file) {
      Tensor(shape: entry.shape) { format.widen(bytes, into: $0) }
    }
  }

  /// The rows of a matrix as they are stored.
  ///
  /// - Returns: `nil` when there is no such tensor or it has not two axes.
  public func rows(_ name: String) throws -> PackedRows? {
    guard let entry = entry(name), entry.shape.count == 2 else { return nil }
    return PackedRows(
      UnsafeRawBufferPointer(rebasing: file.bytes[entry.bytes]), owner: file,
      format: try format(of: entry), count: entry.shape[0], width: entry.shape[1])
  }

  private func format(of entry: Entry) throws -> PackedFormat {
    guard let format = PackedFormat(rawValue: entry.type) else {
      throw FileError(
        .badData, path,
        "\(entry.name.visible) is of type \(entry.type), which is not supported; known: "
          + PackedFormat.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return format
  }
}

// MARK: reading

extension GGUF {
  /// Reads the beginning of the file: how many tensors and how many pairs of metadata there are.
  private static func counts(
    _ reader: inout ByteReader, _ path: String
  ) throws -> (tensors: Int, pairs: Int) {
    let magic = try reader.take(4)
    guard magic.elementsEqual("GGUF".utf8) else {
      throw FileError(.badData, path, "is not a GGUF file: it does not begin with \"GGUF\"")
    }
    let version = try reader.integer(UInt32.self)
    guard version == 2 || version == 3 else {
      let fact =
        version != 0 && version & 0xFFFF == 0
        ? "is a GGUF file for big-endian machines"
        : "is of GGUF version \(version); known: 2, 3"
      throw FileError(.badData, path, fact)
    }
    let tensors = try reader.integer(UInt64.self)
    let pairs = try reader.integer(UInt64.self)
    // A pair takes 13 bytes and a tensor 32 at least.
    let room = UInt64(reader.remaining)
    guard pairs <= room / 13, tensors <= room / 32 else {
      throw FileError(
        .badData, path,
        "claims \(pairs) pairs of metadata and \(tensors) tensors, more than its "
          + "\(file(reader)) bytes can hold")
    }
    return (Int(tensors), Int(pairs))
  }

  private static func file(_ reader: ByteReader) -> Int { reader.position + reader.remaining }

  /// From names to their places; a name twice is an error.
  private static func places(
    _ names: [String], _ what: String, _ path: String
  ) throws -> [ByteString: Int] {
    var places: [ByteString: Int] = [:]
    for (place, name) in names.enumerated()
    where places.updateValue(place, forKey: ByteString(name)) != nil {
      throw FileError(.badData, path, "\(what) \"\(name.visible)\" is there twice")
    }
    return places
  }

  private static func alignment(_ value: Value?, _ path: String) throws -> Int {
    guard let value else { return 32 }
    guard case .unsigned(let number) = value, number.nonzeroBitCount == 1, number <= 1 << 20 else {
      throw FileError(
        .badData, path,
        "\"general.alignment\" is \(value.json.text().visible); a power of two is expected")
    }
    return Int(number)
  }

  /// What the file says about one tensor.
  private struct Header {
    var name: String
    var type: TensorType
    var shape: [Int]
    var size: Int
    var offset: UInt64
  }

  private static func header(_ reader: inout ByteReader, _ path: String) throws -> Header {
    let name = try text(&reader)
    func failure(_ fact: String) -> FileError {
      FileError(.badData, path, "\(name.visible): \(fact)")
    }
    guard name.utf8.count < 64 else { throw failure("a tensor's name of 64 bytes or more") }
    let axes = try reader.integer(UInt32.self)
    guard (1...4).contains(axes) else { throw failure("\(axes) axes; known: 1 to 4") }
    let extents = try (0..<axes).map { _ in try reader.integer(UInt64.self) }
    let number = try reader.integer(UInt32.self)
    let offset = try reader.integer(UInt64.self)
    guard let type = types[number] else {
      throw failure("is of type \(number), which is not supported")
    }
    var count = 1
    for extent in extents {
      guard extent > 0, let extent = Int(exactly: extent),
        case let (product, overflows) = count.multipliedReportingOverflow(by: extent), !overflows
      else { throw failure("its shape has a 0 or is too large") }
      count = product
    }
    guard Int(extents[0]) % type.count == 0 else {
      throw failure(
        "rows of \(extents[0]) numbers; \(type.name) packs them by \(type.count)")
    }
    let (size, overflows) = (count / type.count).multipliedReportingOverflow(by: type.size)
    guard !overflows else { throw failure("its shape is too large") }
    return Header(
      name: name, type: type, shape: extents.reversed().map { Int($0) }, size: size,
      offset: offset)
  }

  /// Where the tensors are: one behind the other, each at a multiple of the alignment.
  private static func entries(
    _ headers: [Header], from end: Int, alignment: Int, size: Int, _ path: String
  ) throws -> [Entry] {
    func padded(_ position: Int) -> Int { (position + alignment - 1) / alignment * alignment }
    let start = padded(end)
    var position = start
    return try headers.map { header in
      guard header.offset == UInt64(position - start) else {
        throw FileError(
          .badData, path,
          "\(header.name.visible) begins at byte \(header.offset) of the data, not \(position - start)"
        )
      }
      guard position <= size, header.size <= size - position else {
        throw FileError(
          .badData, path,
          "\(header.name.visible) needs \(header.size) bytes from byte \(position), the file has \(size); is it complete?"
        )
      }
      defer { position = padded(position + header.size) }
      return Entry(
        name: header.name, type: header.type.name, shape: header.shape,
        bytes: position..<position + header.size)
    }
  }
}
