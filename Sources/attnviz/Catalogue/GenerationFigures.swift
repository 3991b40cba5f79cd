import Explanations
import Figures
import Files
import Tokenization
import Transformers

extension DrawnFigure {
  static let ribbon = generation(
    Ribbon.name, "generation step by step: the token written, its probability, the runners-up",
    takes: ["--layer", "--head"]
  ) { _, told in
    let place = told.head.map { head -> [JSON.Member] in
      [
        JSON.Member("layer", .integer(head.layer)), JSON.Member("head", .integer(head.head)),
      ]
    }
    return (Ribbon(told), place ?? [])
  }

  static let annealing = generation(
    Annealing.name, "τ along a schedule, the entropy and the tokens drawn under it (--anneal)"
  ) { _, told in
    guard told.generation.settings.schedule.shape != nil else {
      throw UsageError("annealing needs a schedule: --anneal cosine:1.5..0.2")
    }
    return (Annealing(told), [])
  }

  static let surprise = DrawnFigure(
    name: Surprise.name,
    summary: "−ln p of every real token after those before it",
    stack: .decoder,
    source: .trace(
      recording: { _ in Recording([.logits]) },
      draw: { _, run, model in
        let (run, naming) = run.namingEntries(by: model)
        return (try Surprise(of: run, naming: naming), [])
      }))

  /// The options that decide how a text is continued.
  private static let generationOptions: Set<String> = [
    "--tau", "--greedy", "--anneal", "--top-k", "--top-p", "--min-p", "--repetition-penalty",
    "--seed", "--max-new-tokens", "--ignore-eos", "--chat", "--system",
  ]

  /// A figure of a generation.
  private static func generation(
    _ name: String, _ summary: String, takes options: Set<String> = [],
    _ draw: @escaping @Sendable (DrawCommand, ToldGeneration) throws -> Drawn
  ) -> DrawnFigure {
    DrawnFigure(
      name: name, summary: summary, options: generationOptions.union(options),
      source: .generation(draw))
  }
}
