import ArgumentParser
import Files
import Tensors
import Transformers

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

  /// Says something only to those who want more.
  func detail(_ text: @autoclosure () -> String) {
    if verbose { say(text()) }
  }

  /// Says something that is not an error.
  func say(_ text: String) {
    if !quiet { Output.message(text.visible) }
  }
}

/// Which model.
struct ModelOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The model: a name of `attnviz models list`, a folder, a .gguf file, or ORG/NAME[@REV] of the hub cache.",
      valueName: "model"), completion: .models)
  var model: String?
}

/// The text to run on.
struct TextOptions: ParsableArguments {
  @Argument(help: "The text.", completion: .nothing)
  var text: String?

  @Option(
    help: ArgumentHelp(
      "Read the text from a file, every byte; - is standard input.", valueName: "file"),
    completion: .file())
  var textFile: String?

  @Option(help: ArgumentHelp("A second text, for models that take two.", valueName: "text"))
  var pair: String?

  @Option(
    help: ArgumentHelp("Read the second text from a file.", valueName: "file"), completion: .file())
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
    (try text ?? TextInput.text(from: textFile ?? "-"), try pair ?? pairFile.map(TextInput.text))
  }
}
