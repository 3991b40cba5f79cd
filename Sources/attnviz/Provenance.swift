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
  var generation: Generation?

  /// Describes a figure.
  func json(figure: String) -> JSON {
    [
      "schema": "attnviz.provenance/1",
      "tool": "attnviz",
      "version": .string(Version.string),
      "figure": .string(figure),
      "options": .object((options + drawing).sorted { $0.key < $1.key }),
      "model": run.map { .string($0.model) } ?? .null,
      "model_sha256": run?.modelDigest.map(JSON.string) ?? .null,
      "text": run.map { .string($0.text) } ?? .null,
      "text_pair": run?.pair.map(JSON.string) ?? .null,
      "tokens": run.map { .array($0.encoding.tokens.map(JSON.string)) } ?? .null,
      "target_tokens": run?.target.map { .array($0.encoding.tokens.map(JSON.string)) } ?? .null,
      "seed": seed,
      "tau": run.map { $0.attentionTemperature.json($0.configuration) } ?? .null,
      "recomputable": true,
    ]
  }

  private var seed: JSON {
    guard let settings = generation?.settings, !settings.isGreedy else { return .null }
    return settings.seed <= Int.max ? .integer(Int(settings.seed)) : .string("\(settings.seed)")
  }

  /// How the tokens of a generation were chosen.
  private var drawing: [JSON.Member] {
    generation.map { [JSON.Member("generation", $0.settings.json)] } ?? []
  }
}
