/// The document information dictionary of a PDF file (ISO 32000-1, 14.3.3).
struct PDFInformation {
  private let fields: [String: PDFDictionary.Value]

  /// - Throws: `DrawingError` of kind `badFile` when the file is broken.
  init(_ bytes: [UInt8]) throws {
    guard let trailer = bytes.ranges(of: Array("startxref".utf8)).last else {
      throw DrawingError(.badFile, "the PDF ends too early; take a complete copy")
    }
    let body = bytes[..<trailer.lowerBound]
    guard let start = body.ranges(of: Array("trailer".utf8)).last?.upperBound,
      case .other(let reference) = try PDFDictionary(body[start...]).values["Info"]
    else {
      fields = [:]
      return
    }
    let words = reference.split(separator: " ")
    let object = Array("\n\(words.prefix(2).joined(separator: " ")) obj".utf8)
    guard words.count == 3, let start = body.ranges(of: object).last?.upperBound else {
      throw DrawingError(.badFile, "the PDF lacks its Info; take an undamaged copy")
    }
    fields = try PDFDictionary(body[start...]).values
  }

  /// The text of a field.
  ///
  /// - Throws: `DrawingError` of kind `badFile` when its bytes spell no text.
  func text(_ field: String) throws -> String? {
    guard case .string(let bytes) = fields[field] else { return nil }
    if bytes.starts(with: [0xFE, 0xFF]), bytes.count % 2 == 0 {
      let units = stride(from: 2, to: bytes.count, by: 2).map {
        UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
      }
      if let text = String(validating: units, as: UTF16.self) { return text }
    } else if let text = String(validating: bytes, as: UTF8.self) {
      return text
    }
    throw DrawingError(.badFile, "the PDF's \(field) are no text; take an undamaged copy")
  }
}

/// A dictionary of a PDF file (ISO 32000-1, 7.3.7): its strings, and the words of other values.
struct PDFDictionary {
  enum Value {
    case string([UInt8])
    case other(String)
  }

  /// The values; those of dictionaries inside are left out.
  private(set) var values: [String: Value] = [:]
  private var rest: ArraySlice<UInt8>

  /// Reads the dictionary that starts `bytes`.
  ///
  /// - Throws: `DrawingError` of kind `badFile` when it does not end.
  init(_ bytes: ArraySlice<UInt8>) throws {
    rest = bytes.drop { $0 <= 32 }
    guard rest.starts(with: "<<".utf8) else {
      throw DrawingError(.badFile, "the PDF lacks a dictionary; take an undamaged copy")
    }
    var depth = 0
    var name = ""
    repeat {
      switch (try next(), rest.first) {
      case (Sign.less, Sign.less):
        rest.removeFirst()
        depth += 1
      case (Sign.greater, Sign.greater):
        rest.removeFirst()
        depth -= 1
      case (Sign.slash, _):
        let word = word()
        if depth == 1 { name = word }
      case (Sign.less, _): set(name, .string(try hexadecimal()), depth)
      case (Sign.open, _): set(name, .string(try literal()), depth)
      case (let byte, _) where byte > 32:
        set(name, .other(String(decoding: [byte], as: UTF8.self) + words()), depth)
      default: break
      }
    } while depth > 0
  }

  private mutating func set(_ name: String, _ value: Value, _ depth: Int) {
    if depth == 1, values[name] == nil { values[name] = value }
  }

  private mutating func next() throws -> UInt8 {
    guard let byte = rest.popFirst() else {
      throw DrawingError(.badFile, "the PDF ends inside a dictionary; take a complete copy")
    }
    return byte
  }

  /// The characters up to the next blank or sign.
  private mutating func word() -> String {
    let word = rest.prefix { $0 > 32 && !Sign.all.contains($0) }
    rest = rest.dropFirst(word.count)
    return String(decoding: word, as: UTF8.self)
  }

  /// The characters up to the next sign, each stretch of blanks as one space.
  private mutating func words() -> String {
    let words = rest.prefix { !Sign.all.contains($0) }
    rest = rest.dropFirst(words.count)
    return words.split(omittingEmptySubsequences: false) { $0 <= 32 }
      .map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
  }

  /// The bytes of `<…>` (7.3.4.3).
  private mutating func hexadecimal() throws -> [UInt8] {
    var digits: [UInt8] = []
    while case let byte = try next(), byte != Sign.greater {
      guard byte > 32 else { continue }
      guard let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
        throw DrawingError(.badFile, "the PDF has a damaged string; take an undamaged copy")
      }
      digits.append(UInt8(digit))
    }
    return stride(from: 0, to: digits.count, by: 2).map {
      digits[$0] << 4 | ($0 + 1 < digits.count ? digits[$0 + 1] : 0)
    }
  }

  /// The bytes of `(…)` (7.3.4.2).
  private mutating func literal() throws -> [UInt8] {
    var result: [UInt8] = []
    var depth = 1
    while true {
      let byte = try next()
      switch byte {
      case Sign.backslash:
        if let escaped = try escaped() { result.append(escaped) }
        continue
      case Sign.open: depth += 1
      case Sign.close: depth -= 1
      default: break
      }
      if depth == 0 { return result }
      result.append(byte)
    }
  }

  /// What a backslash and the characters after it stand for; `nil` for a line that goes on.
  private mutating func escaped() throws -> UInt8? {
    let byte = try next()
    switch UnicodeScalar(byte) {
    case "n": return 10
    case "r": return 13
    case "t": return 9
    case "b": return 8
    case "f": return 12
    case "0"..."7":
      let digits = rest.prefix(2).prefix { (48...55).contains($0) }
      rest = rest.dropFirst(digits.count)
      return digits.reduce(byte - 48) { $0 << 3 | ($1 - 48) }
    case "\r":
      if rest.first == 10 { rest.removeFirst() }
      return nil
    case "\n": return nil
    default: return byte
    }
  }

  /// Characters with a meaning.
  private enum Sign {
    static let (open, close, slash) = (UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "/"))
    static let (less, greater) = (UInt8(ascii: "<"), UInt8(ascii: ">"))
    static let backslash = UInt8(ascii: "\\")
    static let all = [open, close, slash, less, greater]
  }
}
