import ArgumentParser
import Explanations
import Figures
import Files
import Training
import Transformers

extension DrawnFigure {
  static let preference = DrawnFigure(
    name: Preference.name,
    summary: "a reward model: scores of pairs, margins, calibration, and strengths of policies",
    options: ["--log", "--comparisons"],
    source: .log { command, runs in
      let comparisons = try command.log.comparisons.map { try Comparison.read($0) } ?? []
      return (try Preference(of: runs, comparisons: comparisons), [])
    })

  static let rlhf = DrawnFigure(
    name: FeedbackLoop.name,
    summary: "the three steps of learning from preferences as a diagram with a run’s own numbers",
    options: ["--log", "--run"],
    source: .log { command, runs in
      let run = try runs.run(command.log.run)
      return (try FeedbackLoop(of: run, in: runs), [JSON.Member("run", .string(run.name))])
    })

  static let ppo = DrawnFigure(
    name: PolicyUpdate.name,
    summary: "clipped ratios and objective, reward and penalty by step, reward against distance",
    options: ["--log", "--run"],
    source: .log { command, runs in
      let run = try runs.run(command.log.run)
      return (
        try PolicyUpdate(of: run, in: runs, isChosen: command.log.run != nil),
        [JSON.Member("run", .string(run.name))]
      )
    })
}

/// What figures of an alignment are drawn from.
struct LogOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Draw the log of an alignment: the folder that attnviz align wrote, or a file of it.",
      valueName: "path"))
  var log: String?

  @Option(help: ArgumentHelp("Which of several runs; the first with a penalty when not given."))
  var run: String?

  @Option(
    help: ArgumentHelp(
      "Comparisons of policies: the lines that attnviz align contest or label wrote.",
      valueName: "file"))
  var comparisons: String?

  /// The options that were given.
  var given: [(String, Bool)] {
    [("--log", log != nil), ("--run", run != nil), ("--comparisons", comparisons != nil)]
  }

  /// Refuses a log and what else a figure could be drawn from together.
  func check(_ figure: DrawnFigure, _ command: DrawCommand) throws {
    guard case .log = figure.source else { return }
    guard log != nil else {
      throw UsageError(
        "\(figure.name) is drawn of the log of an alignment; name its folder with --log")
    }
    let refused = [
      ("TEXT", command.text.isGiven), ("--model", command.model.model != nil),
      ("--trace", command.source.trace != nil),
    ]
    if let (option, _) = refused.first(where: \.1) {
      throw UsageError("\(figure.name) is drawn of a log alone; leave \(option) out")
    }
  }

  /// The logs, and the digests of what they and the comparisons are read from.
  func read(_ figure: DrawnFigure) throws -> (runs: AlignmentRuns, digests: [JSON.Member]) {
    let runs = try AlignmentRuns(log ?? "")
    let store = ModelStore()
    return (
      runs,
      [JSON.Member("log_sha256", .string(runs.digest))]
        + (try comparisons.map {
          [JSON.Member("comparisons_sha256", .string(try store.digest(of: $0)))]
        } ?? [])
    )
  }
}
