internal import Files
public import Tensors

/// A NumPy `.npz` file: a zip archive of arrays, stored or deflated.
///
/// Every head is checked against the size of its entry when the file is opened. An array is
/// unpacked when it is asked for, into no more bytes than its head says. Arrays of Python objects
/// are refused.
public struct NPZFile: TensorListing {
  /// The most bytes of one array, unpacked: what a small archive may turn into.
  public static let mostBytes = 1 << 30

  /// The file.
  public let path: String
  /// The arrays of numbers and text in the order of the archive, without ".npy"; text is of type
  /// `U`.
  public let tensors: [StoredTensor]
  private let zip: Zip
  private let arrays: [(entry: Zip.Entry, header: NPYHeader)]
  private let places: [ByteString: Int]

  /// Opens a file and checks the heads of its arrays.
  ///
  /// - Throws: `FileError` of kind `badData` that names the array.
  public init(_ path: String) throws {
    self.path = path
    let zip = try Zip(path)
    self.zip = zip
    let entries = zip.entries.filter { $0.name.hasSuffix(".npy") }
    arrays = try entries.map { ($0, try Self.header(of: $0, in: zip, path)) }
    tensors = arrays.map { entry, header in
      StoredTensor(
        name: String(entry.name.dropLast(4)), type: header.element.typeName, shape: header.shape)
    }
    places = Dictionary(
      tensors.enumerated().map { (ByteString($1.name), $0) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Whether there is an array of this name.
  public func contains(_ name: String) -> Bool { places[ByteString(name)] != nil }

  /// Reads an array of floating-point numbers.
  ///
  /// - Returns: `nil` when there is no such array.
  /// - Throws: `FileError` when it holds something else or is damaged.
  public func tensor(_ name: String) throws -> Tensor? {
    guard let place = places[ByteString(name)] else { return nil }
    guard let type = ElementType(rawValue: tensors[place].type) else {
      throw FileError(
        .badData, path, "\(name.visible) is of type \(tensors[place].type), not of real numbers")
    }
    let bytes = NumberBytes(try content(place))
    return type.tensor(bytes.all, shape: tensors[place].shape, owner: bytes)
  }

  /// An archive is unpacked, not mapped: there are no rows as they are stored.
  public func rows(_ name: String) -> PackedRows? { nil }

  /// Reads an array of whole numbers (i8, i4, u1) or truth values, row by row.
  ///
  /// - Returns: `nil` when there is no such array or it holds something else.
  public func integers(_ name: String) throws -> [Int]? {
    guard let place = places[ByteString(name)] else { return nil }
    switch tensors[place].type {
    case "I64":
      return try content(place).withUnsafeBytes { bytes in
        bytes.values(of: Int64.self).map { Int(Int64(littleEndian: $0)) }
      }
    case "I32":
      return try content(place).withUnsafeBytes { bytes in
        bytes.values(of: Int32.self).map { Int(Int32(littleEndian: $0)) }
      }
    case "U8", "BOOL": return try content(place).map(Int.init)
    default: return nil
    }
  }

  /// Reads an array of strings, row by row; one string for an array without axes.
  ///
  /// - Returns: `nil` when there is no such array or it holds something else.
  public func strings(_ name: String) throws -> [String]? {
    guard let place = places[ByteString(name)], case .text(let width) = arrays[place].header.element
    else { return nil }
    let count = arrays[place].header.count
    guard width > 0 else { return Array(repeating: "", count: count) }
    let scalars = try content(place).withUnsafeBytes { $0.values(of: UInt32.self) }
    return try (0..<count).map { index in
      var text = String.UnicodeScalarView()
      let cell = scalars[index * width..<(index + 1) * width]
      for code in cell[..<((cell.lastIndex { $0 != 0 } ?? cell.startIndex - 1) + 1)] {
        guard let scalar = Unicode.Scalar(UInt32(littleEndian: code)) else {
          throw FileError(.badData, path, "\(name.visible) holds a character that does not exist")
        }
        text.append(scalar)
      }
      return String(text)
    }
  }

  /// Reads a file of the archive that is no array: `metadata.json`.
  ///
  /// - Returns: `nil` when there is no such file.
  public func file(_ name: String, limit: Int = 100_000_000) throws -> [UInt8]? {
    try zip[name].map { try zip.read($0, limit: limit) }
  }

  // MARK: bytes

  private static func header(
    of entry: Zip.Entry, in zip: Zip, _ path: String
  ) throws -> NPYHeader {
    let name = "\(path): \(entry.name.visible)"
    let start = try zip.prefix(entry, count: NPYHeader.mostBytes)
    let header = try start.withUnsafeBytes { try NPYHeader($0, path: name) }
    let (size, overflows) = (header.count * header.element.size)
      .addingReportingOverflow(header.length)
    guard !overflows, size == entry.size else {
      throw FileError(
        .badData, name,
        "its head describes \(header.count) elements of \(header.element.size) bytes, the archive "
          + "has \(entry.size - header.length) bytes of them")
    }
    guard header.element != .text(0) || header.count <= 1 << 20 else {
      throw FileError(.badData, name, "describes \(header.count) empty strings")
    }
    return header
  }

  /// The elements of an array in row-major order.
  private func content(_ place: Int) throws -> [UInt8] {
    let (entry, header) = arrays[place]
    var bytes = try zip.read(entry, limit: Self.mostBytes)
    bytes.removeFirst(header.length)
    guard header.isFortran, header.shape.count > 1 else { return bytes }
    return Self.transposed(bytes, header.shape, size: header.element.size)
  }

  /// Brings elements whose first axis runs fastest into row-major order.
  private static func transposed(_ bytes: [UInt8], _ shape: [Int], size: Int) -> [UInt8] {
    guard !bytes.isEmpty else { return bytes }
    var strides = [size]
    for extent in shape.dropLast() { strides.append((strides.last ?? size) * extent) }
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var index = Array(repeating: 0, count: shape.count)
    var source = 0
    while out.count < bytes.count {
      out += bytes[source..<source + size]
      for axis in index.indices.reversed() {
        index[axis] += 1
        source += strides[axis]
        if index[axis] < shape[axis] { break }
        source -= strides[axis] * shape[axis]
        index[axis] = 0
      }
    }
    return out
  }
}

extension NPYHeader.Element {
  /// The type's name in `StoredTensor`.
  fileprivate var typeName: String {
    switch self {
    case .number(let name, _): name
    case .text: "U"
    }
  }
}

/// Unpacked bytes that a tensor keeps alive, aligned for any number.
private final class NumberBytes {
  let all: UnsafeRawBufferPointer

  init(_ bytes: [UInt8]) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
    copy.copyBytes(from: bytes)
    all = UnsafeRawBufferPointer(copy)
  }

  deinit { all.deallocate() }
}
