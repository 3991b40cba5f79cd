import ArgumentParser
import Figures
import Files
import Training

/// `attnviz align scores`: how strong policies are that were compared.
struct AlignScoresCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scores",
    abstract: "Rate policies by comparisons of their texts: Bradley–Terry and Elo.",
    discussion: """
      EXAMPLES
        attnviz align contest tiny-gpt ./policy --rule animals -o texts.jsonl
        attnviz align scores texts.jsonl
        attnviz align scores --json mine.jsonl yours.jsonl

      A comparison counts where both texts name their policy and a choice or a tie was made; a tie is \
      half a win of each. Bradley–Terry: the most probable strengths with −½ · ridge · Σ s² added, on \
      the scale of Elo, mean 1500; intervals are ±1.96 standard errors from the Hessian. Elo: from \
      1500 in the order of the lines.
      """)

  @Argument(help: "Files of comparisons, as attnviz align contest and label write them.")
  var files: [String]

  @Option(help: ArgumentHelp("K of Elo’s rule.", valueName: "K"))
  var factor = Elo.factor

  @Option(help: ArgumentHelp("What a square of a strength costs.", valueName: "ρ"))
  var ridge = BradleyTerry.ridge

  @Flag(help: "Write JSON.")
  var json = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard factor > 0, factor.isFinite else {
      throw ValidationError("--factor takes a number above 0.")
    }
    guard ridge > 0, ridge.isFinite else {
      throw ValidationError("--ridge takes a number above 0.")
    }
  }

  func run() throws {
    let matches = Matches(try files.flatMap { try Comparison.read($0) })
    guard !matches.all.isEmpty else {
      throw FileError(
        .badData, files.joined(separator: ", "),
        "holds no choice between two named policies; attnviz align contest writes such texts")
    }
    let fit = BradleyTerry(matches, ridge: ridge)
    let elo = Elo(matches, factor: factor)
    let order = fit.names.indices.sorted { fit.strengths[$0] > fit.strengths[$1] }
    guard !json else { return try Output.data(document(matches, fit, elo, order)) }
    let rows = order.map { place in
      [
        fit.names[place], "\(fit.counts[place])",
        NumberFormat.fixed(fit.rating(place), decimals: 0),
        "± " + NumberFormat.fixed(1.96 * fit.ratingError(place), decimals: 0),
        NumberFormat.fixed(elo.ratings[place], decimals: 0),
      ]
    }
    try Output.data(
      Table(
        ["policy", "comparisons", "Bradley–Terry", "95 %", "Elo"], rows, right: [1, 2, 3, 4]
      ).text)
    common.say("\(matches.all.count) comparisons, \(matches.ties) ties")
  }

  private func document(
    _ matches: Matches, _ fit: BradleyTerry, _ elo: Elo, _ order: [Int]
  ) -> JSON {
    [
      "schema": "attnviz.scores/1", "comparisons": .integer(matches.all.count),
      "ties": .integer(matches.ties), "ridge": .number(ridge), "k": .number(factor),
      "log_likelihood": .number(fit.logLikelihood),
      "policies": .array(
        order.map { place in
          [
            "name": .string(fit.names[place]), "comparisons": .integer(fit.counts[place]),
            "strength": .number(fit.strengths[place]),
            "standard_error": .number(fit.errors[place]),
            "rating": .number(fit.rating(place)),
            "rating_error": .number(fit.ratingError(place)), "elo": .number(elo.ratings[place]),
          ]
        }),
    ]
  }
}
