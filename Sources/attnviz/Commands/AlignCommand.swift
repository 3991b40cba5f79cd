import ArgumentParser
import Files
import Training
import Transformers

/// `attnviz align`: what people prefer, learned as a reward, and a policy that is optimised for it.
struct AlignCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "align",
    abstract: "Learn a reward from preferences and optimise a model for it.",
    discussion: """
      EXAMPLES
        attnviz align demo -o aligned
        attnviz align prefer --rule animals -o pairs.jsonl
        attnviz align reward --pairs pairs.jsonl -o reward
        attnviz align policy --reward reward --kl 0.1 -o policy
        attnviz generate --model ./policy "lion:"
        attnviz align label pairs.jsonl -o mine.jsonl
        attnviz align contest tiny-gpt ./policy --rule animals -o texts.jsonl
        attnviz align scores texts.jsonl

      r = r_θ − λ r_KL: a reward model learns r_θ from pairs of texts of which one was chosen, and a \
      frozen copy of the model says how far the policy has moved.
      """,
    subcommands: [
      AlignDemoCommand.self, AlignPreferCommand.self, AlignRewardCommand.self,
      AlignPolicyCommand.self, AlignContestCommand.self, AlignLabelCommand.self,
      AlignScoresCommand.self, AlignBudgetCommand.self, AlignOverlapCommand.self,
      AlignCollectCommand.self,
    ])
}

/// Which rule chooses.
struct RuleArgument: ExpressibleByArgument {
  var rule: PreferenceRule

  init(_ rule: PreferenceRule) { self.rule = rule }

  var defaultValueDescription: String { rule.rawValue }

  init?(argument: String) {
    guard let rule = PreferenceRule(rawValue: argument) else { return nil }
    self.rule = rule
  }

  static let allValueStrings = PreferenceRule.allCases.map(\.rawValue)
}

/// What is the same for all that write or read continuations.
struct ContinuationOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The most tokens of a continuation.", valueName: "N"))
  var length = 24

  @Option(
    help: ArgumentHelp(
      "Prompts, one a line; else the model writes them: its texts up to the first colon.",
      valueName: "file"))
  var prompts: String?

  @Option(help: ArgumentHelp("How many prompts the model writes.", valueName: "N"))
  var promptCount = 160

  @Option(help: ArgumentHelp("The seed of all that is drawn.", valueName: "N"))
  var seed = 0

  func validate() throws {
    guard length >= 1 else { throw ValidationError("--length takes a number from 1.") }
    guard (1...100_000).contains(promptCount) else {
      throw ValidationError("--prompt-count takes a number from 1 to 100000.")
    }
  }

  /// The prompts of the file, or those that the model writes. They do not depend on the seed, so
  /// that runs can be compared.
  func prompts(_ start: StartingModel) throws -> [AlignmentPrompt] {
    let most = start.configuration.maximumTokens
    guard length < most else {
      throw UsageError("--length takes a number below \(most), the tokens the model takes")
    }
    if let prompts {
      return try AlignmentPrompt.read(prompts, for: start, length: length)
    }
    let written = try AlignmentPrompt.written(by: start, count: promptCount, seed: 0)
    return written.filter { $0.ids.count + length <= most }
  }
}

extension ModelOptions {
  /// The model that was named as something to begin with; else the small one of the program, as a
  /// user's default may be no decoder, or too large to be trained in passing.
  func loadStart() throws -> StartingModel {
    let isNamed = model != nil || environment("ATTNVIZ_MODEL") != nil
    return try StartingModel(Model(ModelStore().resolve(isNamed ? model : "tiny-gpt")))
  }
}
