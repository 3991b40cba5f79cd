public import Files
internal import Tensors

extension Archive {
  /// Writes JSON: metadata, then every array with its shape and its numbers, row by row.
  ///
  /// Numbers that are not finite become `null`.
  public func writeJSON(_ write: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    func put(_ text: String) throws {
      try Array(text.utf8).withUnsafeBytes(write)
    }
    let words = JSON.object(metadata.map { JSON.Member($0.key, .string($0.value)) })
    try put("{\n\"metadata\": \(words.text()),\n\"tensors\": {")
    for (index, (name, content)) in arrays.enumerated() {
      let shape = JSON.array(content.shape.map(JSON.integer)).text()
      try put((index == 0 ? "\n" : ",\n") + JSON.string(name).text())
      try put(": {\"shape\": \(shape), \"values\": [")
      try put(content.values.joined(separator: ","))
      try put("]}")
    }
    try put("\n}}\n")
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
