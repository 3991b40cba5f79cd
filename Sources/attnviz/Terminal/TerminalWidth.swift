import CUnicode

/// How many cells of a terminal text takes.
enum TerminalWidth {
  /// The cells of a text: 2 for wide characters and emoji, 0 for combining marks.
  static func of(_ text: String) -> Int {
    text.reduce(0) { $0 + of($1) }
  }

  /// The cells of one character: the widest of its scalars.
  static func of(_ character: Character) -> Int {
    character.unicodeScalars.reduce(0) {
      max($0, Int(utf8proc_charwidth(Int32(bitPattern: $1.value))))
    }
  }
}
