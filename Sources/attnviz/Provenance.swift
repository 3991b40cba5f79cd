import Explanations
import Files
import Tokenization
import Transformers

/// What a figure was made from: the JSON object inside every figure file.
struct Provenance {
  /// The options without paths, so that equal figures are equal.
  var options: [JSON.Member]
  /// The run; `nil` for a figure of a formula.
  var run: Run?
  /// The generation that the figure tells.
  var told: ToldGeneration?
  /// The model's name and digest, where there is no run.
  var model: (name: String, digest: String?)?
  /// The text, where there is no run.
  var text: String?
  /// The options as they were given, by their names without dashes.
  var given: [JSON.Member] = []
  /// The message of a conversation, of which the text is made.
  var message: String?
  /// The model that was named beside a recording.
  var companion: String?
  /// The figure's name in the folder that a command wrote, where it was not `draw`.
  var part: (command: String, name: String)?

  /// Describes a figure.
  func json(figure: String) -> JSON {
    .object(members(figure: figure) + origin)
  }

  private func members(figure: String) -> [JSON.Member] {
    let json: JSON = [
      "schema": "attnviz.provenance/1",
      "tool": "attnviz",
      "version": .string(Version.string),
      "figure": .string(figure),
      "options": .object((options + drawing).sorted { $0.key < $1.key }),
      "model": (run?.model ?? model?.name).map(JSON.string) ?? .null,
      "model_sha256": (run?.modelDigest ?? model?.digest).map(JSON.string) ?? .null,
      "text": shownText.map(JSON.string) ?? .null,
      "text_pair": run?.pair.map(JSON.string) ?? .null,
      "tokens": tokens,
      "target_tokens": run?.target.map { .array($0.encoding.tokens.map(JSON.string)) } ?? .null,
      "seed": seed,
      "tau": told.map { $0.generation.settings.tau }
        ?? run.map { $0.attentionTemperature.json($0.configuration) } ?? .null,
      "recomputable": true,
    ]
    return json.members ?? []
  }

  /// The text that a run read; of a recording only what it says itself.
  private var shownText: String? {
    guard let run else { return text }
    return run.origin == nil ? told?.prompt ?? run.text : run.origin?.text
  }

  /// What is needed to call the program again, beside the facts.
  private var origin: [JSON.Member] {
    [JSON.Member("given", .object(given))]
      + (run?.origin?.digest.map { [JSON.Member("trace_sha256", .string($0))] } ?? [])
      + (companion.map { [JSON.Member("with_model", .string($0))] } ?? [])
      + (message.map { [JSON.Member("message", .string($0))] } ?? [])
      + (part.map {
        [JSON.Member("command", .string($0.command)), JSON.Member("name", .string($0.name))]
      } ?? [])
  }

  /// The tokens of the text: of a generation, those before it.
  private var tokens: JSON {
    guard let run else { return .null }
    let count = told?.generation.prompt.count ?? run.encoding.tokens.count
    return .array(run.encoding.tokens.prefix(count).map(JSON.string))
  }

  private var seed: JSON {
    guard let settings = told?.generation.settings, !settings.isGreedy else { return .null }
    return settings.seed <= Int.max ? .integer(Int(settings.seed)) : .string("\(settings.seed)")
  }

  /// How the tokens of a generation were chosen.
  private var drawing: [JSON.Member] {
    guard let told else { return [] }
    let written = told.generation.ids.map(JSON.integer)
    return [
      JSON.Member("generation", told.generation.settings.json),
      JSON.Member("written_ids", .array(written)),
      JSON.Member(
        "attention_tau", told.run.attentionTemperature.json(told.run.configuration)),
    ]
  }
}
