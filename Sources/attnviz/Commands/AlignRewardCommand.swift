import ArgumentParser
import Files
import Training
import Transformers

/// `attnviz align reward`: trains a reward model on pairs.
struct AlignRewardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reward",
    abstract: "Train a reward model: the transformer with a head that says one number.",
    discussion: """
      EXAMPLES
        attnviz align reward --pairs pairs.jsonl -o reward
        attnviz align reward --pairs mine.jsonl --model tiny-gpt --epochs 5 -o reward --json

      A line of the file: {"prompt": …, "chosen": …, "rejected": …}. The head reads the final hidden \
      state of the last token; it and the whole transformer learn −ln σ(r_w − r_l). Some of the \
      prompts are kept aside to measure accuracy, calibration and what the reward goes with.
      """)

  @Option(help: ArgumentHelp("The pairs, as JSON lines.", valueName: "file"))
  var pairs: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The reward model's folder.", valueName: "folder"))
  var output: String

  @Option(help: ArgumentHelp("How often it sees every pair.", valueName: "N"))
  var epochs = 3

  @Option(help: ArgumentHelp("Pairs of a step.", valueName: "N"))
  var batch = 16

  @Option(help: ArgumentHelp("The largest learning rate.", valueName: "rate"))
  var learningRate = 3e-4

  @Option(help: ArgumentHelp("The share of the pairs that is kept aside.", valueName: "share"))
  var validation = 0.25

  @Option(help: ArgumentHelp("The seed of all that is drawn.", valueName: "N"))
  var seed = 0

  @OptionGroup var model: ModelOptions
  @OptionGroup var common: CommonOptions

  @Flag(help: "Write the evaluation as JSON on standard output.")
  var json = false

  func validate() throws {
    guard epochs >= 1, batch >= 1 else {
      throw ValidationError("--epochs and --batch take a number from 1.")
    }
    guard learningRate > 0, learningRate.isFinite else {
      throw ValidationError("--learning-rate takes a number above 0.")
    }
    guard validation > 0, validation <= 0.9 else {
      throw ValidationError("--validation takes a share above 0, up to 0.9.")
    }
  }

  func run() throws {
    let start = try model.loadStart()
    let pairs = try PreferencePair.read(
      pairs, tokenizer: start.tokenizer, endToken: start.ends.min())
    var settings = RewardSettings()
    (settings.epochs, settings.batch, settings.rate) = (epochs, batch, learningRate)
    (settings.kept, settings.seed) = (validation, seed)
    let reward = try RewardModel.trained(start, pairs, settings, common).model
    try reward.write(to: output)
    common.say("wrote \(output)")
    if json {
      try Output.data(reward.json)
    } else if !common.quiet {
      try Output.data(reward.evaluation.table)
    }
  }
}

extension RewardModel {
  /// Trains one, with progress.
  static func trained(
    _ start: StartingModel, _ pairs: [PreferencePair], _ settings: RewardSettings,
    _ common: CommonOptions
  ) throws -> (model: RewardModel, losses: [Double]) {
    var trainer = try RewardTrainer(start, pairs, settings)
    var progress = StepProgress(quiet: common.quiet)
    while trainer.step < trainer.steps {
      try trainer.learn()
      let recent = trainer.losses.suffix(20)
      let loss = recent.reduce(0, +) / Double(recent.count)
      progress.show(
        "reward model, step \(trainer.step) of \(trainer.steps): loss \(loss.short)", trainer.step,
        of: trainer.steps)
    }
    progress.end()
    return (try trainer.model(), trainer.losses)
  }
}

extension RewardEvaluation {
  /// The evaluation for people.
  var table: String {
    func cell(_ value: Double?) -> String { value?.short ?? "–" }
    let rows: [[String]] = [
      ["pairs kept aside", String(pairs)],
      ["accuracy", cell(accuracy)],
      ["accuracy against the rule", cell(ruleAccuracy)],
      ["−ln σ(r_w − r_l)", cell(loss)],
      ["calibration error", cell(calibrationError)],
      ["r with the rule's score", cell(correlations.score)],
      ["ρ with the rule's score", cell(correlations.scoreRank)],
      ["r with the length", cell(correlations.length)],
      ["ρ with the length", cell(correlations.lengthRank)],
      ["r with the score, length held", cell(correlations.scoreGivenLength)],
      ["r of score and length", cell(correlations.scoreWithLength)],
    ]
    return Table(["", "measured"], rows, right: [1]).text
  }
}

extension Double {
  /// Three decimals.
  var short: String { "\((self * 1000).rounded() / 1000)" }
}
