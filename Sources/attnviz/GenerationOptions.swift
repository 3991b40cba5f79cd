import ArgumentParser
import Explanations
import Tokenization
import Transformers

/// What is continued, for how long, and how tokens are chosen.
struct GenerationOptions: ParsableArguments {
  @OptionGroup var sampling: SamplingOptions

  @Option(help: ArgumentHelp("How many tokens to add at most: 20 when not given.", valueName: "N"))
  var maxNewTokens: Int?

  @Flag(help: "Go on after a token that ends a text.")
  var ignoreEos = false

  @Flag(help: "Write the text as a message in the model's chat format, so that it answers.")
  var chat = false

  @Option(
    help: ArgumentHelp("With --chat: what the system says before the message.", valueName: "text"))
  var system: String?

  func validate() throws {
    if let maxNewTokens, maxNewTokens < 1 {
      throw ValidationError("--max-new-tokens takes a number from 1.")
    }
    guard system == nil || chat else {
      throw ValidationError("--system goes with --chat.")
    }
  }

  /// Which of these options were given.
  var given: [(String, Bool)] {
    sampling.given + [
      ("--max-new-tokens", maxNewTokens != nil), ("--ignore-eos", ignoreEos), ("--chat", chat),
      ("--system", system != nil),
    ]
  }

  /// What a generation starts from.
  struct Start {
    /// The text that the model reads: the user's, or the conversation that it begins.
    var text: String
    /// Its tokens.
    var encoding: Encoding
    /// How to go on.
    var settings: Generation.Settings
    /// How the text was asked for, when it is a conversation: the message and the system's words.
    var chat: (message: String, system: String?)?
  }

  /// Prepares a generation.
  ///
  /// - Parameter tau: The temperature, when it does not change.
  func start(
    _ words: String, tau: Double?, _ model: Model, _ common: CommonOptions
  ) throws -> Start {
    let settings = try sampling.settings(
      tau: tau, count: maxNewTokens ?? 20, ignoresEnd: ignoreEos)
    guard chat else {
      return Start(text: words, encoding: try model.tokenizer.encode(words), settings: settings)
    }
    let format = try model.chatFormat()
    let prompt = try format.prompt(words, system: system)
    let typed = try model.tokenizer.addedTokens(in: words + (system ?? ""))
    for marker in format.markers where typed.contains(marker) {
      common.say("note: \(marker) in the text is read as letters, not as a token")
    }
    common.detail("\(format.kind.rawValue) chat format: \(prompt.text)")
    var start = Start(
      text: prompt.text, encoding: try model.encode(prompt, of: format), settings: settings)
    start.chat = (words, system)
    if let end = format.endOfTurn.flatMap(model.tokenizer.id) { start.settings.furtherEnds = [end] }
    return start
  }
}

extension Model {
  /// Generates, and joins the generation with its run; of an encoder–decoder, whose run must be
  /// recorded, with a head that looks at the source.
  func told(
    _ start: GenerationOptions.Start, _ pass: Pass, digest: String?, layer: Int? = nil,
    head: Int? = nil
  ) throws -> ToldGeneration {
    var pass = pass
    let generation =
      configuration.kind == .seq2seq
      ? try target(of: start.encoding, start.settings, &pass)
      : try generate(after: start.encoding.ids, start.settings, &pass)
    let run = run(
      of: generation, after: start.encoding, text: start.text, digest: digest, pass)
    let choice =
      run.target == nil
      ? nil : try HeadChoice(layer: layer, head: head, run.part(.cross), transformer)
    return ToldGeneration(
      generation, run: run, prompt: start.text, written: targetTokenizer.decode(generation.ids),
      head: choice
    ) { [targetTokenizer] in targetTokenizer.display(id: $0) }
  }
}
