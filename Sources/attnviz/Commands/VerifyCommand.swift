import ArgumentParser
import Drawing
import Explanations
import Files
import Transformers

/// `attnviz verify`: a figure computed anew from what it says about its origin.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Recompute a figure from the provenance inside it and compare.",
    discussion: """
      EXAMPLES
        attnviz verify map.svg
        attnviz verify --model models/mine map.png
        attnviz verify --trace trace.safetensors map.pdf

      Every figure carries the text, the model's digest and the options it was made with. Ends with 0
      when words are the same and numbers agree to three digits, with 1 when something differs, and
      with another code when the figure cannot be computed: 65 when the file does not say how, 66
      when its model is not here.
      """)

  @Argument(
    help: ArgumentHelp("A figure: .png, .svg or .pdf.", valueName: "file"), completion: .pictures)
  var file: String

  @OptionGroup var model: ModelOptions

  @Option(
    help: ArgumentHelp("The recording that the figure was drawn from.", valueName: "file"),
    completion: .recordings)
  var trace: String?

  @Option(
    help: ArgumentHelp("The second recording, of a figure that compares two.", valueName: "file"),
    completion: .recordings)
  var against: String?

  @Option(
    help: ArgumentHelp("The word vectors that the figure was drawn from.", valueName: "file"),
    completion: .file(extensions: ["txt"]))
  var vectors: String?

  @Option(
    help: ArgumentHelp(
      "The log of an alignment, a file or a folder, that the figure was drawn from.",
      valueName: "path"))
  var log: String?

  @Option(help: ArgumentHelp("The comparisons that the figure was drawn from.", valueName: "file"))
  var comparisons: String?

  @OptionGroup var common: CommonOptions

  func run() throws {
    let bytes = try readFile(file)
    let origin = try PictureOrigin(bytes, path: file)
    guard origin.facts["recomputable"] != false else {
      throw FileError(
        .badData, file, "says that it cannot be computed again: its numbers were not kept")
    }
    let call = try FigureOrigin(
      origin, path: file, model: model.model,
      files: [
        ("trace", trace), ("against", against), ("vectors", vectors), ("log", log),
        ("comparisons", comparisons),
      ], common)
    if let version = origin["version"], version != Version.string {
      common.say("note: \(file) was drawn by version \(version), this is \(Version.string)")
    }
    let picture: DrawnPicture
    switch try call.material() {
    case .other(let words):
      try Output.data("\(file): differs\n  \(words)\n".visibleLines)
      throw ExitCode(1)
    case .same: picture = try call.picture()
    }
    guard let format = FileFormat(of: bytes) else { return }
    do {
      try tell(try PictureComparison(of: bytes, with: try picture.data(format)))
    } catch let error as DrawingError where error.kind == .badFile {
      throw FileError(.badData, file, error.description)
    }
  }

  private func tell(_ comparison: PictureComparison) throws {
    switch comparison {
    case .identical: try Output.data("\(file): same (bytes identical)\n")
    case .same:
      try Output.data(
        "\(file): same (words equal, numbers to three digits, pixels to 8 of 255 levels)\n")
    case .different(let differences):
      let lines = differences.map { "  \($0.visible)\n" }.joined()
      try Output.data("\(file): differs\n" + lines)
      throw ExitCode(1)
    }
  }
}

extension String {
  fileprivate var visibleLines: String {
    split(separator: "\n").map { String($0).visible + "\n" }.joined()
  }
}
