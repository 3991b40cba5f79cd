import ArgumentParser
import Drawing
import Files
import Transformers

/// A mistake in how the program was called.
struct UsageError: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) {
    self.description = description
  }
}

/// What a failed program says and returns.
enum Failure {
  /// Says in one line what went wrong and returns the exit code.
  static func report(_ error: any Error) -> Int32 {
    switch error {
    case let error as FileError: say(error.description, code(error.kind))
    case let error as ModelError: say(error.description, code(error.kind))
    case let error as DrawingError: say(error.description, code(error.kind))
    case let error as UsageError: say(error.description, 64)
    // What it means was said already.
    case let code as ExitCode: code.rawValue
    default: parser(error)
    }
  }

  private static func code(_ kind: FileError.Kind) -> Int32 {
    switch kind {
    case .badData: 65
    case .notFound: 66
    case .cannotCreate: 73
    case .inputOutput: 74
    case .serviceUnavailable: 69
    case .noPermission: 77
    }
  }

  private static func code(_ kind: ModelError.Kind) -> Int32 {
    switch kind {
    case .noSuchPlace: 64
    case .badModel, .badText: 65
    }
  }

  private static func code(_ kind: DrawingError.Kind) -> Int32 {
    switch kind {
    case .tooLarge: 73
    case .badScene, .badFile, .noFonts, .refused: 70
    }
  }

  private static func say(_ text: String, _ code: Int32) -> Int32 {
    // A file may hold names and shapes of any length; a message is one line to read.
    let line = text.visible
    Output.message("attnviz: " + (line.count > 600 ? line.prefix(599) + "…" : line))
    return code
  }

  /// Help, version and usage errors, which the argument parser words itself.
  private static func parser(_ error: any Error) -> Int32 {
    let code = AttnViz.exitCode(for: error).rawValue
    let text = AttnViz.fullMessage(for: error).split(
      separator: "\n", omittingEmptySubsequences: false
    ).map { String($0).visible }.joined(separator: "\n")
    if code == 0 {
      do { try Output.data(text + "\n") } catch { return report(error) }
    } else {
      Output.message(ParserMessage.hinting(text))
    }
    return code
  }
}
