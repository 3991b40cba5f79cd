import ArgumentParser
import Figures
import Files
import Training

/// `attnviz align overlap`: why a reward is learned.
struct AlignOverlapCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "overlap",
    abstract: "Show how texts without sense win where overlap with a reference is the reward.",
    discussion: """
      EXAMPLES
        attnviz align overlap
        attnviz align overlap --json --seed 3

      One continuation of the model is the reference. Another one of its continuations is compared \
      with it, and texts made of the reference’s own words, by the plain share of words it has, BLEU \
      (runs of one to four words, no smoothing) and ROUGE-L; the model’s own surprise, in nats a \
      token, says which of them it would write.
      """)

  @Flag(help: "Write JSON.")
  var json = false

  @OptionGroup var texts: ContinuationOptions
  @OptionGroup var model: ModelOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let start = try model.loadStart()
    let game = try OverlapGame(
      start, after: try texts.prompts(start), length: texts.length, seed: texts.seed)
    guard !json else { return try Output.data(game.json) }
    let rows = game.rows.map { row in
      [row.kind.words]
        + [row.precision, row.bleu, row.rouge, row.surprise].map {
          NumberFormat.fixed($0, decimals: 2)
        } + [game.wins[row.kind].map { NumberFormat.fixed(100 * $0, decimals: 0) + " %" } ?? ""]
    }
    try Output.data(
      Table(
        ["text", "words it has", "BLEU", "ROUGE-L", "surprise", "beats the model’s"], rows,
        right: [1, 2, 3, 4, 5]
      ).text)
    try Output.data("\nFor instance after \(game.example.visible):\n")
    for row in game.rows {
      try Output.data("  \(row.kind.words): \(row.text.visible)\n")
    }
    common.say("means over \(game.prompts) prompts")
  }
}
