import Files

/// What the argument parser says about a word it does not know, with the word that was meant.
///
/// The parser itself names a near option of the command, but neither `--help` and `--version`, which
/// every command has, nor a near value.
enum ParserMessage {
  /// The message with "Did you mean …?" where a near word is known.
  static func hinting(_ text: String) -> String {
    guard let end = text.firstIndex(of: "\n") else { return text }
    let first = text[..<end]
    if let (option, rest) = quoted(first, after: "Unknown option '"), rest.isEmpty,
      let meant = nearestWord(to: option, among: ["--help", "--version"])
    {
      return "\(first). Did you mean '\(meant)'?\(text[end...])"
    }
    guard let (value, _) = quoted(first, after: "The value '"),
      let ask = text.firstRange(of: " Please provide one of"),
      let meant = nearestWord(to: value, among: values(text[ask.upperBound...]))
    else { return text }
    return "\(text[..<ask.lowerBound]) Did you mean '\(meant)'?\(text[ask.lowerBound...])"
  }

  /// The word in quotes after a phrase, and what follows it.
  private static func quoted(
    _ line: Substring, after phrase: String
  ) -> (word: String, rest: Substring)? {
    guard let start = line.firstRange(of: phrase)?.upperBound,
      let end = line[start...].firstIndex(of: "'")
    else { return nil }
    return (String(line[start..<end]), line[line.index(after: end)...])
  }

  /// The values of a list: a line each after a dash, or in quotes on one line.
  private static func values(_ list: Substring) -> [String] {
    let lines = list.split(separator: "\n", omittingEmptySubsequences: false)
    let inLines = lines.dropFirst().prefix { $0.hasPrefix("  - ") }.map { String($0.dropFirst(4)) }
    guard inLines.isEmpty else { return inLines }
    let pieces = (lines.first ?? "").split(separator: "'", omittingEmptySubsequences: false)
    return pieces.indices.filter { $0 % 2 == 1 }.map { String(pieces[$0]) }
  }
}
