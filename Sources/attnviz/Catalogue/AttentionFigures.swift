import Explanations
import Figures
import Files
import Transformers

extension DrawnFigure {
  static let heatmap = DrawnFigure(
    name: "heatmap",
    summary: "one head: q, k, v, scores, masked, weights or context (--of)",
    options: [
      "--of", "--layer", "--head", "--stack", "--no-special", "--words", "--values", "--no-values",
      "--vmin", "--vmax", "--scale", "--sink-aware", "--against", "--compare", "--against-layer",
    ],
    palettes: {
      let isMap = $0.content == .weights && $0.against.against == nil
      return isMap || $0.against.compare == .side ? .sequential : .diverging
    },
    stack: .cross,
    source: .trace(
      recording: { command in
        let content = command.content.value
        guard command.place.isMean else { return command.place.recording(of: [content]) }
        let layer = (try? command.place.resolved())?.layer
        return Recording([.query, .weights], layers: layer.map { [$0] })
      },
      draw: { command, run, model in
        if let words = command.against.against { return try command.comparison(run, model, words) }
        let (maps, content) = (command.maps, command.content)
        guard content == .weights || !command.changesMaps else {
          throw UsageError(
            "--no-special, --words, --sink-aware and --head mean are for --of weights")
        }
        guard run.stack != .cross || !command.changesMaps else {
          throw UsageError(
            "--no-special, --words, --sink-aware and --head mean are for a look at one's own text; "
              + "add --stack encoder or --stack decoder")
        }
        var (figure, details) =
          command.changesMaps
          ? try changedHeatmap(command, run, model) : try plainHeatmap(command, run, model)
        try maps.apply(to: &figure)
        details.append(JSON.Member("of", .string(content.rawValue)))
        return (figure, details + maps.details + maps.colorDetails + run.stackDetail)
      }))

  private static func plainHeatmap(
    _ command: DrawCommand, _ run: Run, _ model: Model?
  ) throws -> (Heatmap, [JSON.Member]) {
    let (layer, head) = try command.place.resolved()
    let choice = try HeadChoice(layer: layer, head: head, run, model?.transformer)
    let figure = try Heatmap(
      command.content, layer: choice.layer, head: choice.head, of: run,
      title: command.content == .weights ? choice.title : nil, focus: choice.focus,
      choice: choice.words)
    return (figure, details(choice))
  }

  /// A heatmap of weights that were averaged, cut down or merged.
  private static func changedHeatmap(
    _ command: DrawCommand, _ run: Run, _ model: Model?
  ) throws -> (Heatmap, [JSON.Member]) {
    let (layer, head) = try command.place.resolved()
    let edits = command.maps.edits
    guard command.place.isMean else {
      let choice = try HeadChoice(layer: layer, head: head, run, model?.transformer)
      return (try Heatmap(choice, of: run, edits: edits), details(choice))
    }
    return (
      try Heatmap(meanOfLayer: layer, of: run, edits: edits),
      [JSON.Member("head", "mean")] + (layer.map { [JSON.Member("layer", .integer($0))] } ?? [])
    )
  }

  private static func details(_ choice: HeadChoice) -> [JSON.Member] {
    [
      JSON.Member("layer", .integer(choice.layer)), JSON.Member("head", .integer(choice.head)),
    ]
  }

  static let gallery = DrawnFigure(
    name: "gallery",
    summary: "every head of every layer on one sheet, one shared scale",
    options: ["--stack"],
    palettes: { _ in .sequential },
    stack: .cross,
    source: .trace(
      recording: { _ in Recording([.query, .weights, .value]) },
      draw: { _, run, model in
        (try Gallery(of: run, transformer: model?.transformer), run.stackDetail)
      }))

  static let translation = DrawnFigure(
    name: Translation.name,
    summary: "an encoder–decoder's three attentions on one sheet: encoder, decoder, source",
    options: ["--layer", "--head"],
    palettes: { _ in .sequential },
    stack: .sole,
    source: .trace(
      recording: { _ in Recording([.query, .weights, .value]) },
      draw: { command, run, model in
        let (layer, head) = try command.place.resolved()
        let figure = try Translation(
          of: run, transformer: model?.transformer, layer: layer, head: head)
        let heads = figure.heads.map { JSON.string($0) }
        return (figure, [JSON.Member("heads", .array(heads))])
      }))
}

extension Run {
  /// The stack, for provenance, where there are several.
  var stackDetail: [JSON.Member] {
    stack == .sole ? [] : [JSON.Member("stack", .string(stack.rawValue))]
  }
}

extension DrawCommand {
  /// Whether maps are averaged, cut down, merged, or scaled without their sinks.
  fileprivate var changesMaps: Bool {
    place.isMean || maps.noSpecial || maps.words || maps.sinkAware
  }
}
