extension String {
  /// The text with everything that could steer a terminal or reorder a line made visible:
  /// C0 and C1 controls, DEL, bidirectional overrides and line separators become `<U+001B>`, a newline ⏎ and a tab ⇥.
  ///
  /// Every place where a person reads text of a model or a file goes through here (CWE-150).
  public var visible: String {
    guard unicodeScalars.contains(where: \.isHidden) else { return self }
    var out = ""
    for scalar in unicodeScalars {
      if scalar == "\n" || scalar == "\t" {
        out += scalar == "\n" ? "⏎" : "⇥"
      } else if scalar.isHidden {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        out += "<U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + ">"
      } else {
        out.unicodeScalars.append(scalar)
      }
    }
    return out
  }
}

extension Unicode.Scalar {
  fileprivate var isHidden: Bool {
    switch value {
    case 0x00...0x1F, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2028, 0x2029,
      0x2066...0x2069:
      true
    default: false
    }
  }
}
