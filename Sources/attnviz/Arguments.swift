import Files

/// The words of the command line.
enum Arguments {
  /// Refuses words that are not UTF-8: the standard library would repair them in silence.
  static func check() throws {
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let word = CommandLine.unsafeArgv[index] else { continue }
      if String(validatingCString: word) == nil {
        throw FileError(.badData, "argument \(index)", "is not UTF-8")
      }
    }
  }
}
