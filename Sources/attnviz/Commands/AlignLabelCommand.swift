import ArgumentParser
import Files
import TextDrawing
import Training

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// `attnviz align label`: a person compares texts.
struct AlignLabelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "label",
    abstract: "Compare two texts at a time yourself, and write down what you prefer.",
    discussion: """
      EXAMPLES
        attnviz align label pairs.jsonl -o mine.jsonl
        attnviz align contest tiny-gpt ./policy -o texts.jsonl
        attnviz align label texts.jsonl -o mine.jsonl

      The file has two texts a line: pairs as attnviz align prefer writes them, or "prompt", "left" \
      and "right". Type a letter and Enter. Every answer is written at once; the same call goes on \
      where you stopped. Which text stands at the left is drawn from --seed and written down. What \
      you chose is a file of pairs for attnviz align reward; ties and skips are kept beside them.
      """)

  @Argument(help: "The file of JSON lines with the texts.")
  var texts: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The file of what you prefer.", valueName: "file"))
  var output: String

  @Option(help: ArgumentHelp("The seed of the sides.", valueName: "N"))
  var seed = 0

  @Option(help: "Bold headings: auto, always or never.")
  var color: ColorChoice = .auto

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard output != "-" else { throw ValidationError("-o names a file, so that you can go on.") }
  }

  func run() throws {
    var labelling = Labelling(try Comparison.read(texts), seed: seed)
    if fileExists(output) { try labelling.resume(try Comparison.read(output), path: output) }
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
      throw FileError(
        .serviceUnavailable, "standard input",
        "is no terminal; attnviz align label asks a person, attnviz align prefer a rule")
    }
    if labelling.labels.count > 0, labelling.next != nil {
      common.say("going on after \(labelling.labels.count) of \(labelling.candidates.count)")
    }
    try ask(&labelling)
    tell(labelling)
  }

  /// Asks until everything is said or the person has enough.
  private func ask(_ labelling: inout Labelling) throws {
    let screen = PairScreen(
      columns: TerminalSize.columns - 1, hasColor: TerminalColor.on(color) != .none)
    while let asked = labelling.next {
      let lines = screen.lines(
        asked, number: labelling.labels.count + 1, of: labelling.candidates.count)
      try Output.data("\n" + lines.map { $0 + "\n" }.joined() + "> ")
      guard let answer = readLine() else { return }
      switch answer.trimmedWord {
      case "l", "left", "1": labelling.say(.left)
      case "r", "right", "2": labelling.say(.right)
      case "t", "tie", "=": labelling.say(.tie)
      case "s", "skip": labelling.say(.skip)
      case "u", "undo":
        if !labelling.undo() { try Output.data("there is nothing to take back\n") }
      case "q", "quit": return
      default:
        try Output.data("please type one of: \(PairScreen.keys)\n")
        continue
      }
      try writeFile(output, Comparison.lines(labelling.labels))
    }
  }

  private func tell(_ labelling: Labelling) {
    let (left, all) = labelling.leftChoices
    common.say(
      "\(output): \(labelling.labels.count) of \(labelling.candidates.count) compared; the left text was "
        + "chosen in \(left) of \(all) choices")
  }
}

extension String {
  /// Lower case without white space.
  fileprivate var trimmedWord: String { lowercased().filter { !$0.isWhitespace } }
}
