public import Files
internal import Transformers

extension Explanation {
  /// One model's explanation, to stand beside others of the same text.
  public struct Part: Sendable {
    /// The model's name.
    public var model: String
    /// What it did.
    public var explanation: Explanation

    /// Creates a part.
    public init(model: String, _ explanation: Explanation) {
      self.model = model
      self.explanation = explanation
    }

    /// A figure's name in the explanation of several models.
    public func name(of drawn: Drawn) -> String { "\(model)-\(drawn.name)" }

    /// The name of its trace there.
    public var trace: String { "trace-\(model).safetensors" }
  }

  /// What several models did with one text: beside one another, then each under its name.
  ///
  /// - Parameters:
  ///   - parts: The models' explanations.
  ///   - text: The text.
  ///   - figure: A comparison.
  ///   - note: What is to be known of the models.
  public init(_ parts: [Part], of text: String, comparing figure: Drawn, note: String) {
    let names = parts.map(\.model).joined(separator: " and ")
    let shown = text.isEmpty ? "the empty text" : text.visible.shortened(to: 90).quoted
    title = "What \(names) do with \(shown)"
    subtitle = parts.map { "\($0.model): \($0.explanation.subtitle)" }.joined(separator: " — ")
    let beside = Section(
      "Side by side",
      [
        .paragraph(parts.map(\.way) + [Sentence([.words(note)])]),
        Self.table(parts), .figure(figure),
      ])
    sections =
      [beside]
      + parts.flatMap { part in
        part.explanation.sections.map { section in
          Section(
            "\(part.model): \(section.heading.lowercasedFirst)", section.blocks.map(part.named))
        }
      }
    facts = ["text": .string(text), "runs": .array(parts.map(\.facts))]
    traces = parts.map(\.trace)
    focus = nil
  }

  /// What the models have in common and what not, a column for each.
  private static func table(_ parts: [Part]) -> Block {
    func row(_ name: String, _ cell: (Part) -> [Piece]) -> [[Piece]] {
      [[.words(name)]] + parts.map(cell)
    }
    return .table(
      header: [""] + parts.map(\.model),
      rows: [
        row("a token sees") { [.words($0.isDecoder ? "itself and what came before" : "all")] },
        row("tokens") { [.derived(String($0.tokens.count))] },
        row("strongest link", \.link),
        row("its weight", \.weight),
        row("tokens where attention rests", \.sinks),
      ])
  }
}

extension Explanation.Part {
  /// The run's facts with the name of its trace.
  fileprivate var facts: JSON {
    .object((explanation.facts.members ?? []) + [JSON.Member("trace", .string(trace))])
  }

  fileprivate var isDecoder: Bool {
    explanation.facts["kind"]?.string == Configuration.Kind.decoder.rawValue
  }

  fileprivate var tokens: [String] {
    explanation.facts["tokens"]?.elements?.compactMap(\.string) ?? []
  }

  /// What kind of model it is, in a sentence.
  fileprivate var way: Explanation.Sentence {
    isDecoder
      ? "\(model) is a decoder: a token sees itself and what came before, because the model learned to guess the next one."
      : "\(model) is an encoder: every token sees all, because the model learned to guess hidden ones."
  }

  /// The link that carries most: "“it” → “cat” in L2H1".
  fileprivate var link: [Explanation.Piece] {
    guard let link = explanation.facts["links"]?[0], let query = token(link["query"]),
      let key = token(link["key"]), let layer = link["layer"]?.integer,
      let head = link["head"]?.integer
    else { return [.words("none")] }
    return [.token(query), .words(" → "), .token(key), .words(" in L\(layer)H\(head)")]
  }

  fileprivate var weight: [Explanation.Piece] {
    guard let weight = explanation.facts["links"]?[0]?["weight"]?.number else {
      return [.words("–")]
    }
    return [.derived(Precision.weight(weight))]
  }

  fileprivate var sinks: [Explanation.Piece] {
    let names = (explanation.facts["sinks"]?.elements ?? []).compactMap(token)
    guard !names.isEmpty else { return [.words("none")] }
    return Array(names.map { [Explanation.Piece.token($0)] }.joined(separator: [.words(" ")]))
  }

  private func token(_ place: JSON?) -> String? {
    guard let place = place?.integer, tokens.indices.contains(place) else { return nil }
    return tokens[place]
  }

  /// A block whose figure has its name among those of several models.
  fileprivate func named(_ block: Explanation.Block) -> Explanation.Block {
    guard case .figure(var drawn) = block else { return block }
    drawn.name = name(of: drawn)
    return .figure(drawn)
  }
}

extension String {
  /// "The strongest links" as it stands after a colon.
  fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
