/// Writes GGUF files for tests, sound ones and others: every field can be set to anything.
package struct GGUFBuilder: Sendable {
  /// A value of the metadata: its type's number, and its bytes.
  package struct Value: Sendable {
    package var type: UInt32
    package var bytes: [UInt8]

    package init(_ type: UInt32, _ bytes: [UInt8]) {
      self.type = type
      self.bytes = bytes
    }

    package static func integer(_ value: Int) -> Value { Value(4, little(UInt32(value))) }
    package static func number(_ value: Float) -> Value { Value(6, little(value.bitPattern)) }
    package static func flag(_ value: Bool) -> Value { Value(7, [value ? 1 : 0]) }
    package static func text(_ value: String) -> Value { Value(8, string(value)) }

    /// A list of values of one type.
    package static func list(_ type: UInt32, _ values: [Value]) -> Value {
      Value(9, little(type) + little(UInt64(values.count)) + values.flatMap(\.bytes))
    }
  }

  /// A tensor as the file describes it.
  package struct Tensor: Sendable {
    package var name: String
    /// Innermost first, as in the file.
    package var extents: [UInt64]
    package var type: UInt32
    package var data: [UInt8]
    /// Instead of the place where it is.
    package var offset: UInt64?

    package init(name: String, extents: [UInt64], type: UInt32 = 0, data: [UInt8]) {
      self.name = name
      self.extents = extents
      self.type = type
      self.data = data
    }
  }

  package var magic: [UInt8] = Array("GGUF".utf8)
  package var version: UInt32 = 3
  package var metadata: [(key: String, value: Value)] = []
  package var tensors: [Tensor] = []
  /// Instead of the number of pairs and of tensors.
  package var counts: (tensors: UInt64?, pairs: UInt64?) = (nil, nil)
  package var alignment = 32

  package init() {}

  /// Adds a tensor of 32-bit floating-point numbers; `shape` has the outermost extent first.
  package mutating func add(_ name: String, _ shape: [Int], _ numbers: [Float]) {
    tensors.append(
      Tensor(
        name: name, extents: shape.reversed().map(UInt64.init),
        data: numbers.flatMap { little($0.bitPattern) }))
  }

  /// Sets the value of a key, or removes it.
  package mutating func set(_ key: String, _ value: Value?) {
    metadata.removeAll { $0.key == key }
    if let value { metadata.append((key, value)) }
  }

  /// The bytes of the file.
  package var bytes: [UInt8] {
    var out = magic + little(version)
    out += little(counts.tensors ?? UInt64(tensors.count))
    out += little(counts.pairs ?? UInt64(metadata.count))
    for (key, value) in metadata { out += string(key) + little(value.type) + value.bytes }
    var data: [UInt8] = []
    for tensor in tensors {
      out += string(tensor.name) + little(UInt32(tensor.extents.count))
      out += tensor.extents.flatMap(little) + little(tensor.type)
      out += little(tensor.offset ?? UInt64(data.count))
      data += tensor.data + padding(tensor.data.count)
    }
    return out + padding(out.count) + data
  }

  private func padding(_ count: Int) -> [UInt8] {
    Array(repeating: 0, count: (alignment - count % alignment) % alignment)
  }
}

private func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
  withUnsafeBytes(of: number.littleEndian) { Array($0) }
}

private func string(_ text: String) -> [UInt8] {
  little(UInt64(text.utf8.count)) + Array(text.utf8)
}
