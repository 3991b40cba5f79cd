public import Figures
internal import Files
public import Training

extension PolicyUpdate {
  /// What proximal policy optimisation did in a run, and how all runs ended.
  ///
  /// - Parameters:
  ///   - run: The run whose ratios and steps are shown.
  ///   - runs: All of them.
  ///   - isChosen: Whether somebody asked for this run.
  /// - Throws: `FileError` for a run without iterations or ratios.
  public init(of run: AlignmentRuns.Run, in runs: AlignmentRuns, isChosen: Bool) throws {
    let (log, settings) = (run.log, run.settings)
    guard !log.iterations.isEmpty, settings.clip > 0 else {
      throw FileError(.badData, runs.path, "the run \(run.name.visible) made no iteration")
    }
    let words = PolicyUpdateWords(run, runs, isChosen)
    self.init(
      caption: words.caption, bins: Self.bins(log),
      updates: "in all steps of \(NumberFormat.count(log.iterations.count)) iterations",
      clip: settings.clip,
      steps: log.iterations.map {
        Step(
          step: $0.iteration, reward: $0.reward, distance: $0.divergence.k1, total: $0.total)
      }, penalty: settings.kl, runs: runs.runs.compactMap { $0.dot(run, among: runs.runs) },
      start: run.beginning?.reward)
  }

  /// The ratios of all iterations together.
  private static func bins(_ log: AlignmentLog) -> [Bin] {
    let all = log.iterations.compactMap(\.ratios)
    guard let first = all.first else { return [] }
    let edges: [Double?] = [nil] + first.edges + [nil]
    return zip(edges, edges.dropFirst()).enumerated().map { place, edges in
      Bin(
        low: edges.0, high: edges.1, better: all.reduce(0) { $0 + $1.better[place] },
        worse: all.reduce(0) { $0 + $1.worse[place] })
    }
  }
}

extension AlignmentRuns.Run {
  /// Its end as a dot of the frontier.
  fileprivate func dot(
    _ shown: AlignmentRuns.Run, among all: [AlignmentRuns.Run]
  ) -> PolicyUpdate.Run? {
    guard let end else { return nil }
    var names: [String] = []
    if settings.method != .ppo { names.append(settings.method.rawValue) }
    if Set(all.map(\.settings.seed)).count > 1 { names.append("seed \(settings.seed)") }
    return PolicyUpdate.Run(
      penalty: settings.kl, distance: end.divergence.exact, reward: end.reward,
      isShown: self == shown, name: names.joined(separator: ", "))
  }
}

/// The words around a figure of policy optimisation.
private struct PolicyUpdateWords {
  let run: AlignmentRuns.Run
  let runs: AlignmentRuns
  let isChosen: Bool

  init(_ run: AlignmentRuns.Run, _ runs: AlignmentRuns, _ isChosen: Bool) {
    (self.run, self.runs, self.isChosen) = (run, runs, isChosen)
  }

  private var settings: AlignmentSettings { run.settings }
  private var penalty: String { "λ = \(NumberFormat.tick(settings.kl))" }

  var caption: Caption {
    Caption(
      title: title,
      subtitle: [
        .text(
          "\(runs.modelWords) · PPO, \(penalty) · \(NumberFormat.count(run.log.iterations.count)) iterations of "
            + "\(settings.batch) texts, \(settings.epochs) epochs each · \(runs.ruleWords)")
      ], notes: [notes],
      provenance: runs.provenance(AlignmentLog.fileName, seed: settings.seed),
      summary: "\(title). \(summary)")
  }

  /// What happened to reward and distance, of prompts that were kept aside where they were measured.
  private var title: String {
    guard let start = run.beginning ?? run.log.iterations.first, let end = run.end else {
      return "A policy is optimised"
    }
    let verb = end.reward >= start.reward ? "rises" : "falls"
    return
      "With \(penalty) the reward \(verb) from \(NumberFormat.two(start.reward)) to "
      + "\(NumberFormat.two(end.reward)), \(NumberFormat.two(end.divergence.exact)) nats from the reference"
  }

  private var notes: [Inline] {
    var sentences = [
      " of the tokens drawn, an estimate that can be below 0; of the ends: KL summed over the whole "
        + "vocabulary at every token"
        + (run.log.evaluations.isEmpty ? "." : ", after prompts that were kept aside."),
      "The first step of an iteration has a ratio of 1 everywhere.",
    ]
    if let stopped = run.log.stopped { sentences.append("The run stopped: \(stopped.visible).") }
    if runs.runs.count > 1 {
      let why = isChosen ? "was asked for" : "is the first with a penalty"
      sentences.append("The run \(run.name.visible) of \(runs.runs.count) \(why).")
    }
    return [
      "Reward: what the reward model says, 0 and 1 for the mean and the deviation of the texts it was evaluated with. ",
      .distance, ": ", .logRatios, .text(sentences.joined(separator: " ")),
    ]
  }

  private var summary: String {
    let clipped =
      run.log.iterations.map(\.clipped).reduce(0, +)
      / Double(max(run.log.iterations.count, 1))
    let ends = runs.runs.compactMap { run in
      run.end.map {
        "\(run.settings.method.rawValue) λ \(NumberFormat.tick(run.settings.kl)): \(NumberFormat.two($0.reward)) at "
          + "\(NumberFormat.two($0.divergence.exact)) nats"
      }
    }
    return
      "Nothing was learned from \(NumberFormat.fixed(100 * clipped, decimals: 1)) % of the tokens on average, their "
      + "ratio was clipped. All runs: \(ends.joined(separator: "; "))."
  }
}
