internal import Figures
public import Training

/// The words that figures of an alignment share.
extension AlignmentRuns {
  /// "tiny-gpt".
  var modelWords: String { model.isEmpty ? "the model" : model }

  /// "preferred: the continuation with fewer words".
  var ruleWords: String {
    rule.map { "preferred: \($0.meaning)" } ?? "preferred by a person"
  }

  /// Where the numbers come from: the last paragraph.
  func provenance(_ file: String, seed: Int?) -> [Inline] {
    let seeds = seed.map { "; seed \($0)" } ?? ""
    return [.text("\(modelWords), \(file) (sha256 \(digest.prefix(8))…)\(seeds).")]
  }
}

extension AlignmentRuns.Run {
  /// Its last measure with prompts that were kept aside, else its last iteration.
  var end: AlignmentIteration? { log.evaluations.last ?? log.iterations.last }

  /// Its first measure with them, made before it learned anything.
  var beginning: AlignmentIteration? { log.evaluations.first { $0.iteration == 0 } }
}

extension Inline {
  /// r_KL
  static let distance = Inline.formula(.sub(.variable("r"), .word("KL")))
  /// Σ (ln π − ln π_ref): k₁ of a text.
  static let logRatios = Inline.formula(
    .row([
      .word("Σ"), .thinGap, .word("ln"), .thinGap, .variable("π"), .sign("−"), .word("ln"),
      .thinGap, .sub(.variable("π"), .word("ref")),
    ]))
}

extension Formula {
  /// A space between a function and what it is of.
  static let thinGap = Formula.word("\u{2009}")
}

extension NumberFormat {
  /// A reward or a distance: two decimals, with a true minus sign.
  static func two(_ value: Double) -> String { fixed(value, decimals: 2) }
}
