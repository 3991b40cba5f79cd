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

  /// A command that does not exist, and one of a command that has commands of its own.
  private static func checkCommand(_ words: [String]) throws {
    var command: any ParsableCommand.Type = AttnViz.self
    for word in words.prefix(while: { !$0.hasPrefix("-") }) {
      let children = command.configuration.subcommands
      guard !children.isEmpty else { return }
      if let child = children.first(where: { $0.name == word }) {
        command = child
        continue
      }
      let isRoot = command == AttnViz.self
      if isRoot, word == "help" { continue }
      let path = isRoot ? "attnviz" : "attnviz " + command.name
      let known = children.map { $0.name } + (isRoot ? ["help"] : [])
      let hint = known.hint(for: word, otherwise: "see \(path) --help")
      throw UsageError("there is no command \"\(word)\"\(isRoot ? "" : " of \(path)"); \(hint)")
    }
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
}

extension ParsableCommand {
  /// The word it is called by.
  fileprivate static var name: String {
    configuration.commandName ?? "\(Self.self)".lowercased()
  }
}
