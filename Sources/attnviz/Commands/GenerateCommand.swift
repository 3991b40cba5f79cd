public import ArgumentParser
import Figures
import Files
import TensorFiles
import Tokenization
import Transformers

/// `attnviz generate`: continues a text.
struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Continue a text, or write an encoder–decoder's target, every step recorded.",
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
  @Option(
    name: [.customLong("tau"), .customLong("temperature")], parsing: .unconditional,
    help: ArgumentHelp(
      "Draw at this temperature τ, from 0 to inf: 1 when not given.", valueName: "tau"))
  var tau: TemperatureArgument?

  @OptionGroup var generation: GenerationOptions
  @OptionGroup var attention: AttentionTemperatureOptions
  @OptionGroup var common: CommonOptions

  @Flag(help: "Write JSON: the tokens, every step, the settings and why it stopped.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Write the trace of the whole text too: .safetensors, .npz or .json.", valueName: "file"),
    completion: .recordings)
  var trace: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file to write; - is standard output.", valueName: "file"),
    completion: .file())
  var output = "-"

  func validate() throws {
    try text.check()
    guard text.pair == nil, text.pairFile == nil else {
      throw ValidationError("generate continues one text; leave the second one out.")
    }
    guard trace != "-" || output != "-" else {
      throw ValidationError("Standard output takes the text or the trace; name a file for one.")
    }
  }

  func run() throws {
    let format = try trace.map { try ArchiveFormat(nil, $0) }
    let words = try text.read().text
    let (model, digest) = try model.load()
    let start = try generation.start(words, tau: tau?.value, model, common)
    let settings = start.settings
    let temperature = try attention.temperature(model.configuration)
    var pass = Pass(recording: .nothing, attentionTemperature: temperature, logits: .last)
    var writer = GeneratedText(model, isLive: !json && output == "-")
    var isFirst = true
    let result = try model.generate(after: start.encoding.ids, settings, &pass) {
      if isFirst, !settings.isGreedy { common.say(settings.description) }
      isFirst = false
      try writer.add($0)
    }
    try writer.finish(
      result, json: json ? facts(start, model, digest, temperature) : nil, output)
    common.detail(writer.speed(of: result))
    if result.stopped == .contextFull {
      common.say("stopped: the model takes \(model.configuration.maximumTokens) tokens")
    }
    guard let trace, let format else { return }
    let run = try wholeRun(of: result, start, model, digest, temperature)
    try run.archive().write(to: trace, as: format)
    if trace != "-" { common.say("wrote \(trace)") }
  }

  /// One run of the whole text, everything recorded: the steps never compute the scores that the
  /// mask leaves out, and a trace has every score.
  private func wholeRun(
    of result: Generation, _ start: GenerationOptions.Start, _ model: Model, _ digest: String?,
    _ temperature: AttentionTemperature
  ) throws -> Run {
    let read = start.encoding.ids.count
    let tokens = model.configuration.kind == .seq2seq ? read : read + result.ids.count
    model.announce(
      .everything, tokens: min(tokens, model.configuration.maximumTokens),
      target: result.ids.count, common)
    var pass = Pass(attentionTemperature: temperature)
    try model.run(result, again: &pass)
    return model.run(of: result, after: start.encoding, text: start.text, digest: digest, pass)
  }

  /// What the JSON says besides the steps: enough to ask for the same again.
  private func facts(
    _ start: GenerationOptions.Start, _ model: Model, _ digest: String?,
    _ temperature: AttentionTemperature
  ) -> [JSON.Member] {
    let chat: JSON =
      start.chat.map {
        ["message": .string($0.message), "system": $0.system.map(JSON.string) ?? .null]
      } ?? .null
    return [
      JSON.Member("model", .string(model.name)),
      JSON.Member("model_sha256", digest.map(JSON.string) ?? .null),
      JSON.Member("prompt_text", .string(start.text)),
      JSON.Member("chat", chat),
      JSON.Member("attention_tau", temperature.json(model.configuration)),
    ]
  }
}

extension Generation.Settings {
  /// How tokens are drawn, in a line.
  fileprivate var description: String {
    let (first, last) = (
      NumberFormat.temperature(schedule.first), NumberFormat.temperature(schedule.last)
    )
    let tau =
      schedule.shape.map { "τ from \(first) to \(last), \($0.rawValue)" } ?? "τ = \(first)"
    return "drawing at \(tau), seed \(seed)"
  }
}
