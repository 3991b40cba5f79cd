import ArgumentParser
import Drawing
import Explanations
import Figures
import Files
import TensorFiles
import Tokenization
import Transformers
import TextDrawing

/// `attnviz explain`: a folder that explains what the model does with a text.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain what the model does with your text: words, pictures and data in a folder.",
    discussion: """
      EXAMPLES
        attnviz explain "The animal didn't cross the street because it was too tired"
        attnviz explain --model minilm -o cat "The cat sat on the mat."

      Writes index.html, index.md, figures, trace.safetensors and explanation.json. Where no model
      was chosen, two small ones of the program are explained side by side.
      """)

  @OptionGroup var text: TextOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var attention: AttentionTemperatureOptions
  @OptionGroup var look: LookOptions
  @OptionGroup var common: CommonOptions

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The folder to write.", valueName: "folder"),
    completion: .directory)
  var output = "explained"

  @Option(help: "auto, always or never.")
  var color: ColorChoice = .auto

  @Flag(help: "Print the explanation as JSON instead of the summary.")
  var json = false

  /// How many tokens a decoder goes on with.
  private static let newTokens = 10

  func validate() throws {
    try text.check()
    guard output != "-" else {
      throw ValidationError("explain writes a folder; name it with -o FOLDER, or use --json.")
    }
  }

  func run() throws {
    let folder = try OwnFolder.explanation.target(output)
    let explained = try explained()
    try write(explained, into: folder.path)
    try folder.commitReplacing()
    if json {
      try Output.data(explained.explanation.json.text(indented: true) + "\n")
    } else if !common.quiet {
      try Output.data(summary(explained))
    }
    if explained.parts.count > 1 { common.say(Self.advice) }
  }

  /// What the chosen model does with the text; else those of the program, side by side.
  func explained() throws -> ExplainedText {
    try showsSideBySide() ? explainedSideBySide() : explainedByOne()
  }

  /// What one model does with the text.
  func explainedByOne() throws -> ExplainedText {
    let (text, pair) = try text.read()
    let (model, digest) = try model.load()
    let temperature = try attention.temperature(model.configuration)
    var (run, continuation) = try recorded(model, text, pair, digest, temperature)
    if model.configuration.kind == .decoder {
      try run.recordNextToken(at: TemperatureList.standard.values)
      continuation = try model.told(
        .init(text: text, encoding: run.encoding, settings: .greedy(count: Self.newTokens)),
        Pass(recording: .nothing, attentionTemperature: temperature, logits: .last),
        digest: digest)
    }
    let explanation = try Explanation(
      of: run, by: model.transformer, continuation: continuation
    ) { [tokenizer = model.targetTokenizer] in tokenizer.display(id: $0) }
    return try ExplainedText(.init(explanation: explanation, run: run)) {
      try provenance(of: $0, in: run)
    }
  }

  /// What a figure of the explanation was made from.
  private func provenance(of drawn: Explanation.Drawn, in run: Run) throws -> Provenance {
    Provenance(
      options: drawn.options + look.json, run: drawn.told?.run ?? run, told: drawn.told,
      given: try GivenOptions.members(of: self), part: ("explain", drawn.name))
  }

  /// The run; of an encoder–decoder with how it wrote the target.
  private func recorded(
    _ model: Model, _ text: String, _ pair: String?, _ digest: String?,
    _ temperature: AttentionTemperature
  ) throws -> (Run, ToldGeneration?) {
    guard model.configuration.kind == .seq2seq else {
      let run = try model.run(
        text, pair: pair, digest: digest, attentionTemperature: temperature, common)
      return (run, nil)
    }
    let encoding = try model.tokenizer.encode(text, pair: pair)
    let count = Generation.Settings.targetCount
    model.announce(.everything, tokens: encoding.ids.count, target: count, common)
    let told = try model.told(
      .init(text: text, encoding: encoding, settings: .greedy(count: count)),
      Pass(attentionTemperature: temperature), digest: digest)
    return (told.run, told)
  }

  private func write(_ explained: ExplainedText, into folder: String) throws {
    let explanation = explained.explanation
    try createFolder(folder + "/figures")
    let files = FigureFiles(look: look, formats: FileFormat.allCases, common: common)
    var pages: [String: String] = [:]
    for drawn in explanation.figures {
      guard let provenance = explained.provenances[drawn.name] else { continue }
      try files.write(drawn.figure, as: drawn.name, provenance, into: folder + "/figures")
      pages[drawn.name] = try files.inline(drawn.figure, provenance)
    }
    try writeFile(folder + "/index.html", explanation.html { pages[$0.name] ?? "" })
    try writeFile(folder + "/index.md", explanation.markdown(figuresIn: "figures"))
    try writeFile(
      folder + "/\(OwnFolder.explanation.marker)", explanation.json.text(indented: true) + "\n")
    for (trace, part) in zip(explanation.traces, explained.parts) {
      try part.run.archive().write(to: folder + "/" + trace, as: .safetensors)
    }
  }

  private func summary(_ explained: ExplainedText) -> String {
    let terminal = TerminalColor.on(color)
    let parts = explained.parts.map {
      ExplanationSummary($0.explanation, $0.run.part(.cross), color: terminal).text
    }
    let files = ExplanationSummary.files(explained.explanation, in: output)
    return (parts + [files]).joined(separator: "\n")
  }
}
