public import Files

/// Writes a safetensors file: the header, then every array's bytes.
public struct SafeTensorsWriter: ArchiveWriter {
  /// Writes the header.
  ///
  /// - Precondition: Arrays of bytes come last, so that every array stays aligned.
  public init(_ outline: Archive.Outline, to write: Write) throws {
    var members: [JSON.Member] = []
    if !outline.metadata.isEmpty {
      members.append(JSON.Member("__metadata__", .object(outline.words)))
    }
    var offset = 0
    for entry in outline.entries {
      let end = offset + entry.size
      members.append(
        JSON.Member(
          entry.name,
          [
            "dtype": .string(entry.element.typeName),
            "shape": .array(entry.shape.map(JSON.integer)),
            "data_offsets": [.integer(offset), .integer(end)],
          ]))
      offset = end
    }
    var header = Array(JSON.object(members).text().utf8)
    header += Array(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    try withUnsafeBytes(of: UInt64(header.count).littleEndian) { try write($0) }
    try header.withUnsafeBytes { try write($0) }
  }

  /// Writes an array.
  public mutating func add(_ name: String, _ content: Archive.Content, to write: Write) throws {
    try content.withBytes(write)
  }

  /// Nothing follows the last array.
  public mutating func finish(to write: Write) {}
}

extension Archive {
  /// Writes a safetensors file.
  public func writeSafeTensors(_ write: (UnsafeRawBufferPointer) throws -> Void) throws {
    // Wide elements first, so that every array stays aligned.
    let sorted =
      arrays.filter { $0.content.element.size > 1 } + arrays.filter { $0.content.element.size == 1 }
    try Archive(sorted, metadata: metadata).write(SafeTensorsWriter.self, to: write)
  }
}

extension Archive.Element {
  fileprivate var typeName: String {
    switch self {
    case .float: "F32"
    case .integer: "I32"
    case .byte: "U8"
    }
  }
}
