import Files
import Tokenization
import Transformers

/// What a figure was made from: the JSON object inside every figure file.
struct Provenance {
  /// The options without paths, so that equal figures are equal.
  var options: [JSON.Member]
  /// The run; `nil` for a figure of a formula.
  var run: Run?

  /// Describes a figure.
  func json(figure: String) -> JSON {
    [
      "schema": "attnviz.provenance/1",
      "tool": "attnviz",
      "version": .string(Version.string),
      "figure": .string(figure),
      "options": .object(options.sorted { $0.key < $1.key }),
      "model": run.map { .string($0.model) } ?? .null,
      "model_sha256": run?.modelDigest.map(JSON.string) ?? .null,
      "text": run.map { .string($0.text) } ?? .null,
      "text_pair": run?.pair.map(JSON.string) ?? .null,
      "tokens": run.map { .array($0.encoding.tokens.map(JSON.string)) } ?? .null,
      "seed": .null,
      "tau": run.map { $0.attentionTemperature.json($0.configuration) } ?? .null,
      "recomputable": true,
    ]
  }
}
