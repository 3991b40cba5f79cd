internal import CUnicode

/// How many cells of a terminal text takes.
public enum TerminalWidth {
  /// The cells of a text: 2 for wide characters and emoji, 0 for combining marks.
  public static func of(_ text: String) -> Int {
    text.reduce(0) { $0 + of($1) }
  }

  /// The cells of one character: the widest of its scalars.
  public static func of(_ character: Character) -> Int {
    character.unicodeScalars.reduce(0) {
      max($0, Int(utf8proc_charwidth(Int32(bitPattern: $1.value))))
    }
  }

  /// The text, with "…" where it would take more than `width` cells.
  public static func shortened(_ text: String, to width: Int) -> String {
    guard of(text) > width else { return text }
    var (out, used) = ("", 0)
    for character in text {
      guard used + of(character) < width else { break }
      out.append(character)
      used += of(character)
    }
    return out + "…"
  }
}
