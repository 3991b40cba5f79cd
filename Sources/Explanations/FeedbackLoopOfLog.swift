public import Figures
internal import Files
public import Training

extension FeedbackLoop {
  /// The three steps of learning from preferences with the numbers of a run.
  ///
  /// - Parameters:
  ///   - run: A run of proximal policy optimisation.
  ///   - runs: What was logged beside it.
  /// - Throws: `FileError` for a run without iterations.
  public init(of run: AlignmentRuns.Run, in runs: AlignmentRuns) throws {
    guard let last = run.log.iterations.last else {
      throw FileError(.badData, runs.path, "the run \(run.name.visible) made no iteration")
    }
    let words = FeedbackLoopWords(run, last, runs)
    self.init(caption: words.caption, facts: words.facts, numbers: words.numbers)
  }
}

/// The words in and around the diagram.
private struct FeedbackLoopWords {
  let run: AlignmentRuns.Run
  let last: AlignmentIteration
  let runs: AlignmentRuns

  init(_ run: AlignmentRuns.Run, _ last: AlignmentIteration, _ runs: AlignmentRuns) {
    (self.run, self.last, self.runs) = (run, last, runs)
  }

  private var settings: AlignmentSettings { run.settings }
  private var penalty: String { NumberFormat.tick(settings.kl) }

  var caption: Caption {
    Caption(
      title: title,
      subtitle: [
        .text(
          "\(runs.modelWords) · PPO, λ = \(penalty) · numbers of iteration \(last.iteration) of "
            + "\(settings.iterations) · \(runs.ruleWords)")
      ],
      notes: [
        [
          "Means over the texts of the iteration, before it learned from them. ", .distance,
          " is ", .logRatios,
          .text(
            " of the tokens drawn; it is taken off token by token. The reward model’s scores are "
              + "shifted and scaled to mean 0 and deviation 1."),
        ]
      ], provenance: runs.provenance(AlignmentLog.fileName, seed: settings.seed),
      summary: "\(title). \(summary)")
  }

  private var title: String {
    guard let first = run.log.iterations.first, run.log.iterations.count > 1 else {
      return "Learning from preferences, step by step"
    }
    return
      "Learning from preferences: the reward goes from \(NumberFormat.two(first.reward)) to "
      + NumberFormat.two(last.reward)
  }

  var facts: [FeedbackLoop.Part: [String]] {
    let total = NumberFormat.two(last.total)
    var facts: [FeedbackLoop.Part: [String]] = [
      .supervised: [runs.modelWords, "learned to continue texts"],
      .prompts: ["\(NumberFormat.count(settings.batch)) an iteration"],
      .policy: ["at first that of step 1", "with a value head V"],
      .samples: [sample.map { $0.visible.shortened(to: 60).isolated.quoted }, lengths].compactMap(
        \.self),
      .reference: ["the model of step 1"], .scorer: ["of step 2, not changed"],
      .reward: [
        "\(NumberFormat.two(last.reward)) − \(penalty) · \(NumberFormat.two(last.divergence.k1)) = \(total)"
      ],
      .advantage: [
        "GAE, γ = \(NumberFormat.tick(settings.discount)), decay \(NumberFormat.tick(settings.decay))"
      ],
      .update: [
        "ε = \(NumberFormat.tick(settings.clip)), \(settings.epochs) epochs",
        "\(NumberFormat.fixed(100 * last.clipped, decimals: 1)) % of tokens clipped",
      ],
    ]
    if let reward = runs.reward {
      facts[.comparisons] = [
        "\(NumberFormat.count(reward.trained + reward.pairs)) pairs", runs.ruleWords,
      ]
      facts[.rewardModel] = [
        "right in \(Precision.percent(reward.accuracy))",
        "of \(NumberFormat.count(reward.pairs)) new pairs",
      ]
    }
    return facts
  }

  /// The last text that was kept, with its prompt.
  private var sample: String? {
    run.log.samples.last?.texts.first.map { $0.prompt + $0.text }
  }

  private var lengths: String {
    "\(NumberFormat.fixed(last.length, decimals: 1)) tokens on average"
  }

  var numbers: [FeedbackLoop.Link: [Inline]] {
    func number(_ symbol: Formula, _ value: Double) -> [Inline] {
      [.formula(symbol), .text(" = " + NumberFormat.two(value))]
    }
    let tokens = Int((last.length * Double(settings.batch)).rounded())
    var numbers: [FeedbackLoop.Link: [Inline]] = [
      .written: [
        .text("\(NumberFormat.count(settings.batch)) texts, \(NumberFormat.count(tokens)) tokens")
      ],
      .score: number(.sub(.variable("r"), .variable("θ")), last.reward),
      .distance: number(.sub(.variable("r"), .word("KL")), last.divergence.k1),
      .total: number(.variable("r"), last.total),
      .value: [.formula(.variable("V")), .text(" off by \(NumberFormat.two(error))")],
      .advantage: [.formula(.variable("A"))],
    ]
    if let reward = runs.reward {
      numbers[.loss] = number(
        .row([.word("−ln"), .thinGap, .variable("σ"), .word("(Δ)")]), reward.loss)
    }
    if let share = inside {
      numbers[.ratio] = [
        .formula(.variable("ρ")), .text(" in the band: \(Precision.percent(share))"),
      ]
    }
    return numbers
  }

  /// The root of the mean square error of the value head: its loss is half of the square.
  private var error: Double { (2 * max(last.valueLoss, 0)).squareRoot() }

  /// The share of the ratios that are not outside the band.
  private var inside: Double? {
    guard let ratios = last.ratios, ratios.count > 0 else { return nil }
    let edges = ratios.edges
    let all = zip(ratios.better, ratios.worse).map { $0 + $1 }
    // Bin 1 begins at the first edge.
    let inside = edges.indices.dropLast().filter {
      edges[$0] > 1 - ratios.clip - 1e-9 && edges[$0 + 1] < 1 + ratios.clip + 1e-9
    }
    return Double(inside.reduce(0) { $0 + all[$1 + 1] }) / Double(ratios.count)
  }

  private var summary: String {
    let reward =
      runs.reward.map {
        "a reward model that is right in \(Precision.percent($0.accuracy)) of new pairs; "
      } ?? ""
    return
      "A supervised model; \(reward)a policy whose continuations get a reward of \(NumberFormat.two(last.reward)), "
      + "are \(NumberFormat.two(last.divergence.k1)) nats from the frozen reference, and so count "
      + "\(NumberFormat.two(last.total)); advantages and a clipped update change the policy."
  }
}
