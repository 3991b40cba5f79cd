import ArgumentParser
import Files
import Training

/// `attnviz align contest`: policies write against each other.
struct AlignContestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "contest",
    abstract: "Let several models continue the same prompts, each against each.",
    discussion: """
      EXAMPLES
        attnviz align contest tiny-gpt ./policy --rule animals -o texts.jsonl
        attnviz align contest tiny-gpt ./policy -o texts.jsonl

      With --rule the rule compares the texts; without it they are written down for \
      attnviz align label. attnviz align scores rates the models. Prompts are those of the first model.
      """)

  @Argument(help: "The models, two or more.")
  var models: [String]

  @Option(help: "shorter, animals or ends.")
  var rule: RuleArgument?

  @Option(help: ArgumentHelp("How many prompts are continued.", valueName: "N"))
  var count = 40

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file of JSON lines; - is standard output.", valueName: "file"))
  var output = "-"

  @OptionGroup var texts: ContinuationOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard models.count > 1 else { throw ValidationError("Name two models or more.") }
    guard Set(models).count == models.count else {
      throw ValidationError("Name every model once.")
    }
    guard (1...100_000).contains(count) else {
      throw ValidationError("--count takes a number from 1 to 100000.")
    }
  }

  func run() throws {
    let policies = try models.map { name in
      var options = ModelOptions()
      options.model = name
      let short = String(name.split(separator: "/").last ?? Substring(name))
      return (name: short, model: try options.loadStart())
    }
    guard Set(policies.map(\.name)).count == policies.count else {
      throw UsageError("two models have the same last name; give their folders other names")
    }
    var contest = Contest(policies)
    (contest.length, contest.seed) = (texts.length, texts.seed)
    let prompts = Array(try texts.prompts(policies[0].model).prefix(count))
    let all = try contest.comparisons(after: prompts, by: rule?.rule)
    try Output.write(Array(Comparison.lines(all).utf8), to: output)
    if output != "-" { common.say("wrote \(output): \(all.count) pairs of texts") }
  }
}
