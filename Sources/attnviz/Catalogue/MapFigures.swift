import Explanations
import Figures
import Files
import Transformers

extension DrawnFigure {
  static let arcs = DrawnFigure(
    name: Arcs.name, summary: "where a token looks, as arcs over the sentence, or all on two rails",
    options: [
      "--token", "--heads", "--layer", "--head", "--layout", "--threshold", "--no-special",
      "--words", "--stack",
    ],
    palettes: { _ in .sequential },
    stack: .decoder, parts: [.encoder, .decoder],
    source: .trace(
      recording: { _ in Recording([.query, .weights, .value]) },
      draw: { command, run, model in
        let options = command.maps
        let layout = options.layout ?? .arcs
        let (layer, head) = try command.place.resolved()
        if options.heads != nil, layer != nil || head != nil {
          throw UsageError("give --heads or --layer and --head, not both")
        }
        var heads = options.heads?.places ?? []
        if layer != nil || head != nil {
          let choice = try HeadChoice(layer: layer, head: head, run, model?.transformer)
          heads = [ArcsChoice.Place(layer: choice.layer, head: choice.head)]
        }
        let choice = try ArcsChoice(
          heads: heads, token: options.token, run, model?.transformer, isOne: layout == .rails)
        let threshold = options.threshold ?? 0.1
        let figure = try Arcs(
          choice, of: run, layout: layout, edits: options.edits, threshold: threshold)
        let details: JSON = [
          "heads": .array(choice.heads.map { .string("L\($0.layer)H\($0.head)") }),
          "token": choice.focus.map { .integer($0) } ?? .null, "layout": .string(layout.rawValue),
          "threshold": .number(threshold),
        ]
        return (figure, (details.members ?? []) + options.details + run.stackDetail)
      }))

  static let masks = ofHead(
    Masks.name, "one head's scores under a bidirectional, a causal and a sliding-window mask",
    takes: ["--window"], keeps: [.scores, .weights], isOutlined: true
  ) { command, choice, run, model in
    let window = command.maps.window ?? min(4, max(run.count / 3, 2))
    let padded = run.origin == nil && run.stack == .sole ? try model.flatMap { try PaddedRun(run, $0) } : nil
    let figure = try Masks(choice, of: run, window: window, padded: padded)
    return (figure, [JSON.Member("window", .integer(window))])
  }

  static let scaling = ofHead(
    Scaling.name, "the same scores over √d, over √n and unscaled, with each row's entropy",
    keeps: [.key, .scores], isOutlined: true
  ) { _, choice, run, _ in (try Scaling(choice, of: run), []) }

  static let asymmetry = ofHead(
    Asymmetry.name, "α_ij against α_ji and ln a_ij against ln a_ji: who looks at whom",
    keeps: [.scores], palettes: .none
  ) { _, choice, run, _ in (try Asymmetry(choice, of: run), []) }

  static let product = ofHead(
    Product.name, "one query times one key, dimension by dimension: why a score is high",
    takes: ["--token", "--key"], keeps: [.key, .scores], palettes: .diverging
  ) { command, choice, run, _ in
    let (query, key) = (command.maps.token, command.maps.key)
    let figure = try Product(choice, query: query, key: key, of: run)
    return (
      figure,
      (query.map { [JSON.Member("token", .integer($0))] } ?? [])
        + (key.map { [JSON.Member("key", .integer($0))] } ?? [])
    )
  }

  static let positions = DrawnFigure(
    name: Positions.name,
    summary: "position encodings, their similarity, and positions switched off",
    options: ["--encoding", "--layer", "--head"],
    palettes: { _ in .diverging },
    source: .run(
      recording: { $0.place.recording(of: [.scores]) },
      draw: { command, run, model in
        let (layer, head) = try command.place.resolved()
        let choice = try HeadChoice(
          layer: layer, head: head, run, model.transformer, isOutlined: false)
        let scheme = command.maps.encoding ?? .own
        let place: JSON = [
          "encoding": .string(scheme.rawValue), "layer": .integer(choice.layer),
          "head": .integer(choice.head),
        ]
        return (
          try Positions(of: run, choice: choice, model, scheme: scheme), place.members ?? []
        )
      }))

  static let distance = DrawnFigure(
    name: Distance.name, summary: "attention mass against distance |i − j|, per head",
    options: ["--layer", "--head", "--stack"],
    stack: .decoder, parts: [.encoder, .decoder],
    source: .trace(
      recording: { _ in Recording([.weights]) },
      draw: { command, run, _ in
        guard case (let layer?, let head?) = try command.place.resolved() else {
          guard try command.place.resolved() == (nil, nil) else {
            throw UsageError("distance names one head: give both --layer and --head")
          }
          return (try Distance(of: run), run.stackDetail)
        }
        let place: JSON = ["layer": .integer(layer), "head": .integer(head)]
        return (
          try Distance(of: run, naming: ArcsChoice.Place(layer: layer, head: head)),
          (place.members ?? []) + run.stackDetail
        )
      }))

  static let residual = DrawnFigure(
    name: Residual.name, summary: "the residual stream by layer: lengths, similarity, additions",
    options: ["--token", "--stack"],
    stack: .encoder, parts: [.encoder],
    source: .trace(
      recording: { _ in Recording(Residual.recorded) },
      draw: { command, run, _ in
        let token = command.maps.token
        return (
          try Residual(of: run, token: token),
          (token.map { [JSON.Member("token", .integer($0))] } ?? []) + run.stackDetail
        )
      }))

  /// A figure of one head of a run.
  private static func ofHead(
    _ name: String, _ summary: String, takes options: Set<String> = [], keeps: Set<Site.Value>,
    palettes: PaletteKind = .sequential, isOutlined: Bool = false,
    _ draw: @escaping @Sendable (DrawCommand, HeadChoice, Run, Model?) throws -> Drawn
  ) -> DrawnFigure {
    DrawnFigure(
      name: name, summary: summary, options: options.union(["--layer", "--head", "--stack"]),
      palettes: { _ in palettes }, stack: .decoder, parts: [.encoder, .decoder],
      source: .trace(
        recording: { $0.place.recording(of: keeps) },
        draw: { command, run, model in
          let (layer, head) = try command.place.resolved()
          let choice = try HeadChoice(
            layer: layer, head: head, run, model?.transformer, isOutlined: isOutlined)
          let (figure, details) = try draw(command, choice, run, model)
          let place: JSON = ["layer": .integer(choice.layer), "head": .integer(choice.head)]
          return (figure, details + (place.members ?? []) + run.stackDetail)
        }))
  }
}

extension HeadOptions {
  /// What a figure of one head needs: the values of its layer; of all layers, with what a choice
  /// needs, when the head is left open.
  func recording(of values: Set<Site.Value>) -> Recording {
    let (layer, head) = (try? resolved()) ?? (nil, nil)
    guard let layer, head != nil else {
      return Recording(values.union([.query, .weights, .value]))
    }
    return Recording(values.union([.query, .weights]), layers: [layer])
  }
}
