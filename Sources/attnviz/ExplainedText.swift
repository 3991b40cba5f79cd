import Explanations
import Transformers

/// What `explain` tells of a text: words and figures, the runs they are about, and what every figure
/// was made from.
struct ExplainedText {
  /// One model's part.
  struct Part {
    var explanation: Explanation
    var run: Run
  }

  /// The whole.
  var explanation: Explanation
  /// The parts; one where there is one model.
  var parts: [Part]
  /// What figures were made from, by their names.
  var provenances: [String: Provenance]

  /// The explanation of one run.
  init(_ part: Part, _ provenance: (Explanation.Drawn) throws -> Provenance) rethrows {
    explanation = part.explanation
    parts = [part]
    provenances = [:]
    for drawn in part.explanation.figures { provenances[drawn.name] = try provenance(drawn) }
  }

  /// Several explanations beside one another, with a figure that compares them.
  init(
    _ texts: [ExplainedText], of text: String, comparing figure: Explanation.Drawn,
    _ provenance: Provenance, note: String
  ) {
    let parts = texts.flatMap(\.parts)
    self.parts = parts
    let named = parts.map { Explanation.Part(model: $0.run.model, $0.explanation) }
    explanation = Explanation(named, of: text, comparing: figure, note: note)
    provenances = [figure.name: provenance]
    for (text, part) in zip(texts, named) {
      for drawn in part.explanation.figures {
        provenances[part.name(of: drawn)] = text.provenances[drawn.name]
      }
    }
  }
}
