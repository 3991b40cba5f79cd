internal import Analysis
public import Files
internal import Figures
public import Tokenization
public import Transformers

extension Explanation {
  /// Tells what a run did.
  ///
  /// - Parameters:
  ///   - run: A run that recorded everything.
  ///   - transformer: The model that ran, for its output projections.
  ///   - continuation: How the model would go on with the text, when it is a decoder; of an
  ///     encoder–decoder, how it wrote the target.
  ///   - naming: Shows a vocabulary entry.
  /// - Throws: `ModelError` when the run did not record the weights and values of every layer.
  public init(
    of run: Run, by transformer: Transformer, continuation: ToldGeneration? = nil,
    naming: @escaping @Sendable (Int) -> DisplayToken
  ) throws {
    if let target = run.target, let continuation {
      self = try Explanation(of: run, to: target, by: transformer, continuation)
      return
    }
    guard let story = Story(run, of: transformer) else {
      throw ModelError(
        .badText, "an explanation needs the weights and values of every layer recorded")
    }
    let shape = run.configuration
    let way =
      shape.kind == .encoder
      ? "every token sees all" : "every token sees itself and what came before"
    let text = run.text.isEmpty ? "the empty text" : run.text.visible.shortened(to: 90).quoted
    let second = run.pair.map { " and \($0.visible.shortened(to: 60).quoted)" } ?? ""
    title = "What \(run.model) does with \(text)\(second)"
    subtitle =
      "\(run.count) tokens · \(shape.sheet) · width \(shape.width)"
      + " · \(shape.kind.rawValue): \(way)" + (run.attentionNote.map { " · \($0)" } ?? "")
    sections = [
      story.reading(),
      story.layer(),
      story.wayThrough(transformer, named: run.model),
      story.strongest(figures: story.heatmaps(2)),
      story.everyHead(figure: story.gallery),
      story.rest(),
      story.throughLayers(),
      story.next(naming),
      story.evidence(transformer, naming),
      story.temperature(naming),
      story.continuation(continuation),
      story.advice(),
    ].compactMap(\.self).filter { !$0.isEmpty }
    facts = story.facts
    focus = story.best.map { ($0.layer, $0.head, $0.query) }
  }
}

extension Explanation.Section {
  /// Whether there is nothing in it to read.
  var isEmpty: Bool {
    blocks.allSatisfy { block in
      if case .paragraph(let sentences) = block { return sentences.isEmpty }
      return false
    }
  }
}

extension Story {
  /// The run's facts for programs.
  var facts: JSON {
    let links = distinctLinks(5).map { link -> JSON in
      [
        "layer": .integer(link.layer), "head": .integer(link.head),
        "query": .integer(link.query), "key": .integer(link.key),
        "weight": .number(Double(link.weight)), "length": .number(Double(link.length)),
        "share": .number(Double(link.share)),
      ]
    }
    return [
      "model": .string(run.model),
      "model_sha256": run.modelDigest.map(JSON.string) ?? .null,
      "kind": .string(run.configuration.kind.rawValue),
      "text": .string(run.text),
      "text_pair": run.pair.map(JSON.string) ?? .null,
      "ids": .array(run.encoding.ids.map(JSON.integer)),
      "tokens": .array(run.tokens.map { .string($0.text) }),
      "links": .array(links),
      "sinks": .array(sinks.positions.map(JSON.integer)),
    ]
  }
}

extension String {
  /// The text cut to a number of characters, with "…" where something is missing.
  func shortened(to length: Int) -> String {
    count <= length ? self : prefix(length - 1) + "…"
  }
}
