internal import Analysis
internal import Figures
internal import Files
internal import Tokenization
public import Transformers

extension Explanation {
  /// Tells how an encoder–decoder read a source and wrote a target.
  init(
    of run: Run, to target: Run.Side, by transformer: Transformer, _ told: ToldGeneration
  ) throws {
    guard let encoder = Story(run.part(.encoder), of: transformer),
      let decoder = Story(run.part(.decoder), of: transformer),
      let cross = Story(run.part(.cross), of: transformer)
    else {
      throw ModelError(
        .badText, "an explanation needs the weights and values of every layer recorded")
    }
    let text = run.text.isEmpty ? "the empty text" : run.text.visible.shortened(to: 90).quoted
    title = "How \(run.model) turns \(text) into \(target.text.visible.shortened(to: 90).quoted)"
    let sheets = [encoder, decoder].map(\.run.configuration.sheet)
    subtitle =
      "\(run.count) source tokens, \(target.count) target tokens · encoder: \(sheets[0]), every "
      + "token sees all · decoder: \(sheets[1]), every token sees what came before and the whole "
      + "source" + (run.attentionNote.map { " · \($0)" } ?? "")
    sections = [
      encoder.reading(),
      cross.writing(told),
      cross.layer(),
      decoder.wayThrough(transformer, named: run.model),
      cross.strongest(figures: cross.heatmaps(1)),
      try cross.translation(run, transformer),
      encoder.strongest(figures: [], isAgain: cross.best != nil),
      decoder.strongest(figures: [], isAgain: cross.best != nil),
      cross.everyHead(figure: cross.gallery),
      cross.rest(),
      cross.advice(),
    ].compactMap(\.self).filter { !$0.isEmpty }
    facts = .object(
      (encoder.facts.members ?? []).filter { !["kind", "links", "sinks"].contains($0.key) } + [
        JSON.Member("kind", .string(run.configuration.kind.rawValue)),
        JSON.Member("target_ids", .array(target.encoding.ids.map(JSON.integer))),
        JSON.Member("target_tokens", .array(target.tokens.map { .string($0.text) })),
        JSON.Member("links", cross.facts["links"] ?? .null),
        JSON.Member("sinks", cross.facts["sinks"] ?? .null),
      ])
    focus = cross.best.map { ($0.layer, $0.head, $0.query) }
  }
}

extension Story {
  /// The target, step by step, with what every step looked at.
  func writing(_ told: ToldGeneration) -> Explanation.Section? {
    let steps = told.generation.steps
    guard let first = steps.first, let logit = quote(.logits, [first.row, first.id]) else {
      return nil
    }
    let least = steps.min { $0.probability < $1.probability } ?? first
    let end =
      switch told.generation.stopped {
      case .endToken: "at a token that ends the text"
      case .length: "at the end of what was asked for"
      case .contextFull: "where the model has no further position"
      }
    var sentences: [Explanation.Sentence] = [
      """
      The decoder starts from \(token(0)), which stands for nothing yet, and looks at the whole \
      source. It takes the largest logit every time: the first one, \(logit, .two), writes \
      \(.token(told.label(of: first.id).text)), which is read like a token of a text and predicts \
      the next. After \(plural(steps.count, "step")) it stopped, \(end).
      """
    ]
    if let doubtful = quote(.logits, [least.row, least.id]), steps.count > 1 {
      sentences.append(
        """
        It is least certain in row \(least.row): \(.token(told.label(of: least.id).text)) has the \
        logit \(doubtful, .two) and a probability of \(least.probability, .weight).
        """)
    }
    let drawn = Explanation.Drawn(
      name: Ribbon.name, figure: Ribbon(told),
      caption: "One line a step: which row read what and wrote which token, how probable it was, "
        + "and where the row looked in the source.", told: told)
    return Explanation.Section(
      "What the model writes",
      [
        .paragraph(sentences), .table(header: Self.header, rows: steps.map { row($0, told) }),
        .figure(drawn),
      ])
  }

  private static let header = [
    "row", "reads", "writes", "logit", "probability", "looks most at", "weight a",
  ]

  /// A step as a line of the table: the source token with the largest weight of the shown head.
  private func row(
    _ step: Generation.Step, _ told: ToldGeneration
  ) -> [[Explanation.Piece]] {
    func cell(_ quote: Quote?, _ precision: Precision) -> [Explanation.Piece] {
      quote.map { [.number(precision($0.value), $0)] } ?? []
    }
    let looks = told.head.flatMap { head -> (Int, Quote)? in
      (0..<run.keys.count).compactMap { key in
        quote(.weights, layer: head.layer, [head.head, step.row, key]).map { (key, $0) }
      }.max { $0.1.value < $1.1.value }
    }
    return [
      [.derived(String(step.row))], [token(step.row)], [.token(told.label(of: step.id).text)],
      cell(quote(.logits, [step.row, step.id]), .two),
      [.derived(Precision.weight(step.probability))],
      looks.map { [key($0.0)] } ?? [], cell(looks?.1, .weight),
    ]
  }

  /// The three attentions on one sheet.
  func translation(_ run: Run, _ transformer: Transformer) throws -> Explanation.Section? {
    guard let most = quote(.weights, layer: 0, [0, nil, nil], .max) else { return nil }
    let drawn = Explanation.Drawn(
      name: Translation.name, figure: try Translation(of: run, transformer: transformer),
      caption: "One head each of the encoder, the decoder and the decoder’s look at the source, on "
        + "one scale; source tokens stand under each other, target tokens side by side.")
    return Explanation.Section(
      "Three attentions",
      [
        .paragraph([
          """
          There are three: source tokens look at source tokens, target tokens at those before them, \
          and target tokens at the source. Only the last carries anything from one side to the \
          other; in its head L0H0 the largest weight is \(most, .weight).
          """
        ]), .figure(drawn),
      ])
  }
}
