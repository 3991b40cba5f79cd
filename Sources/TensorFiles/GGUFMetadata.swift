public import Files

extension GGUF {
  /// One value of the metadata.
  public enum Value: Sendable, Equatable {
    case unsigned(UInt64)
    case integer(Int64)
    case number(Double)
    case bool(Bool)
    case string(String)
    case list(List)
  }

  /// Values of one type, left where they are until they are asked for: a vocabulary is long.
  public struct List: Sendable, Equatable {
    /// How many there are.
    public let count: Int
    let type: ValueType
    let file: MappedFile
    let bytes: Range<Int>

    /// Whether both are lists of the same bytes.
    public static func == (a: List, b: List) -> Bool {
      a.count == b.count && a.type == b.type
        && a.file.bytes[a.bytes].elementsEqual(b.file.bytes[b.bytes])
    }
  }

  /// The types of values, by their number in a file.
  enum ValueType: UInt32 {
    case uint8, int8, uint16, int16, uint32, int32, float32, bool, string, list
    case uint64, int64, float64

    /// Bytes of a value, or the fewest of a string or list.
    var size: Int {
      switch self {
      case .uint8, .int8, .bool: 1
      case .uint16, .int16: 2
      case .uint32, .int32, .float32: 4
      case .uint64, .int64, .float64, .string: 8
      case .list: 12
      }
    }
  }
}

extension GGUF.Value {
  /// A whole number that fits, of whatever type.
  public var integer: Int? {
    switch self {
    case .unsigned(let value): Int(exactly: value)
    case .integer(let value): Int(exactly: value)
    default: nil
    }
  }

  /// The text of a string.
  public var string: String? {
    if case .string(let text) = self { return text }
    return nil
  }

  /// The value of a boolean.
  public var bool: Bool? {
    if case .bool(let value) = self { return value }
    return nil
  }

  /// The values of a list.
  public var list: GGUF.List? {
    if case .list(let list) = self { return list }
    return nil
  }

  /// The value as JSON; of a list, only its length.
  public var json: JSON {
    switch self {
    case .unsigned(let value): Int(exactly: value).map(JSON.integer) ?? .number(Double(value))
    case .integer(let value): .integer(Int(value))
    case .number(let value): .number(value)
    case .bool(let value): .bool(value)
    case .string(let text): .string(text)
    case .list(let list): .string("a list of \(list.count)")
    }
  }
}

extension GGUF.List {
  /// The strings of a list of strings.
  ///
  /// - Throws: `FileError` when one of them is not UTF-8.
  public func strings() throws -> [String]? {
    guard type == .string else { return nil }
    var reader = ByteReader(UnsafeRawBufferPointer(rebasing: file.bytes[bytes]), path: file.path)
    return try withExtendedLifetime(file) {
      try (0..<count).map { _ in try GGUF.text(&reader) }
    }
  }

  /// The values of a list of whole numbers that fit.
  public func integers() -> [Int]? {
    let values = values().map(\.integer)
    return values.contains(nil) ? nil : values.compactMap(\.self)
  }

  /// The values of a list of floating-point numbers.
  public func numbers() -> [Double]? {
    guard type == .float32 || type == .float64 else { return nil }
    return values().compactMap { if case .number(let number) = $0 { number } else { nil } }
  }

  /// The values of a list of booleans.
  public func flags() -> [Bool]? {
    type == .bool ? values().compactMap(\.bool) : nil
  }

  /// The values of a list of anything but strings.
  private func values() -> [GGUF.Value] {
    guard type != .string else { return [.string("")] }
    var reader = ByteReader(UnsafeRawBufferPointer(rebasing: file.bytes[bytes]), path: file.path)
    return withExtendedLifetime(file) {
      (0..<count).compactMap { _ in try? GGUF.scalar(type, &reader) }
    }
  }
}

// MARK: reading

extension GGUF {
  /// Reads a string: its length, then its bytes.
  static func text(_ reader: inout ByteReader) throws -> String {
    try reader.text(length(&reader))
  }

  /// Reads a length that is not longer than what is left.
  private static func length(_ reader: inout ByteReader) throws -> Int {
    Int(clamping: try reader.integer(UInt64.self))
  }

  /// Reads a key and its value.
  static func pair(
    _ reader: inout ByteReader, of file: MappedFile
  ) throws -> (key: String, value: Value) {
    let key = try text(&reader)
    func failure(_ fact: String) -> FileError {
      FileError(.badData, file.path, "\"\(key.visible)\" \(fact)")
    }
    let number = try reader.integer(UInt32.self)
    guard let type = ValueType(rawValue: number) else {
      throw failure("is of type \(number), which is unknown")
    }
    switch type {
    case .string: return (key, .string(try text(&reader)))
    case .list:
      let number = try reader.integer(UInt32.self)
      guard let type = ValueType(rawValue: number), type != .list else {
        throw failure("is a list of \(number == 9 ? "lists" : "values of type \(number)")")
      }
      let count = try length(&reader)
      guard count <= reader.remaining / type.size else {
        throw failure("claims \(count) values, more than the file has")
      }
      let start = reader.position
      if type == .string {
        for _ in 0..<count { _ = try reader.take(length(&reader)) }
      } else {
        _ = try reader.take(count * type.size)
      }
      return (
        key, .list(List(count: count, type: type, file: file, bytes: start..<reader.position))
      )
    default: return (key, try scalar(type, &reader))
    }
  }

  /// Reads a value of fixed size.
  fileprivate static func scalar(_ type: ValueType, _ reader: inout ByteReader) throws -> Value {
    switch type {
    case .uint8: .unsigned(UInt64(try reader.integer(UInt8.self)))
    case .uint16: .unsigned(UInt64(try reader.integer(UInt16.self)))
    case .uint32: .unsigned(UInt64(try reader.integer(UInt32.self)))
    case .uint64: .unsigned(try reader.integer(UInt64.self))
    case .int8: .integer(Int64(try reader.integer(Int8.self)))
    case .int16: .integer(Int64(try reader.integer(Int16.self)))
    case .int32: .integer(Int64(try reader.integer(Int32.self)))
    case .int64: .integer(try reader.integer(Int64.self))
    case .float32: .number(Double(Float(bitPattern: try reader.integer(UInt32.self))))
    case .float64: .number(Double(bitPattern: try reader.integer(UInt64.self)))
    case .bool: .bool(try reader.integer(UInt8.self) != 0)
    case .string, .list: preconditionFailure("not of fixed size")
    }
  }
}
