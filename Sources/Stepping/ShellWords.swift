/// Words as a shell (bash, zsh, ksh) reads them.
package enum ShellWords {
  /// A command line of words.
  package static func line(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }

  /// A word in quotation marks, if a shell would read it otherwise.
  package static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      (97...122).contains(byte) || (64...90).contains(byte) || (43...58).contains(byte)
        || byte == UInt8(ascii: "=") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "#")
    }
    if isPlain, !word.isEmpty, word.first != "#", word.first != "=" { return word }
    let hasControls = word.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
    guard !hasControls else { return "$'" + word.unicodeScalars.map(escaped).joined() + "'" }
    return "'"
      + word.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }

  /// A character between $' and '.
  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": return "\\n"
    case "\t": return "\\t"
    case "\\": return "\\\\"
    case "'": return "\\'"
    case _ where scalar.value < 0x20 || scalar.value == 0x7F:
      let digits = String(scalar.value, radix: 16)
      return "\\x" + (digits.count < 2 ? "0" : "") + digits
    default: return String(Character(scalar))
    }
  }
}
