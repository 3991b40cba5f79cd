internal import Analysis
public import Figures
internal import Files
public import Training

extension Preference {
  /// What the reward model of an alignment learned, and how strong policies are that were compared.
  ///
  /// - Parameters:
  ///   - runs: What was logged.
  ///   - comparisons: Comparisons of texts whose policies are named; may be empty.
  /// - Throws: `FileError` where there is no evaluation with the scores of its pairs.
  public init(of runs: AlignmentRuns, comparisons: [Comparison] = []) throws {
    guard let reward = runs.reward, !reward.scores.isEmpty else {
      throw FileError(
        .badData, runs.path,
        "holds no reward model with the scores of its pairs; attnviz align reward makes one")
    }
    let matches = Matches(comparisons)
    self.init(
      caption: PreferenceWords(runs, reward, matches).caption,
      pairs: reward.scores.map { Pair(preferred: $0.chosen, rejected: $0.rejected) },
      bins: reward.calibration.filter { $0.count > 0 }.map { bin in
        let count = Double(bin.count)
        return Bin(
          predicted: bin.predicted, observed: bin.observed,
          interval: WilsonInterval.of(min(max(bin.observed, 0), 1) * count, of: count),
          count: bin.count)
      }, links: Self.links(reward.correlations),
      policies: Self.policies(matches))
  }

  private static func links(_ found: RewardEvaluation.Correlations) -> [Link] {
    guard found.score != nil else {
      return [Link("the length in words", found.length, isWanted: false)]
    }
    return [
      Link("the rule", found.score, isWanted: true),
      Link("the length in words", found.length, isWanted: false),
      Link("the rule, length held", found.scoreGivenLength, isWanted: true),
      Link("the length, rule held", found.lengthGivenScore, isWanted: false),
    ]
  }

  /// The policies by strength, the strongest first.
  private static func policies(_ matches: Matches) -> [Policy] {
    guard !matches.all.isEmpty else { return [] }
    let (fit, elo) = (BradleyTerry(matches), Elo(matches))
    return fit.names.indices.sorted { fit.strengths[$0] > fit.strengths[$1] }.map {
      Policy(
        fit.names[$0], strength: fit.rating($0), error: fit.ratingError($0), elo: elo.ratings[$0],
        comparisons: fit.counts[$0])
    }
  }
}

extension RewardEvaluation.Correlations {
  /// The correlation of the reward with the length, of what a straight line through the rule's score
  /// leaves; `nil` where one follows from the other.
  var lengthGivenScore: Double? {
    guard let length, let score, let scoreWithLength else { return nil }
    let rest = (1 - score * score) * (1 - scoreWithLength * scoreWithLength)
    guard rest > 1e-12 else { return nil }
    return (length - score * scoreWithLength) / rest.squareRoot()
  }

  /// Whether the rule says nothing but the length.
  var isRuleLength: Bool { abs(scoreWithLength ?? 0) > 0.999 }
}

/// The words around a figure of preferences.
private struct PreferenceWords {
  let runs: AlignmentRuns
  let reward: RewardEvaluation
  let matches: Matches

  init(_ runs: AlignmentRuns, _ reward: RewardEvaluation, _ matches: Matches) {
    (self.runs, self.reward, self.matches) = (runs, reward, matches)
  }

  private var right: String { Precision.percent(reward.accuracy) }

  var caption: Caption {
    let pairs = NumberFormat.count(reward.pairs)
    return Caption(
      title: title,
      subtitle: [
        .text(
          "\(runs.modelWords) with a scalar head · learned from \(NumberFormat.count(reward.trained)) pairs · "
            + "shown: \(pairs) of other prompts · \(runs.ruleWords)")
      ], notes: notes,
      provenance: runs.provenance(RewardModel.fileName, seed: nil),
      summary: "\(title). \(summary)")
  }

  /// A finding, made from the numbers.
  private var title: String {
    let found = reward.correlations
    let start = "The reward model is right in \(right) of new pairs"
    guard let rule = found.scoreGivenLength, let length = found.lengthGivenScore,
      !found.isRuleLength
    else { return start }
    if abs(rule) > 2 * abs(length) { return start + ": it learned the rule, not the length" }
    return abs(length) > abs(rule)
      ? start + ", but goes more with the length than with the rule"
      : start + ": it goes with the rule, and with the length too"
  }

  private var notes: [[Inline]] {
    var sentences = [
      "A score has no zero of its own: only differences mean something.",
      "Held: of what a straight line through the other one leaves.",
    ]
    if reward.correlations.isRuleLength {
      sentences.append("This rule is the length, so neither can be held without the other.")
    }
    if let clean = reward.ruleAccuracy, abs(clean - reward.accuracy) > 1e-9 {
      sentences.append(
        "Against the rule itself, without the labels that chance turned round: \(Precision.percent(clean)) right."
      )
    }
    if !matches.all.isEmpty {
      sentences.append(
        "Policies: \(NumberFormat.count(matches.all.count)) comparisons, \(NumberFormat.count(matches.ties)) of them ties, "
          + "each half a win of both. Strengths of Bradley and Terry by maximum likelihood, less ½ρ Σ s² "
          + "with ρ = \(NumberFormat.tick(BradleyTerry.ridge)); Elo with K = \(NumberFormat.tick(Elo.factor))."
      )
    }
    return [[.text(sentences.joined(separator: " "))]]
  }

  private var summary: String {
    let found = reward.correlations
    func words(_ value: Double?) -> String { value.map { NumberFormat.two($0) } ?? "undefined" }
    return
      "Mean of −ln σ(Δ): \(NumberFormat.fixed(reward.loss, decimals: 3)). Correlation of the score with the "
      + "rule \(words(found.score)), with the length \(words(found.length)), with the rule when the length is "
      + "held \(words(found.scoreGivenLength)). Calibration: \(reward.calibration.count) groups of pairs, on "
      + "average \(NumberFormat.two(reward.calibrationError)) off."
  }
}
