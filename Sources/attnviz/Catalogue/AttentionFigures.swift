import Explanations
import Figures
import Files
import Transformers

extension DrawnFigure {
  static let heatmap = DrawnFigure(
    name: "heatmap",
    summary: "one head: q, k, v, scores, masked, weights or context (--of)",
    options: ["--of", "--layer", "--head"],
    palettes: { $0.content == .weights ? .sequential : .diverging },
    source: .run(
      recording: { command in
        let (layer, head) = (try? command.place.resolved()) ?? (nil, nil)
        guard let layer, head != nil else {
          return Recording([command.content.value, .query, .weights, .value])
        }
        return Recording([command.content.value, .query, .weights], layers: [layer])
      },
      draw: { command, run, model in
        let content = command.content
        let (layer, head) = try command.place.resolved()
        let choice = try HeadChoice(layer: layer, head: head, run, model.transformer)
        let figure = try Heatmap(
          content, layer: choice.layer, head: choice.head, of: run,
          title: content == .weights ? choice.title : nil, focus: choice.focus,
          choice: choice.words)
        let details: JSON = [
          "of": .string(content.rawValue), "layer": .integer(choice.layer),
          "head": .integer(choice.head),
        ]
        return (figure, details.members ?? [])
      }))

  static let gallery = DrawnFigure(
    name: "gallery",
    summary: "every head of every layer on one sheet, one shared scale",
    palettes: { _ in .sequential },
    source: .run(
      recording: { _ in Recording([.query, .weights, .value]) },
      draw: { _, run, model in (try Gallery(of: run, transformer: model.transformer), []) }))
}
