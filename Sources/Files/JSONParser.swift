extension JSON {
  /// Parses UTF-8 JSON, strictly: no comments, no trailing commas or text, no duplicate keys,
  /// no lone surrogates, at most 200 levels deep.
  ///
  /// - Parameters:
  ///   - bytes: The text in UTF-8.
  ///   - path: The file's name for messages.
  /// - Throws: `FileError` of kind `badData` that names the byte.
  public init(parsing bytes: UnsafeRawBufferPointer, path: String) throws {
    var parser = JSONParser(bytes: bytes, path: path)
    self = try parser.document()
  }

  /// Parses the UTF-8 bytes of an array.
  public init(parsing bytes: [UInt8], path: String) throws {
    self = try bytes.withUnsafeBytes { try JSON(parsing: $0, path: path) }
  }
}

/// A scanner over bytes that are not trusted.
private struct JSONParser {
  let bytes: UnsafeRawBufferPointer
  let path: String
  var position = 0
  var depth = 0

  static let deepest = 200

  mutating func document() throws -> JSON {
    skipSpace()
    let value = try value()
    skipSpace()
    guard position == bytes.count else { throw error("unexpected text after the end of the JSON") }
    return value
  }

  // MARK: values

  private mutating func value() throws -> JSON {
    switch peek {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case let byte? where byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte):
      return try number()
    case nil: throw error("the JSON ends too early")
    default: throw error("not valid JSON")
    }
  }

  private mutating func object() throws -> JSON {
    try enter()
    var members: [JSON.Member] = []
    if !take("}") {
      repeat {
        skipSpace()
        guard peek == UInt8(ascii: "\"") else { throw error("a key must be a string") }
        let key = try string()
        skipSpace()
        guard take(":") else { throw error("\":\" expected after a key") }
        skipSpace()
        members.append(JSON.Member(key, try value()))
        skipSpace()
      } while take(",")
      guard take("}") else { throw error("\",\" or \"}\" expected") }
    }
    depth -= 1
    try checkKeys(members)
    return .object(members)
  }

  private func checkKeys(_ members: [JSON.Member]) throws {
    guard members.count > 1 else { return }
    var seen: Set<ByteString> = Set(minimumCapacity: members.count)
    for member in members where !seen.insert(ByteString(member.key)).inserted {
      throw error("the key \(quoted(member.key)) stands twice in the object that ends here")
    }
  }

  private mutating func array() throws -> JSON {
    try enter()
    var elements: [JSON] = []
    if !take("]") {
      repeat {
        skipSpace()
        elements.append(try value())
        skipSpace()
      } while take(",")
      guard take("]") else { throw error("\",\" or \"]\" expected") }
    }
    depth -= 1
    return .array(elements)
  }

  /// Steps over an opening bracket and the space behind it.
  private mutating func enter() throws {
    depth += 1
    guard depth <= Self.deepest else { throw error("nested deeper than \(Self.deepest) levels") }
    position += 1
    skipSpace()
  }

  private mutating func word(_ text: StaticString, _ value: JSON) throws -> JSON {
    let end = position + text.utf8CodeUnitCount
    guard end <= bytes.count else { throw error("the JSON ends too early") }
    for offset in 0..<text.utf8CodeUnitCount
    where bytes[position + offset] != text.utf8Start[offset] {
      throw error("not valid JSON")
    }
    position = end
    return value
  }

  private mutating func number() throws -> JSON {
    let start = position
    if peek == UInt8(ascii: "-") { position += 1 }
    let first = peek
    guard digits() > 0 else { throw error("not a number") }
    if first == UInt8(ascii: "0"), position - start > (bytes[start] == UInt8(ascii: "-") ? 2 : 1) {
      throw error("a number may not begin with 0")
    }
    var isInteger = true
    if take(".") {
      isInteger = false
      guard digits() > 0 else { throw error("not a number") }
    }
    if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
      isInteger = false
      position += 1
      if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
      guard digits() > 0 else { throw error("not a number") }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger, let value = Int(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else { throw error("a number out of range") }
    return .number(value)
  }

  private mutating func digits() -> Int {
    let start = position
    while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
    return position - start
  }

  // MARK: strings

  private mutating func string() throws -> String {
    position += 1
    let start = position
    while let byte = peek, byte != UInt8(ascii: "\"") {
      if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
      guard byte >= 0x20 else { throw error("a control character in a string") }
      position += 1
    }
    guard peek != nil else { throw error("a string without an end") }
    defer { position += 1 }
    return try text(UnsafeRawBufferPointer(rebasing: bytes[start..<position]))
  }

  private mutating func escapedString(from start: Int) throws -> String {
    var buffer = [UInt8](bytes[start..<position])
    while let byte = peek, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw error("a control character in a string") }
      position += 1
      if byte == UInt8(ascii: "\\") {
        try escape(into: &buffer)
      } else {
        buffer.append(byte)
      }
    }
    guard peek != nil else { throw error("a string without an end") }
    position += 1
    return try buffer.withUnsafeBytes { try text($0) }
  }

  private mutating func escape(into buffer: inout [UInt8]) throws {
    guard let byte = peek else { throw error("a string without an end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): buffer.append(byte)
    case UInt8(ascii: "b"): buffer.append(0x08)
    case UInt8(ascii: "f"): buffer.append(0x0C)
    case UInt8(ascii: "n"): buffer.append(0x0A)
    case UInt8(ascii: "r"): buffer.append(0x0D)
    case UInt8(ascii: "t"): buffer.append(0x09)
    case UInt8(ascii: "u"): buffer.append(contentsOf: UTF8.encode(try scalar()) ?? .init())
    default: throw error("an unknown escape in a string")
    }
  }

  private mutating func scalar() throws -> Unicode.Scalar {
    var code = try hexadecimal()
    if code >= 0xD800, code < 0xDC00, take("\\"), take("u") {
      let low = try hexadecimal()
      guard low >= 0xDC00, low < 0xE000 else { throw error("a lone surrogate in a string") }
      code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(code) else { throw error("a lone surrogate in a string") }
    return scalar
  }

  private mutating func hexadecimal() throws -> UInt32 {
    guard position + 4 <= bytes.count else { throw error("the JSON ends too early") }
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
        throw error("an unknown escape in a string")
      }
      code = code << 4 + UInt32(digit)
      position += 1
    }
    return code
  }

  private func text(_ slice: UnsafeRawBufferPointer) throws -> String {
    guard let text = String(validating: slice.bindMemory(to: UInt8.self), as: UTF8.self) else {
      throw error("a string that is not UTF-8")
    }
    return text
  }

  // MARK: bytes

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private func quoted(_ key: String) -> String {
    "\"" + key.unicodeScalars.prefix(60).map { $0.escaped(asASCII: false) }.joined() + "\""
  }

  private func error(_ fact: String) -> FileError {
    FileError(.badData, path, "\(fact) (byte \(position))")
  }
}
