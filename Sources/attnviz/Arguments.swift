import ArgumentParser
import Files

/// The words of the command line, checked before they are parsed.
enum Arguments {
  /// Refuses what the parser would misread in silence.
  static func check() throws {
    try checkEncoding()
    let words = Array(CommandLine.arguments.dropFirst())
    try checkCommand(words)
    try checkDashes(words.prefix { $0 != "--" })
  }

  /// Words that are not UTF-8: the standard library would repair them.
  private static func checkEncoding() throws {
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let word = CommandLine.unsafeArgv[index] else { continue }
      if String(validatingCString: word) == nil {
        throw FileError(.badData, "argument \(index)", "is not UTF-8")
      }
    }
  }

  /// A command that does not exist.
  private static func checkCommand(_ words: [String]) throws {
    guard let word = words.first, !word.hasPrefix("-") else { return }
    let known =
      AttnViz.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    guard !known.contains(word) else { return }
    let near = known.min { distance($0, word) < distance($1, word) } ?? "help"
    let hint = distance(near, word) <= 2 ? "did you mean \(near)?" : "see attnviz --help"
    throw UsageError("there is no command \"\(word)\"; \(hint)")
  }

  /// A text that begins with a dash would be read as options.
  private static func checkDashes(_ words: ArraySlice<String>) throws {
    for word in words where word.hasPrefix("-") && word.contains(" ") {
      let head = word.prefix { $0 != " " }
      guard head.contains("=") else {
        throw UsageError("a text that begins with - goes after --: attnviz … -- \"\(word)\"")
      }
    }
  }

  /// How many characters must be changed, added or removed to make one word the other
  /// (Levenshtein).
  static func distance(_ a: String, _ b: String) -> Int {
    let target = Array(b)
    var row = Array(0...target.count)
    for (i, character) in a.enumerated() {
      var previous = row[0]
      row[0] = i + 1
      for (j, other) in target.enumerated() {
        let change = previous + (character == other ? 0 : 1)
        previous = row[j + 1]
        row[j + 1] = min(change, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[target.count]
  }
}
