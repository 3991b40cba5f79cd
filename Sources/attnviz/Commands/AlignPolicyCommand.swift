import ArgumentParser
import Files
import Training
import Transformers

/// `attnviz align policy`: optimises a policy.
struct AlignPolicyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy",
    abstract: "Optimise a model for a reward, or directly for preferences.",
    discussion: """
      EXAMPLES
        attnviz align policy --reward reward --kl 0.1 -o policy
        attnviz align policy --reward reward --method reinforce --kl 0.1 -o policy
        attnviz align policy --pairs pairs.jsonl --method dpo --kl 0.1 -o policy
        attnviz align policy --reward reward -o policy --resume

      Policy and frozen reference begin as the same model. --kl is λ of r = r_θ − λ r_KL, where r_KL \
      is Σ ln π − ln π_ref of the tokens drawn (k₁), and β of dpo. The run stops after --iterations, \
      or when the exact KL of a text exceeds --kl-limit. A run that was interrupted goes on with \
      --resume, to the same numbers, bit for bit.
      """)

  @Option(help: ArgumentHelp("The reward model.", valueName: "folder"))
  var reward: String?

  @Option(help: ArgumentHelp("The pairs that dpo learns from.", valueName: "file"))
  var pairs: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("The policy's folder.", valueName: "folder"))
  var output: String

  @Flag(help: "Go on with the run of the folder.")
  var resume = false

  @OptionGroup var options: PolicyOptions
  @OptionGroup var texts: ContinuationOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var common: CommonOptions

  @Flag(help: "Write the log as JSON on standard output at the end.")
  var json = false

  func validate() throws {
    guard resume || reward != nil || options.method.method == .dpo else {
      throw ValidationError("Give --reward FOLDER, or --method dpo with --pairs FILE.")
    }
    guard resume || options.method.method != .dpo || pairs != nil else {
      throw ValidationError("--method dpo learns from --pairs FILE.")
    }
  }

  func run() throws {
    let isThere = PolicyTrainer.canResume(output)
    guard resume == isThere else {
      throw UsageError(
        isThere
          ? "\(output) holds a run already; go on with --resume, or name another folder"
          : "\(output) holds no run to go on with; leave --resume out")
    }
    let settings =
      resume
      ? try PolicyTrainer.settings(of: output)
      : options.settings(length: texts.length, seed: texts.seed)
    let material = try material()
    var trainer =
      try resume
      ? PolicyTrainer(resuming: output, material, settings) : PolicyTrainer(material, settings)
    Signals.awaitRequest()
    let isWhole = try trainer.run(common) { try $0.save(to: output) }
    guard isWhole else {
      common.say(
        "stopped after iteration \(trainer.iteration); go on with the same call and --resume")
      // As a shell reports a program that was interrupted.
      throw ExitCode(130)
    }
    common.say("wrote \(output)")
    if json { try Output.data(trainer.log.json(settings)) }
  }

  private func material() throws -> PolicyMaterial {
    let start = try model.loadStart()
    let read = try pairs.map {
      try PreferencePair.read($0, tokenizer: start.tokenizer, endToken: start.ends.min())
    }
    return PolicyMaterial(
      start, reward: try reward.map(RewardModel.init(folder:)), rule: options.rule?.rule,
      prompts: try texts.prompts(start), pairs: read ?? [])
  }
}

/// Which method.
struct MethodArgument: ExpressibleByArgument {
  var method: AlignmentSettings.Method

  init?(argument: String) {
    guard let method = AlignmentSettings.Method(rawValue: argument) else { return nil }
    self.method = method
  }

  init(_ method: AlignmentSettings.Method) { self.method = method }

  var defaultValueDescription: String { method.rawValue }
  static let allValueStrings = AlignmentSettings.Method.allCases.map(\.rawValue)
}

/// How a policy is optimised.
struct PolicyOptions: ParsableArguments {
  @Option(help: "ppo, reinforce or dpo.")
  var method = MethodArgument(.ppo)

  @Option(help: ArgumentHelp("λ: what the distance to the reference costs.", valueName: "lambda"))
  var kl = AlignmentSettings().kl

  @Option(help: ArgumentHelp("The rule to measure by; that of the reward model when not given."))
  var rule: RuleArgument?

  @Option(help: ArgumentHelp("Iterations in all.", valueName: "N"))
  var iterations = AlignmentSettings().iterations

  @Option(help: ArgumentHelp("Texts, or pairs, of an iteration.", valueName: "N"))
  var batch = AlignmentSettings().batch

  @Option(help: ArgumentHelp("How often ppo goes through an iteration's texts.", valueName: "N"))
  var epochs = AlignmentSettings().epochs

  @Option(help: ArgumentHelp("Steps of a pass through them.", valueName: "N"))
  var minibatches = AlignmentSettings().minibatches

  @Option(help: ArgumentHelp("The learning rate.", valueName: "rate"))
  var learningRate = AlignmentSettings().rate

  @Option(help: ArgumentHelp("ε of the clipped ratio.", valueName: "epsilon"))
  var clip = AlignmentSettings().clip

  @Option(
    help: ArgumentHelp(
      "The exact KL of a text, in nats, at which the run stops; 0 for none.", valueName: "nats"))
  var klLimit = AlignmentSettings().klLimit

  @Option(help: ArgumentHelp("Iterations between checkpoints.", valueName: "N"))
  var checkpointEvery = AlignmentSettings().checkpointEvery

  func validate() throws {
    for (name, value) in [
      ("--iterations", iterations), ("--batch", batch), ("--epochs", epochs),
      ("--minibatches", minibatches), ("--checkpoint-every", checkpointEvery),
    ] where !(1...1_000_000).contains(value) {
      throw ValidationError("\(name) takes a number from 1.")
    }
    guard kl >= 0, kl.isFinite, klLimit >= 0, klLimit.isFinite else {
      throw ValidationError("--kl and --kl-limit take a number from 0.")
    }
    guard method.method != .dpo || kl > 0 else {
      throw ValidationError("--kl is β of dpo: it takes a number above 0.")
    }
    guard learningRate > 0, learningRate.isFinite else {
      throw ValidationError("--learning-rate takes a number above 0.")
    }
    guard clip > 0, clip < 1 else {
      throw ValidationError("--clip takes a number between 0 and 1.")
    }
  }

  func settings(length: Int, seed: Int) -> AlignmentSettings {
    var settings = AlignmentSettings()
    (settings.method, settings.kl, settings.seed) = (method.method, kl, seed)
    (settings.iterations, settings.batch, settings.length) = (iterations, batch, length)
    (settings.epochs, settings.minibatches) = (epochs, minibatches)
    (settings.rate, settings.clip, settings.klLimit) = (learningRate, clip, klLimit)
    settings.checkpointEvery = checkpointEvery
    return settings
  }
}

extension PolicyTrainer {
  /// Runs to the end, with progress.
  ///
  /// - Parameters:
  ///   - name: What the lines of progress begin with.
  ///   - save: Keeps what there is, now and then and at the end.
  /// - Returns: Whether it came to its end and was not interrupted.
  mutating func run(
    _ common: CommonOptions, as name: String = "policy", save: (PolicyTrainer) throws -> Void
  ) throws -> Bool {
    try begin()
    var progress = StepProgress(after: iteration, quiet: common.quiet)
    while !isFinished {
      try iterate()
      let isDue = iteration % settings.checkpointEvery == 0
      if isFinished || isDue || Signals.isEndRequested { try save(self) }
      progress.show(line(name), iteration, of: settings.iterations)
      guard isFinished || !Signals.isEndRequested else {
        progress.end()
        return false
      }
    }
    progress.end()
    if let last = log.evaluations.last { common.say("\(name): " + last.summary) }
    return true
  }

  private func line(_ name: String) -> String {
    guard let last = log.iterations.last else { return name }
    return "\(name), iteration \(iteration) of \(settings.iterations): \(last.summary)"
  }
}

extension AlignmentIteration {
  /// The numbers to watch.
  fileprivate var summary: String {
    "r_θ \(reward.short), KL \(divergence.exact.short), r \(total.short)"
      + (score.map { ", rule \($0.short)" } ?? "") + ", \(length.short) tokens"
  }
}
