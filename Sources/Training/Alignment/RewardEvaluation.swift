internal import Analysis
public import Files

/// What a reward model knows about pairs that it has not learned from.
public struct RewardEvaluation: Sendable, Equatable {
  /// Pairs whose predicted probability is about the same.
  public struct Bin: Sendable, Equatable {
    /// The mean of σ(Δ), the predicted probability that the first text is the better one.
    public var predicted: Double
    /// The share of the pairs in which it was.
    public var observed: Double
    /// How many pairs there are.
    public var count: Int
  }

  /// The rewards of a pair, as the head gives them.
  public struct Scores: Sendable, Equatable {
    /// That of the chosen text.
    public var chosen: Double
    /// That of the other.
    public var rejected: Double
  }

  /// Correlations with the reward, over all texts of the pairs; `nil` where one does not vary.
  public struct Correlations: Sendable, Equatable {
    /// Pearson's r with the number of words.
    public var length: Double?
    /// Spearman's ρ with it.
    public var lengthRank: Double?
    /// Pearson's r with the rule's score.
    public var score: Double?
    /// Spearman's ρ with it.
    public var scoreRank: Double?
    /// Pearson's r with the rule's score, of what a straight line through the length leaves.
    public var scoreGivenLength: Double?
    /// Pearson's r of the rule's score with the length: what the rule itself has to do with it.
    public var scoreWithLength: Double?
  }

  /// The pairs it was evaluated with.
  public var pairs = 0
  /// The pairs it learned from.
  public var trained = 0
  /// The reward of the chosen and of the rejected text of each pair, to four decimals.
  public var scores: [Scores] = []
  /// The mean of −ln σ(r_w − r_l).
  public var loss = 0.0
  /// The share of the pairs in which the chosen text has the higher reward.
  public var accuracy = 0.0
  /// The same against what the rule itself prefers, without noise; `nil` without a rule.
  public var ruleAccuracy: Double?
  /// Ten bins of σ(Δ), those without a pair left out.
  public var calibration: [Bin] = []
  /// The mean distance of predicted and observed, over the pairs.
  public var calibrationError = 0.0
  /// What the reward goes with.
  public var correlations = Correlations()
  /// The mean reward of the texts: it is taken off where a policy is optimised.
  public var mean = 0.0
  /// The deviation of the reward: it is divided by there.
  public var deviation = 1.0

  init() {}
}

extension RewardEvaluation {
  /// A text of a pair that was looked at.
  package struct Judged {
    package var reward: Double
    /// Words.
    package var length: Double
    /// What the rule says.
    package var score: Double?

    package init(reward: Double, length: Double, score: Double?) {
      (self.reward, self.length, self.score) = (reward, length, score)
    }
  }

  /// Evaluates.
  ///
  /// - Parameter pairs: The chosen and the rejected text of every pair.
  package init(_ pairs: [(chosen: Judged, rejected: Judged)], trained: Int) {
    (self.pairs, self.trained) = (pairs.count, trained)
    let margins = pairs.map { $0.chosen.reward - $0.rejected.reward }
    scores = pairs.map {
      Scores(chosen: Self.rounded($0.chosen.reward), rejected: Self.rounded($0.rejected.reward))
    }
    let count = Double(max(1, pairs.count))
    loss =
      AlignmentLoss.pairs(
        chosen: pairs.map(\.chosen.reward), rejected: pairs.map(\.rejected.reward)
      ).loss / count
    accuracy = Double(margins.count { $0 > 0 }) / count
    let clean = zip(margins, pairs).compactMap { margin, pair -> Bool? in
      guard let chosen = pair.chosen.score, let rejected = pair.rejected.score,
        chosen != rejected
      else { return nil }
      return (margin > 0) == (chosen > rejected)
    }
    ruleAccuracy = clean.isEmpty ? nil : Double(clean.count { $0 }) / Double(clean.count)
    calibrate(margins)
    let texts = pairs.flatMap { [$0.chosen, $0.rejected] }
    correlations = Self.correlations(texts)
    let rewards = texts.map(\.reward)
    mean = rewards.reduce(0, +) / Double(max(1, rewards.count))
    let variance = rewards.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    deviation = max(1e-6, (variance / Double(max(1, rewards.count))).squareRoot())
  }

  private static func rounded(_ value: Double) -> Double { (value * 1e4).rounded() / 1e4 }

  /// Every second pair is looked at the other way round, so that either side can be right.
  private mutating func calibrate(_ margins: [Double]) {
    var bins: [(predicted: Double, observed: Int, count: Int)] = Array(
      repeating: (0, 0, 0), count: 10)
    for (place, margin) in margins.enumerated() {
      let isFirst = place % 2 == 0
      let predicted = AlignmentLoss.sigmoid(isFirst ? margin : -margin)
      let bin = min(9, Int(predicted * 10))
      bins[bin].predicted += predicted
      bins[bin].observed += isFirst ? 1 : 0
      bins[bin].count += 1
    }
    calibration = bins.filter { $0.count > 0 }.map {
      let count = Double($0.count)
      return Bin(
        predicted: $0.predicted / count, observed: Double($0.observed) / count, count: $0.count)
    }
    calibrationError =
      calibration.reduce(0) { $0 + abs($1.predicted - $1.observed) * Double($1.count) }
      / Double(max(1, margins.count))
  }

  private static func correlations(_ texts: [Judged]) -> Correlations {
    let (rewards, lengths) = (texts.map(\.reward), texts.map(\.length))
    var result = Correlations(
      length: Correlation.pearson(rewards, lengths),
      lengthRank: RankCorrelation.spearman(rewards, lengths))
    let scores = texts.compactMap(\.score)
    guard scores.count == texts.count else { return result }
    result.score = Correlation.pearson(rewards, scores)
    result.scoreRank = RankCorrelation.spearman(rewards, scores)
    result.scoreGivenLength = Correlation.partial(rewards, scores, given: lengths)
    result.scoreWithLength = Correlation.pearson(scores, lengths)
    return result
  }
}

// MARK: JSON

extension RewardEvaluation {
  private static let correlationNames:
    [(String, any WritableKeyPath<RewardEvaluation, Double?> & Sendable)] = [
      ("rule_accuracy", \.ruleAccuracy), ("length_r", \.correlations.length),
      ("length_rho", \.correlations.lengthRank), ("score_r", \.correlations.score),
      ("score_rho", \.correlations.scoreRank),
      ("score_r_given_length", \.correlations.scoreGivenLength),
      ("score_with_length_r", \.correlations.scoreWithLength),
    ]

  private static let numbers: [(String, any WritableKeyPath<RewardEvaluation, Double> & Sendable)] =
    [
      ("loss", \.loss), ("accuracy", \.accuracy), ("calibration_error", \.calibrationError),
      ("mean", \.mean), ("deviation", \.deviation),
    ]

  /// The evaluation as JSON.
  public var json: JSON {
    let bins: [JSON] = calibration.map {
      [
        "predicted": .number($0.predicted), "observed": .number($0.observed),
        "count": .integer($0.count),
      ]
    }
    return .object(
      [JSON.Member("pairs", .integer(pairs)), JSON.Member("trained_on", .integer(trained))]
        + Self.numbers.map { JSON.Member($0, .number(self[keyPath: $1])) }
        + Self.correlationNames.map {
          JSON.Member($0, self[keyPath: $1].map(JSON.number) ?? .null)
        } + [
          JSON.Member("calibration", .array(bins)),
          JSON.Member(
            "scores", .array(scores.map { .array([.number($0.chosen), .number($0.rejected)]) })),
        ])
  }

  /// Reads what `json` wrote; `nil` where something is missing.
  public init?(_ json: JSON) {
    guard let pairs = json["pairs"]?.integer, let trained = json["trained_on"]?.integer else {
      return nil
    }
    (self.pairs, self.trained) = (pairs, trained)
    for (name, path) in Self.numbers {
      guard let value = json[name]?.number, value.isFinite else { return nil }
      self[keyPath: path] = value
    }
    guard deviation > 0 else { return nil }
    for (name, path) in Self.correlationNames { self[keyPath: path] = json[name]?.number }
    scores = (json["scores"]?.elements ?? []).compactMap {
      guard let chosen = $0[0]?.number, let rejected = $0[1]?.number, chosen.isFinite,
        rejected.isFinite
      else { return nil }
      return Scores(chosen: chosen, rejected: rejected)
    }
    calibration = (json["calibration"]?.elements ?? []).compactMap {
      guard let predicted = $0["predicted"]?.number, let observed = $0["observed"]?.number,
        let count = $0["count"]?.integer
      else { return nil }
      return Bin(predicted: predicted, observed: observed, count: count)
    }
  }
}
