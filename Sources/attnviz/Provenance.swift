import Files
import Tokenization
import Transformers

/// The JSON object inside every figure file: what it was made from.
enum Provenance {
  /// Describes a figure of a run; options without paths, so that equal figures are equal.
  static func json(figure: String, options: [JSON.Member], run: Run) -> JSON {
    [
      "schema": "attnviz.provenance/1",
      "tool": "attnviz",
      "version": .string(Version.string),
      "figure": .string(figure),
      "options": .object(options.sorted { $0.key < $1.key }),
      "model": .string(run.model),
      "model_sha256": run.modelDigest.map(JSON.string) ?? .null,
      "text": .string(run.text),
      "text_pair": run.pair.map(JSON.string) ?? .null,
      "tokens": .array(run.encoding.tokens.map(JSON.string)),
      "seed": .null,
      "tau": run.attentionTemperature.json(run.configuration),
      "recomputable": true,
    ]
  }
}
