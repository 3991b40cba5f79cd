internal import Figures
internal import Files
internal import Tensors
internal import Tokenization
internal import Transformers

// The stations before the first layer: text, tokens, embedding.

extension WalkPlace {
  func text() -> StationContent {
    let (text, second) = (run.text.visible, run.pair?.visible)
    let count = run.text.unicodeScalars.count
    let shown = text.isEmpty ? "the empty text" : text.isolated.quoted
    let isEdited = walk.original.map { $0.text != whole.text } ?? false
    return StationContent(
      title: "Text", inputs: [], outputs: [.init("characters", "", [count])],
      formula: [shown] + (second.map { ["second text: \($0.isolated.quoted)"] } ?? []),
      line: shown.shortened(to: 60),
      happens: "The text goes in as it was given, \(plural(count, "character")).",
      lookFor: isEdited
        ? "Tokens were replaced: the text is the one that the changed tokens spell."
        : "A model never sees characters: the next step cuts them into entries of its vocabulary.",
      numbers: [
        JSON.Member("text", .string(run.text)), JSON.Member("characters", .integer(count)),
      ])
  }

  func tokens() -> StationContent {
    let tokens = run.tokens
    let id = run.ids[i]
    let range = run.encoding.offsets[i]
    let place =
      run.encoding.isSpecial[i]
      ? "added by the tokenizer"
      : range.isEmpty
        ? "no character"
        : range.count == 1
          ? "character \(range.lowerBound)"
          : "characters \(range.lowerBound)–\(range.upperBound - 1)"
    let isTarget = stack == .decoder
    return StationContent(
      title: isTarget ? "Tokens of the target" : "Tokens",
      inputs: [.init("characters", "", [run.text.unicodeScalars.count])],
      outputs: [.init("ids", "", [n])],
      formula: [
        "token \(i) = \(name(i)) → id \(NumberFormat.count(id)) of "
          + "\(NumberFormat.count(shape.vocabulary)), \(place)"
      ],
      line: tokens.prefix(24).map(\.text.isolated).joined(separator: " · ")
        + (n > 24 ? " · … \(n) tokens" : ""),
      happens: isTarget
        ? "The decoder starts from a token of its own and reads what it has written so far."
        : "The text is cut into \(plural(n, "token")), each the number of an entry of the vocabulary.",
      lookFor: tokensLookFor,
      table: StationPage.Table(
        ["#", "token", "id", "source"],
        tokens.indices.map {
          ["\($0)", tokens[$0].text, NumberFormat.count(run.ids[$0]), tokens[$0].source.visible]
        }, right: [0, 2]),
      numbers: [
        JSON.Member("ids", .array(run.ids.map(JSON.integer))),
        JSON.Member("tokens", .array(tokens.map { .string($0.text) })),
      ],
      compared: .init(
        symbol: "ids", name: { "token \($0)" }, print: { "\(Int($0))" },
        row: { $0.run.ids.map(Double.init) }))
  }

  private var tokensLookFor: String {
    let tokens = run.tokens
    if let unknown = tokens.first(where: { $0.kind == .unknown }) {
      return
        "“\(unknown.source.visible)” is not in the vocabulary: all such words are one token to the "
        + "model, \(unknown.text)."
    }
    let words = Dictionary(grouping: tokens.indices.filter { tokens[$0].kind != .special }) {
      tokens[$0].word
    }
    if let long = words.values.max(by: { ($0.count, $1[0]) < ($1.count, $0[0]) }), long.count > 1 {
      let source = long.map { tokens[$0].text }.joined(separator: " · ")
      return "A word can be several tokens: \(source.isolated)."
    }
    let special = run.specialPositions
    guard !special.isEmpty else { return "Here every word is one token." }
    return
      "\(run.listed(special)) \(special.count == 1 ? "stands" : "stand") around the text: the model "
      + "was trained with \(special.count == 1 ? "it" : "them")."
  }

  func embedding() throws -> StationContent {
    let x = try recorded(.embedding)
    let own = row(x)
    let parts = transformer.embeddingParts(run.ids, types: run.encoding.typeIDs, of: stack)
    let rows = parts.map { numbers($0.rows, i) }
    let xi = "x" + WalkNumbers.index(i)
    let hasMore = transformer.edges(of: stack).hasEmbeddingNorm || rows[0].count != own.count
    let sum = rows[0].indices.map { d in rows.reduce(0) { $0 + $1[d] } }
    let inner = hasMore ? "e" + WalkNumbers.index(i) : xi
    let names = parts.map { "\($0.part.rawValue)" }
    var lines = [
      "\(inner) = " + names.joined(separator: " + ") + (rows.count == 1 ? " vector" : "")
    ]
    if rows.count > 1 {
      lines.append(
        "\(inner)[0] = \(WalkNumbers.sum(rows.map { $0[0] }, of: "parts")) = \(WalkNumbers.text(sum[0]))"
      )
    }
    if let norm = transformer.embeddingNorm(of: stack) {
      let isWhole = rows[0].count == own.count
      if isWhole {
        lines += self.lines(norm, xi, of: inner, sum, own)
      } else {
        lines.append("\(xi) = \(self.norm)(\(inner)), brought to \(own.count) numbers")
      }
    } else if hasMore {
      lines.append("\(xi) = \(inner), brought to \(own.count) numbers")
    }
    lines.append("\(xi) = \(WalkNumbers.vector(own)), length \(WalkNumbers.text(own.length))")
    return StationContent(
      title: positionWords.isAdded ? "Embedding + positions" : "Embedding",
      inputs: [.init("ids", "", [n])], outputs: [.init("stream", "x", x.shape)], formula: lines,
      line: lines[lines.count - 1],
      happens: "Every token becomes a vector of \(NumberFormat.count(shape.width)) numbers; "
        + positionWords.text,
      lookFor: try embeddingLookFor(x),
      figure: streamFigure(
        x, "What enters the first layer", symbol: "x", "embedding, a row for every token"),
      numbers: [JSON.Member("embedding", Self.json(own))]
        + zip(parts, rows).map { JSON.Member($0.part.rawValue, Self.json($1)) },
      compared: compared("x", .embedding))
  }

  /// How positions enter.
  private var positionWords: (text: String, isAdded: Bool) {
    switch shape.positions {
    case .learned: return ("a learned vector of its position is added.", true)
    case .sinusoidal: return ("sines and cosines of its position are added.", true)
    case .none: break
    }
    if shape.rotary.contains(where: { $0 != nil }) {
      return ("no position is added: queries and keys are turned by it later.", false)
    }
    return shape.hasDistanceBias
      ? ("no position is added: the distance enters the scores later.", false)
      : ("no position is added.", false)
  }

  private func embeddingLookFor(_ x: Tensor) throws -> String {
    let ids = run.ids
    for (first, id) in ids.enumerated() {
      guard let second = ids[(first + 1)...].firstIndex(of: id) else { continue }
      let cosine = NumberFormat.fixed(
        numbers(x, first).cosine(numbers(x, second)), decimals: 2)
      return positionWords.isAdded
        ? "\(name(first)) and \(name(second)) are the same entry: only the position tells them apart "
          + "(cosine \(cosine))."
        : "\(name(first)) and \(name(second)) are the same entry and have the same vector still (cosine "
          + "\(cosine))."
    }
    let lengths = (0..<n).map { numbers(x, $0).length }
    guard n > 1, let longest = lengths.indexOfLargest,
      let shortest = lengths.indices.min(by: { lengths[$0] < lengths[$1] })
    else { return "A single token: it can only look at itself." }
    return
      "The longest vector is that of \(name(longest)) (\(WalkNumbers.text(lengths[longest]))), the "
      + "shortest that of \(name(shortest)) (\(WalkNumbers.text(lengths[shortest])))."
  }
}
