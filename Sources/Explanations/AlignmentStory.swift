public import Files
internal import Figures
public import Training

/// What is told of preferences, a reward model and the policies that were optimised for it.
public struct AlignmentStory: Sendable {
  /// The reward model's evaluation and the runs.
  public var runs: AlignmentRuns
  /// All pairs.
  public var pairs: [PreferencePair]
  /// The probability of a label that was turned round.
  public var noise: Double
  /// The reward model's loss at every step.
  public var losses: [Double]
  /// Figures of the runs, by the section they belong to: 0 for the reward, 1 for the policy.
  public var figures: [(section: Int, figure: Explanation.Drawn)] = []

  /// Creates a story without figures.
  public init(
    _ runs: AlignmentRuns, pairs: [PreferencePair], noise: Double, losses: [Double]
  ) {
    (self.runs, self.pairs, self.noise, self.losses) = (runs, pairs, noise, losses)
  }

  /// The runs, the smallest λ first.
  var ordered: [AlignmentRuns.Run] { runs.runs.sorted { $0.settings.kl < $1.settings.kl } }

  /// What is preferred, in words.
  var preferred: String { runs.rule?.meaning ?? "what a person chose" }

  func drawn(_ section: Int) -> [Explanation.Block] {
    figures.filter { $0.section == section }.map { .figure($0.figure) }
  }
}

extension Explanation {
  /// The three steps of learning from preferences, told from the numbers of their logs.
  public init(_ story: AlignmentStory) {
    let runs = story.ordered
    title = "\(story.runs.modelWords) learns what is preferred"
    subtitle =
      "Preferred: \(story.preferred). \(NumberFormat.count(story.pairs.count)) pairs, one reward model, "
      + "\(NumberFormat.count(runs.count)) policies."
    sections = [
      Section("1 · Texts are compared", story.comparedBlocks),
      Section("2 · A reward is learned", story.rewardBlocks + story.drawn(0)),
      Section("3 · Policies are optimised", story.policyBlocks + story.drawn(1)),
      Section("The same prompts before, during and after", story.sampleBlocks),
      Section("One prompt, before and after", story.lookBlocks),
    ]
    facts = [
      "kind": "alignment", "model": .string(story.runs.model),
      "rule": story.runs.rule.map { .string($0.rawValue) } ?? .null,
      "runs": .array(runs.map { .string($0.name) }),
    ]
    traces = []
    focus = nil
  }
}

extension AlignmentStory {
  /// A cell with a number.
  static func number(_ value: Double?, _ decimals: Int = 2) -> [Explanation.Piece] {
    value.map { [.derived(NumberFormat.fixed($0, decimals: decimals))] } ?? [.words("–")]
  }

  static func words(_ text: String) -> [Explanation.Piece] { [.words(text)] }

  // MARK: 1

  /// Pairs that are shown.
  private static let shown = 3

  fileprivate var comparedBlocks: [Explanation.Block] {
    let flipped = pairs.count { $0.isFlipped == true }
    let noise =
      flipped > 0
      ? "Chance turned \(NumberFormat.count(flipped)) labels round, as a person errs."
      : "No label was turned round."
    return [
      .paragraph([
        """
        The model wrote several continuations of each prompt, and of two the better one was chosen: \
        \(preferred). That gave \(pairs.count) pairs; texts that the rule cannot tell apart were left \
        out. \(noise) The prompts are the model’s own beginnings too.
        """
      ]),
      .table(
        header: ["prompt", "chosen", "rejected"],
        rows: pairs.prefix(Self.shown).map {
          [Self.words($0.prompt.text), Self.words($0.chosen.text), Self.words($0.rejected.text)]
        }),
    ]
  }

  // MARK: 2

  fileprivate var rewardBlocks: [Explanation.Block] {
    guard let reward = runs.reward else { return [] }
    let found = reward.correlations
    let rows: [(String, Double?)] = [
      ("right on pairs kept aside", reward.accuracy),
      ("right by the rule itself", reward.ruleAccuracy),
      ("mean of −ln σ(Δ)", reward.loss), ("calibration error", reward.calibrationError),
      ("r with the rule’s score", found.score), ("ρ with the rule’s score", found.scoreRank),
      ("r with the length", found.length), ("ρ with the length", found.lengthRank),
      ("r with the score, length held", found.scoreGivenLength),
      ("r of the score and the length", found.scoreWithLength),
    ]
    return [
      .paragraph([
        """
        A copy of the transformer got a new head that makes one number of the final hidden state of \
        the last token. The head and all parameters learned −ln σ(r_w − r_l) from \(reward.trained) \
        pairs; its mean fell from \(Self.mean(losses.prefix(10)), .two) in the first ten steps to \
        \(Self.mean(losses.suffix(10)), .two) in the last ten.
        """,
        """
        Of \(reward.pairs) pairs after other prompts it puts \(reward.accuracy, .percent) in the right order.
        """,
        Explanation.Sentence([.words(learned(reward))]),
      ]),
      .table(header: ["", "measured"], rows: rows.map { [Self.words($0), Self.number($1, 3)] }),
    ]
  }

  private static func mean(_ numbers: ArraySlice<Double>) -> Double {
    numbers.reduce(0, +) / Double(max(1, numbers.count))
  }

  /// Whether it learned the rule or the length, by the numbers.
  private func learned(_ reward: RewardEvaluation) -> String {
    let found = reward.correlations
    guard let rule = found.score, let length = found.length else {
      return "How far it goes with a rule cannot be said: there is none, or it does not vary."
    }
    if let both = found.scoreWithLength, abs(both) > 0.999 {
      return "The rule is the length itself, so one cannot be told from the other."
    }
    let ratio = abs(rule) - abs(length)
    return ratio > 0
      ? "It goes with the rule more than with the length."
      : "It goes with the length at least as much as with the rule: beware."
  }
}
