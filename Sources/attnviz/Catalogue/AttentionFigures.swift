import Explanations
import Figures
import Files
import Transformers

extension DrawnFigure {
  static let heatmap = DrawnFigure(
    name: "heatmap",
    summary: "one head: q, k, v, scores, masked, weights or context (--of)",
    options: ["--of", "--layer", "--head", "--stack"],
    palettes: { $0.content == .weights ? .sequential : .diverging },
    stack: .cross,
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
        let run = part(of: run, command, else: .cross)
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
        return (figure, (details.members ?? []) + run.stackDetail)
      }))

  static let gallery = DrawnFigure(
    name: "gallery",
    summary: "every head of every layer on one sheet, one shared scale",
    options: ["--stack"],
    palettes: { _ in .sequential },
    stack: .cross,
    source: .run(
      recording: { _ in Recording([.query, .weights, .value]) },
      draw: { command, run, model in
        let run = part(of: run, command, else: .cross)
        return (try Gallery(of: run, transformer: model.transformer), run.stackDetail)
      }))

  static let translation = DrawnFigure(
    name: Translation.name,
    summary: "an encoder–decoder's three attentions on one sheet: encoder, decoder, source",
    options: ["--layer", "--head"],
    palettes: { _ in .sequential },
    source: .run(
      recording: { _ in Recording([.query, .weights, .value]) },
      draw: { command, run, model in
        let (layer, head) = try command.place.resolved()
        let figure = try Translation(
          of: run, transformer: model.transformer, layer: layer, head: head)
        let heads = figure.heads.map { JSON.string($0) }
        return (figure, [JSON.Member("heads", .array(heads))])
      }))
}

extension Run {
  /// The stack, for provenance, where there are several.
  fileprivate var stackDetail: [JSON.Member] {
    stack == .sole ? [] : [JSON.Member("stack", .string(stack.rawValue))]
  }
}
