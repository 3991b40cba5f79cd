import ArgumentParser
import Explanations
import Figures
import Files
import Tokenization
import Transformers

/// `attnviz temperature`: one softmax at several temperatures.
struct TemperatureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "temperature",
    abstract:
      "Show the next token's distribution at several temperatures, in numbers and pictures.",
    discussion: """
      EXAMPLES
        attnviz temperature --model smollm2 "The capital of France is"
        attnviz temperature --model smollm2 -o france "The capital of France is"
        attnviz temperature --tau 0,0.5,1,2,inf --top 20 --json "The capital of France is"
        attnviz temperature --at L3H1 --row 7 "The cat sat on the mat."

      τ = 0 is argmax (ties share), τ = 1 the model's own softmax, τ = inf uniform. Prints a table;
      with -o writes a folder with the five figures as SVG, PNG and PDF and temperature.json.
      With --at, a head's row is tempered from its recorded scores, without running the model again.
      """)

  @OptionGroup var text: TextOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var distribution: DistributionOptions
  @OptionGroup var look: LookOptions
  @OptionGroup var common: CommonOptions

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The folder to write figures to.", valueName: "folder"))
  var output: String?

  @Option(help: "auto, always or never.")
  var color: ColorChoice = .auto

  @Flag(help: "Print JSON instead of the table.")
  var json = false

  func validate() throws { try text.check() }

  func run() throws {
    let (text, pair) = try text.read()
    let (model, digest) = try model.load()
    let run = try model.run(
      text, pair: pair, digest: digest, recording: distribution.recording, common)
    let subject = try distribution.subject(of: run, model)
    let report = TemperatureReport(
      subject, at: (distribution.tau ?? .standard).values, showing: distribution.top ?? 10)
    if json {
      try Output.data(report.json)
    } else if !common.quiet {
      try Output.data(TemperatureTable(report, color: TerminalColor.on(color)).text)
    }
  }
}

extension DistributionOptions {
  /// What has to be recorded.
  var recording: Recording {
    guard let at, let layer = at.layer else { return Recording([.logits]) }
    return Recording([.query, .scores], layers: [layer])
  }

  /// The distribution that is asked for.
  func subject(of run: Run, _ model: Model) throws -> RunDistribution {
    let row = row ?? run.count - 1
    var place = RunDistribution.Place.output(row: row)
    if let at, let layer = at.layer, let head = at.head {
      place = .head(layer: layer, head: head, row: row)
    }
    return try RunDistribution(place, of: run) { model.tokenizer.display(id: $0) }
  }
}
