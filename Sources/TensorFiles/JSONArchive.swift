public import Files
internal import Tensors

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
