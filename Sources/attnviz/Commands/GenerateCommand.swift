public import ArgumentParser
import Files
import TensorFiles
import Tokenization
import Transformers

/// `attnviz generate`: continues a text.
struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Continue a text with a decoder, every step recorded.",
    discussion: """
      EXAMPLES
        attnviz generate --model smollm2 --greedy "The capital of France is"
        attnviz generate --model smollm2 --tau 0.7 --top-p 0.9 --seed 3 "Once upon a time"
        attnviz generate --model smollm2 --anneal cosine:1.5..0.2 --json -o run.json "Once upon a time"
        attnviz generate --model smollm2 --chat "Why is the sky blue?"
        attnviz generate --model smollm2 --greedy --trace run.safetensors "The cat sat on the"

      Draws at τ = 1 with the seed 0 when nothing else is said. What applies to the logits of a \
      step, in this order: repetition penalty, division by τ, top-k, top-p, min-p. Equal logits and \
      an equal seed give equal tokens on every machine.
      """)

  @OptionGroup var text: TextOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var sampling: SamplingOptions
  @OptionGroup var attention: AttentionTemperatureOptions
  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("How many tokens to add at most.", valueName: "N"))
  var maxNewTokens = 20

  @Flag(help: "Go on after a token that ends a text.")
  var ignoreEos = false

  @Flag(help: "Write the text as a message in the model's chat format, so that it answers.")
  var chat = false

  @Option(
    help: ArgumentHelp("With --chat: what the system says before the message.", valueName: "text"))
  var system: String?

  @Flag(help: "Write JSON: the tokens, every step, the settings and why it stopped.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Write the trace of the whole text too: .safetensors, .npz or .json.", valueName: "file"))
  var trace: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file to write; - is standard output.", valueName: "file"))
  var output = "-"

  func validate() throws {
    try text.check()
    guard text.pair == nil, text.pairFile == nil else {
      throw ValidationError("generate continues one text; leave the second one out.")
    }
    guard maxNewTokens >= 1 else {
      throw ValidationError("--max-new-tokens takes a number from 1.")
    }
    guard system == nil || chat else {
      throw ValidationError("--system goes with --chat.")
    }
    guard trace != "-" || output != "-" else {
      throw ValidationError("Standard output takes the text or the trace; name a file for one.")
    }
  }

  func run() throws {
    let format = try trace.map { try ArchiveFormat(nil, $0) }
    let words = try text.read().text
    let (model, digest) = try model.load()
    var settings = sampling.settings(count: maxNewTokens, ignoresEnd: ignoreEos)
    let prompt = try prompt(words, model, &settings)
    let recording: Recording = format == nil ? .nothing : .everything
    var pass = Pass(
      recording: recording, attentionTemperature: try attention.temperature(model.configuration),
      logits: format == nil ? .last : .all)
    let tokens = prompt.encoding.ids.count + settings.count
    model.announce(recording, tokens: min(tokens, model.configuration.maximumTokens), common)
    if !settings.isGreedy { common.say(settings.description) }
    var writer = GeneratedText(model.tokenizer, isLive: !json && output == "-")
    let generation = try model.generate(after: prompt.encoding.ids, settings, &pass) {
      try writer.add($0)
    }
    try writer.finish(generation, json: json, output)
    common.detail(writer.speed(of: generation))
    if generation.stopped == .contextFull {
      common.say("stopped: the model takes \(model.configuration.maximumTokens) tokens")
    }
    if let trace, let format {
      let run = model.run(
        of: generation, after: prompt.encoding, text: prompt.text, digest: digest, pass)
      try run.archive().write(to: trace, as: format)
      if trace != "-" { common.say("wrote \(trace)") }
    }
  }

  /// What the model reads: the text, or the conversation that it begins.
  private func prompt(
    _ words: String, _ model: Model, _ settings: inout Generation.Settings
  ) throws -> (text: String, encoding: Encoding) {
    guard chat else { return (words, try model.tokenizer.encode(words)) }
    let format = try model.chatFormat()
    let prompt = try format.prompt(words, system: system)
    let typed = try model.tokenizer.addedTokens(in: words + (system ?? ""))
    for marker in format.markers where typed.contains(marker) {
      common.say("note: \(marker) in the text is read as letters, not as a token")
    }
    if let end = format.endOfTurn.flatMap(model.tokenizer.id) { settings.furtherEnds = [end] }
    common.detail("\(format.kind.rawValue) chat format: \(prompt.text)")
    return (prompt.text, try model.encode(prompt, of: format))
  }
}

extension Generation.Settings {
  /// How tokens are drawn, in a line.
  fileprivate var description: String {
    let tau =
      schedule.shape.map { "τ from \(schedule.first) to \(schedule.last), \($0.rawValue)" }
      ?? "τ = \(schedule.first == .infinity ? "∞" : "\(schedule.first)")"
    return "drawing at \(tau), seed \(seed)"
  }
}
