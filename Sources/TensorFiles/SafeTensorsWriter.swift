public import Files

extension Archive {
  /// Writes a safetensors file: `write` receives the header, then every array's bytes.
  public func writeSafeTensors(_ write: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    var members: [JSON.Member] = []
    if !metadata.isEmpty {
      members.append(
        JSON.Member(
          "__metadata__", .object(metadata.map { JSON.Member($0.key, .string($0.value)) })))
    }
    // Wide elements first, so that every array stays aligned.
    let sorted =
      arrays.filter { $0.content.elementSize > 1 } + arrays.filter { $0.content.elementSize == 1 }
    var offset = 0
    for (name, content) in sorted {
      let end = offset + content.size
      members.append(
        JSON.Member(
          name,
          [
            "dtype": .string(content.typeName), "shape": .array(content.shape.map(JSON.integer)),
            "data_offsets": [.integer(offset), .integer(end)],
          ]))
      offset = end
    }
    var header = Array(JSON.object(members).text().utf8)
    header += Array(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    try withUnsafeBytes(of: UInt64(header.count).littleEndian) { try write($0) }
    try header.withUnsafeBytes { try write($0) }
    for (_, content) in sorted { try content.withBytes(write) }
  }
}

extension Archive.Content {
  fileprivate var typeName: String {
    switch self {
    case .floats: "F32"
    case .integers: "I32"
    case .bytes: "U8"
    }
  }
}
