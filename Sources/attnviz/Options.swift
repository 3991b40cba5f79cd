import ArgumentParser
import Files
import Tensors
import Transformers

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// How much the program says, and how many threads it uses.
struct CommonOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Use at most N threads.", valueName: "N"))
  var threads: Int?

  @Flag(name: .shortAndLong, help: "Say nothing but errors.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say more.")
  var verbose = false

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads takes a number from 1.") }
    Threads.use(threads)
  }

  /// Says something that is not an error.
  func say(_ text: String) {
    if !quiet { Output.message(text) }
  }
}

/// Which model.
struct ModelOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The model: a name of `attnviz models list`, a folder, or ORG/NAME[@REV] of the hub cache.",
      valueName: "model"))
  var model: String?
}

/// The text to run on.
struct TextOptions: ParsableArguments {
  @Argument(help: "The text.")
  var text: String?

  @Option(
    help: ArgumentHelp(
      "Read the text from a file, every byte; - is standard input.", valueName: "file"))
  var textFile: String?

  @Option(help: ArgumentHelp("A second text, for models that take two.", valueName: "text"))
  var pair: String?

  @Option(help: ArgumentHelp("Read the second text from a file.", valueName: "file"))
  var pairFile: String?

  /// Whether a text is given at all.
  var isGiven: Bool { text != nil || textFile != nil }

  /// Refuses calls with no text, or with two where there is room for one. A method and not
  /// `validate`, because some calls need no text.
  func check() throws {
    guard isGiven else { throw ValidationError("Give a text, or --text-file FILE.") }
    guard text == nil || textFile == nil else {
      throw ValidationError("Give the text or --text-file, not both.")
    }
    guard pair == nil || pairFile == nil else {
      throw ValidationError("Give --pair or --pair-file, not both.")
    }
  }

  /// The text and, when one is given, the second text.
  func read() throws -> (text: String, pair: String?) {
    (try text ?? Self.read(textFile ?? "-"), try pair ?? pairFile.map(Self.read))
  }

  private static func read(_ path: String) throws -> String {
    let bytes = path == "-" ? try readStandardInput() : try readFile(path, limit: textLimit)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FileError(.badData, path == "-" ? "standard input" : path, "is not UTF-8 text")
    }
    return text
  }

  private static let textLimit = 64 << 20

  static func readStandardInput() throws -> [UInt8] {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while all.count <= textLimit {
      let count = Glibc.read(STDIN_FILENO, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw FileError(.inputOutput, "standard input", systemMessage(errno))
      }
      if count == 0 { return all }
      all += buffer[..<count]
    }
    throw FileError(.badData, "standard input", "more than \(textLimit) bytes")
  }
}
