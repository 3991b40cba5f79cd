public import Files
internal import Tensors

/// An archive in JSON that was written before; it is small, for it is read as a whole.
struct JSONArchive: Sendable {
  /// The most bytes of a file.
  static let mostBytes = 1 << 26

  let path: String
  let metadata: [(key: String, value: String)]
  let tensors: [StoredTensor]
  private let values: [[JSON]]

  /// Reads a file.
  ///
  /// - Throws: `FileError` of kind `badData` that names the array.
  init(_ path: String) throws {
    self.path = path
    let bytes: [UInt8]
    do {
      bytes = try readFile(path, limit: Self.mostBytes)
    } catch var error as FileError {
      if error.kind == .badData { error.fact += "; write .safetensors or .npz" }
      throw error
    }
    let json = try JSON(parsing: bytes, path: path)
    guard let members = json["tensors"]?.members else {
      throw FileError(.badData, path, "has no \"tensors\", an object of arrays")
    }
    metadata = json["metadata"].flatMap(Self.words) ?? []
    let arrays = try members.map { try Self.array($0.key, $0.value, path) }
    tensors = arrays.map { StoredTensor(name: $0.name, type: "JSON", shape: $0.shape) }
    values = arrays.map(\.values)
  }

  /// The members of an object as words; what is no string is spelled as JSON.
  static func words(_ json: JSON) -> [(key: String, value: String)]? {
    json.members?.map { ($0.key, $0.value.string ?? $0.value.text()) }
  }

  /// The numbers of an array; `null` is what was not finite.
  func tensor(_ name: String) throws -> Tensor? {
    guard let place = tensors.firstIndex(where: { $0.name == name }) else { return nil }
    let numbers = try values[place].map { value -> Float in
      if value.isNull { return .nan }
      guard let number = value.number else {
        throw FileError(.badData, path, "\(name.visible) holds \(value.kind), not a number")
      }
      return Float(number)
    }
    return Tensor(numbers, shape: tensors[place].shape)
  }

  /// The whole numbers of an array.
  func integers(_ name: String) throws -> [Int]? {
    guard let place = tensors.firstIndex(where: { $0.name == name }) else { return nil }
    let numbers = values[place].compactMap(\.integer)
    return numbers.count == values[place].count ? numbers : nil
  }

  private static func array(
    _ name: String, _ value: JSON, _ path: String
  ) throws -> (name: String, shape: [Int], values: [JSON]) {
    guard let shape = value["shape"]?.elements?.map(\.integer), let values = value["values"]?.elements
    else {
      throw FileError(.badData, path, "\(name.visible): a shape and values are expected")
    }
    var count = 1
    for extent in shape {
      guard let extent, extent >= 0,
        case let (product, overflow) = count.multipliedReportingOverflow(by: extent), !overflow
      else { throw FileError(.badData, path, "\(name.visible): its shape is not one") }
      count = product
    }
    guard count == values.count else {
      throw FileError(
        .badData, path, "\(name.visible): its shape needs \(count) values, it has \(values.count)")
    }
    return (name, shape.compactMap(\.self), values)
  }
}

/// Writes JSON: metadata, then every array with its shape and its numbers, row by row.
///
/// Numbers that are not finite become `null`.
public struct JSONArchiveWriter: ArchiveWriter {
  private var isFirst = true

  /// Writes the words.
  public init(_ outline: Archive.Outline, to write: Write) throws {
    let words = JSON.object(outline.words)
    try Self.put("{\n\"metadata\": \(words.text()),\n\"tensors\": {", write)
  }

  /// Writes an array.
  public mutating func add(_ name: String, _ content: Archive.Content, to write: Write) throws {
    let shape = JSON.array(content.shape.map(JSON.integer)).text()
    try Self.put((isFirst ? "\n" : ",\n") + JSON.string(name).text(), write)
    try Self.put(": {\"shape\": \(shape), \"values\": [", write)
    try Self.put(content.values.joined(separator: ","), write)
    try Self.put("]}", write)
    isFirst = false
  }

  /// Writes the end.
  public mutating func finish(to write: Write) throws { try Self.put("\n}}\n", write) }

  private static func put(_ text: String, _ write: Write) throws {
    try Array(text.utf8).withUnsafeBytes(write)
  }
}

extension Archive {
  /// Writes JSON.
  public func writeJSON(_ write: (UnsafeRawBufferPointer) throws -> Void) throws {
    try self.write(JSONArchiveWriter.self, to: write)
  }
}

extension Archive.Content {
  fileprivate var values: [String] {
    switch self {
    case .floats(let tensor): tensor.numbers.map { $0.isFinite ? "\($0)" : "null" }
    case .integers(let values): values.map { "\($0)" }
    case .bytes(let values, _): values.map { "\($0)" }
    }
  }
}
