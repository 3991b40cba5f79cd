#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// XML's spelling of texts and numbers.
enum XML {
  /// What stands for the signs that mean something to XML. A carriage return would be read back
  /// as a new line.
  private static let entities: [Unicode.Scalar: String] = [
    "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#39;", "\r": "&#13;",
  ]

  /// Spells a text between tags or in an attribute; what XML forbids is dropped.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars where isAllowed(scalar) {
      if let entity = entities[scalar] {
        result += entity
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Reads the text back that `escaped` spelled.
  static func unescaped(_ spelling: Substring) -> String {
    var result = String.UnicodeScalarView()
    var rest = spelling.unicodeScalars[...]
    while let first = rest.popFirst() {
      let entity =
        first == "&" ? entities.first { rest.starts(with: $1.unicodeScalars.dropFirst()) } : nil
      if let entity { rest = rest.dropFirst(entity.value.unicodeScalars.count - 1) }
      result.append(entity?.key ?? first)
    }
    return String(result)
  }

  /// Whether XML 1.0 has the character (production 2, `Char`).
  static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
    default: false
    }
  }

  /// Spells a number rounded to `decimals` places, as short as that can be.
  static func number(_ value: Double, decimals: Int = 3) -> String {
    let unit = (0..<decimals).reduce(1) { unit, _ in unit * 10 }
    let rounded = Int((abs(value) * Double(unit)).rounded())
    let (whole, fraction) = rounded.quotientAndRemainder(dividingBy: unit)
    let sign = value < 0 && rounded > 0 ? "-" : ""
    guard fraction > 0 else { return "\(sign)\(whole)" }
    var digits = String(unit + fraction).dropFirst()
    while digits.last == "0" { digits.removeLast() }
    return "\(sign)\(whole == 0 ? "" : String(whole)).\(digits)"
  }
}

/// Spells bytes in the alphabet of RFC 4648, four characters for three bytes.
func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
