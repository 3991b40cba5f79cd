import ArgumentParser
import Files
import Training

/// `attnviz align prefer`: pairs of continuations, chosen by a rule.
struct AlignPreferCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prefer",
    abstract: "Let the model write pairs of continuations and a rule choose the better ones.",
    discussion: """
      EXAMPLES
        attnviz align prefer --rule animals -o pairs.jsonl
        attnviz align prefer --rule shorter --noise 0.2 --count 400 -o pairs.jsonl

      Rules: shorter (fewer words), animals (more different animals of a list), ends (the text comes \
      to an end). Texts of a pair continue the same prompt; pairs without a preference are left out.
      """)

  @Option(help: "shorter, animals or ends.")
  var rule: RuleArgument

  @Option(help: ArgumentHelp("How many pairs.", valueName: "N"))
  var count = 1200

  @Option(help: ArgumentHelp("The probability of a label that is turned round.", valueName: "p"))
  var noise = 0.0

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file of JSON lines; - is standard output.", valueName: "file"))
  var output = "-"

  @OptionGroup var texts: ContinuationOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard (1...1_000_000).contains(count) else {
      throw ValidationError("--count takes a number from 1 to 1000000.")
    }
    guard (0...1).contains(noise) else {
      throw ValidationError("--noise takes a probability from 0 to 1.")
    }
  }

  func run() throws {
    let start = try model.loadStart()
    var maker = PreferenceMaker(start, rule.rule)
    (maker.noise, maker.length, maker.seed) = (noise, texts.length, texts.seed)
    let pairs = try maker.made(count, after: try texts.prompts(start), common)
    try Output.write(Array(PreferencePair.lines(pairs).utf8), to: output)
    if output != "-" { common.say("wrote \(output): \(pairs.count) pairs") }
  }
}

extension PreferenceMaker {
  /// Makes pairs, with progress.
  func made(
    _ count: Int, after prompts: [AlignmentPrompt], _ common: CommonOptions
  ) throws -> [PreferencePair] {
    var progress = StepProgress(quiet: common.quiet)
    let pairs = try pairs(count, after: prompts) {
      progress.show("\($0) of \(count) pairs", $0, of: count)
    }
    progress.end()
    guard !pairs.isEmpty else {
      throw FileError(
        .badData, start.name, "writes nothing that the rule \(rule.rawValue) can tell apart")
    }
    if pairs.count < count {
      common.say("only \(pairs.count) pairs: the rule seldom tells two texts apart")
    }
    return pairs
  }
}
