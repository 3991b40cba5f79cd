extension JSON {
  /// The value as JSON text: always the same for the same value.
  ///
  /// Numbers that are not finite, which JSON cannot hold, are written as `null`.
  ///
  /// - Parameter indented: Two spaces a level, one member a line; arrays of plain values stay on
  ///   one line.
  public func text(indented: Bool = false) -> String {
    var out = ""
    write(to: &out, indent: indented ? 0 : nil)
    return out
  }

  private func write(to out: inout String, indent: Int?) {
    switch self {
    case .null: out += "null"
    case .bool(let value): out += value ? "true" : "false"
    case .integer(let value): out += String(value)
    case .number(let value): out += value.isFinite ? "\(value)" : "null"
    case .string(let text): Self.write(text, to: &out)
    case .array(let elements):
      let inner = elements.allSatisfy(\.isPlain) ? nil : indent
      Self.list("[", "]", elements, inner, to: &out) { $0.write(to: &$1, indent: $2) }
    case .object(let members):
      Self.list("{", "}", members, indent, to: &out) { member, out, indent in
        Self.write(member.key, to: &out)
        out += indent == nil ? ":" : ": "
        member.value.write(to: &out, indent: indent)
      }
    }
  }

  private var isPlain: Bool { members == nil && elements == nil }

  private static func list<Element>(
    _ open: String, _ close: String, _ elements: [Element], _ indent: Int?,
    to out: inout String, _ write: (Element, inout String, Int?) -> Void
  ) {
    out += open
    let deeper = indent.map { $0 + 1 }
    for (index, element) in elements.enumerated() {
      if index > 0 { out += "," }
      if let deeper { out += "\n" + String(repeating: "  ", count: deeper) }
      write(element, &out, deeper)
    }
    if let indent, !elements.isEmpty { out += "\n" + String(repeating: "  ", count: indent) }
    out += close
  }

  private static func write(_ text: String, to out: inout String) {
    out += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      case "\u{0}"..<"\u{20}", "\u{7F}"..<"\u{A0}", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: out.unicodeScalars.append(scalar)
      }
    }
    out += "\""
  }
}
