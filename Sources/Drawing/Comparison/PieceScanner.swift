/// A word or a number of a description, an attribute or a page's content.
enum Piece: Equatable {
  case word(String)
  case number(Double)

  /// Whether the other says the same, numbers to three digits.
  func accepts(_ other: Piece) -> Bool {
    if case (.number(let a), .number(let b)) = (self, other) { return Tolerance.accepts(a, b) }
    return self == other
  }

  /// How it is spelled in a message.
  var spelling: String {
    switch self {
    case .word(let word): word.quotedShort
    case .number(let number): XML.number(number, decimals: 4)
    }
  }

  /// Cuts bytes into numbers and the words between them; blanks and commas separate.
  static func all(in bytes: some Collection<UInt8>) -> [Piece] {
    var pieces: [Piece] = []
    var rest = ArraySlice(Array(bytes))
    while let first = rest.first {
      if first <= 32 || first == UInt8(ascii: ",") {
        rest.removeFirst()
      } else if let number = number(&rest) {
        pieces.append(.number(number))
      } else {
        var end = rest.startIndex + 1
        while end < rest.endIndex, !isEnd(rest[end]) { end += 1 }
        pieces.append(.word(String(decoding: rest[..<end], as: UTF8.self)))
        rest = rest[end...]
      }
    }
    return pieces
  }

  /// Whether a byte ends a word: a blank, a comma, or the beginning of a number.
  private static func isEnd(_ byte: UInt8) -> Bool {
    byte <= 32 || (UInt8(ascii: ",")...UInt8(ascii: "9")).contains(byte) && byte != slash
  }

  /// Takes a number with sign and fraction; numbers too long to be one of a picture are words.
  private static func number(_ rest: inout ArraySlice<UInt8>) -> Double? {
    var end = rest.startIndex
    if rest[end] == UInt8(ascii: "-") { end += 1 }
    var digits = 0
    var hasPoint = false
    while end < rest.endIndex {
      if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(rest[end]) {
        digits += 1
      } else if rest[end] == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else {
        break
      }
      end += 1
    }
    guard (1...15).contains(digits) else { return nil }
    // "-.5" and "5." are numbers in SVG and PDF, but not in Swift.
    let isNegative = rest.first == UInt8(ascii: "-")
    let spelling = String(decoding: rest[..<end].drop { $0 == UInt8(ascii: "-") }, as: UTF8.self)
    guard let value = Double("0" + spelling + (hasPoint ? "0" : "")) else { return nil }
    rest = rest[end...]
    return isNegative ? -value : value
  }

  private static let slash = UInt8(ascii: "/")
}

extension String {
  /// The text in quotation marks, cut where it is long.
  var quotedShort: String { "\"\(count <= 60 ? self : prefix(59) + "…")\"" }
}
