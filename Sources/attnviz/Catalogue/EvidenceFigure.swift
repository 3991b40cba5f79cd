import Explanations
import Figures
import Files
import Tokenization
import Transformers

extension DrawnFigure {
  static let evidence = DrawnFigure(
    name: Evidence.name,
    summary: "what one prediction rests on: attention, gradients, and what removing tokens does",
    options: ["--token"],
    source: .run(
      recording: { _ in Recording([.query, .weights, .value, .logits]) },
      draw: { command, run, model in
        let progress = PartsProgress(Evidence.name, quiet: command.common.quiet)
        defer { progress.end() }
        let row = command.maps.token
        let tokenizer = model.targetTokenizer
        let figure = try Evidence(
          of: run, by: model.transformer, token: row, naming: { tokenizer.display(id: $0) },
          progress: progress.show)
        return (figure, row.map { [JSON.Member("token", .integer($0))] } ?? [])
      }))
}
