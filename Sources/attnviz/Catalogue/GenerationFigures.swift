import Explanations
import Figures
import Files
import Transformers

extension DrawnFigure {
  static let ribbon = generation(
    Ribbon.name, "generation step by step: the token written, its probability, the runners-up"
  ) { _, told in Ribbon(told) }

  /// The options that decide how a text is continued.
  private static let generationOptions: Set<String> = [
    "--tau", "--greedy", "--anneal", "--top-k", "--top-p", "--min-p", "--repetition-penalty",
    "--seed", "--max-new-tokens", "--ignore-eos", "--chat", "--system",
  ]

  /// A figure of a generation.
  private static func generation(
    _ name: String, _ summary: String,
    _ draw: @escaping @Sendable (DrawCommand, ToldGeneration) throws -> any Figure
  ) -> DrawnFigure {
    DrawnFigure(
      name: name, summary: summary, options: generationOptions,
      source: .generation { command, told in (try draw(command, told), []) })
  }
}
