import ArgumentParser
import Figures
import Files
import Training

/// `attnviz align budget`: pairs against scores for the same work.
struct AlignBudgetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "budget",
    abstract: "Simulate raters who compare texts, or give scores, for the same work.",
    discussion: """
      EXAMPLES
        attnviz align budget --rule animals
        attnviz align budget --rule shorter --offset 0 --scale 0 --json

      The texts are the model’s own, their true quality is what the rule says. Each of ten raters sees \
      a quality with noise; a score has the rater’s own offset and scale, a choice between two has \
      not. Numbers are in deviations of the true quality. Scores are averaged as they are, and with \
      each rater’s mean and deviation taken out.
      """)

  @Option(help: "shorter, animals or ends.")
  var rule: RuleArgument

  @Option(help: ArgumentHelp("How many texts are ranked.", valueName: "N"))
  var count = 40

  @Option(help: ArgumentHelp("How many answers there are.", valueName: "list"))
  var budgets = "40,80,160,320,640"

  @Option(help: ArgumentHelp("How many crowds are simulated.", valueName: "N"))
  var seeds = 20

  @Option(help: ArgumentHelp("The deviation of the raters’ offsets.", valueName: "x"))
  var offset = 1.0

  @Option(help: ArgumentHelp("The deviation of the logarithms of their scales.", valueName: "x"))
  var scale = 0.3

  @Option(help: ArgumentHelp("The deviation of what they see.", valueName: "x"))
  var noise = 1.0

  @Flag(help: "Write JSON.")
  var json = false

  @OptionGroup var texts: ContinuationOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var common: CommonOptions

  private var answers: [Int] { budgets.split(separator: ",").compactMap { Int($0) } }

  func validate() throws {
    guard (2...1000).contains(count) else {
      throw ValidationError("--count takes a number from 2 to 1000.")
    }
    guard !answers.isEmpty, answers.count == budgets.split(separator: ",").count,
      answers.allSatisfy({ (1...100_000).contains($0) })
    else { throw ValidationError("--budgets takes numbers from 1 to 100000 with commas.") }
    guard (1...1000).contains(seeds) else {
      throw ValidationError("--seeds takes a number from 1 to 1000.")
    }
    guard [offset, scale, noise].allSatisfy({ $0 >= 0 && $0 <= 100 }) else {
      throw ValidationError("--offset, --scale and --noise take numbers from 0 to 100.")
    }
  }

  func run() throws {
    let start = try model.loadStart()
    let quality = try LabellingBudget.qualities(
      of: start, by: rule.rule, after: try texts.prompts(start), count: count,
      length: texts.length, seed: texts.seed)
    guard Set(quality).count > 1 else {
      throw FileError(
        .badData, start.name,
        "writes nothing that the rule \(rule.rule.rawValue) can tell apart")
    }
    var raters = LabellingBudget.Raters()
    (raters.offset, raters.scale, raters.noise) = (offset, scale, noise)
    let result = LabellingBudget(quality, raters: raters, budgets: answers, seeds: seeds)
    guard !json else {
      return try Output.data([
        "schema": "attnviz.budget/1", "model": .string(start.name),
        "rule": .string(rule.rule.rawValue), "texts": .integer(quality.count),
        "raters": .integer(raters.count), "offset": .number(offset), "scale": .number(scale),
        "noise": .number(noise), "seeds": .integer(seeds), "rows": result.json,
      ])
    }
    let rows = result.rows.map { row in
      [
        row.method.rawValue, "\(row.answers)", "\(row.read)",
        NumberFormat.fixed(row.correlation, decimals: 3),
        "± " + NumberFormat.fixed(row.deviation, decimals: 3),
        NumberFormat.fixed(row.accuracy, decimals: 3),
      ]
    }
    try Output.data(
      Table(
        ["method", "answers", "texts read", "Kendall’s τ", "over crowds", "pairs in order"], rows,
        right: [1, 2, 3, 4, 5]
      ).text)
  }
}
