internal import Analysis
internal import Figures
internal import Tensors
internal import Tokenization
internal import Transformers

// Each function tells one part of the story. A sentence is left out when a number it needs was
// not recorded; words that compare are chosen by the numbers they stand beside.

extension Story {
  /// What goes in: tokens and their vectors.
  func reading() -> Explanation.Section {
    let shape = run.configuration
    let placed = shape.positions == .none ? "" : " and its position"
    var sentences: [Explanation.Sentence] = []
    let longest = (0..<run.count).max { norm($0) < norm($1) } ?? 0
    if let length = length(.embedding, of: longest) {
      sentences.append(
        """
        \(run.model) reads the text as \(run.count) tokens and gives each a vector of \
        \(shape.width) numbers, which stands for the token\(placed); the longest one \
        belongs to \(token(longest)), \(length, .two) long (the root of the sum of the squares).
        """)
    }
    let rows = (0..<run.count).map { position -> [[Explanation.Piece]] in
      let source = run.tokens[position].source
      return [
        [.derived(String(position))], [.token(run.tokens[position].text)],
        [.derived(String(run.encoding.ids[position]))],
        [.words(source.isEmpty ? "added by the tokenizer" : "“\(source)”")],
        length(.embedding, of: position).map { [.number(Precision.two($0.value), $0)] } ?? [],
      ]
    }
    return Explanation.Section(
      "What the model reads",
      [
        .paragraph(sentences),
        .table(header: ["", "token", "id", "stands for", "length of its vector"], rows: rows),
      ])
  }

  private func norm(_ position: Int) -> Double {
    length(.embedding, of: position)?.value ?? 0
  }

  /// One layer, followed along the strongest link.
  func layer() -> Explanation.Section? {
    guard let link = best else { return nil }
    let paragraphs = [projections(link), scores(link), stream(link)].filter { !$0.isEmpty }
    return Explanation.Section(
      "What happens in a layer" + run.stackWords, paragraphs.map(Explanation.Block.paragraph))
  }

  private func projections(_ link: Contributions.Link) -> [Explanation.Sentence] {
    let shape = run.configuration
    let group = link.head * shape.groups / shape.heads
    guard let q = quote(.query, layer: link.layer, [link.head, link.query, nil], .norm),
      let k = quote(.key, layer: link.layer, [group, link.key, nil], .norm),
      let v = quote(.value, layer: link.layer, [group, link.key, nil], .norm)
    else { return [] }
    let turns =
      run.stack == .cross
      ? "turns the target’s vectors into queries, and the source’s into keys and values, of"
      : "turns every vector into a query, a key and a value of"
    let layers = plural(shape.layers, "layer")
    let heads = plural(shape.heads, "head")
    return [
      """
      \(shape.layers == 1 ? "There is" : "There are") \(layers) of \(heads)\(run.stackWords.isEmpty ? "" : " in\(run.stackWords.dropFirst(3))"); follow layer \(link.layer), head \
      \(link.head) (\(head(link))). It \(turns) \
      \(shape.headWidth) numbers: the query of \(token(link.query)) is \(q, .two) long, the key of \
      \(key(link.key)) \(k, .two), its value \(v, .two).
      """
    ]
  }

  private func scores(_ link: Contributions.Link) -> [Explanation.Sentence] {
    guard let product = product(link), let score = score(link), let weight = weight(link) else {
      return []
    }
    let multiplied: Explanation.Sentence = """
      Query and key are multiplied number by number and added up: q·k = \(product, .two).
      """
    return [
      multiplied,
      scoring(link, score),
      """
      \(maskWords(link))the softmax turns the scores of \(token(link.query)) into weights that sum \
      to 1, and \(key(link.key)) gets a = \(weight, .weight)\(rank(link)).
      """,
    ]
  }

  /// How the product becomes the score: divided, with the bias of the distance, under the cap.
  private func scoring(_ link: Contributions.Link, _ score: Quote) -> Explanation.Sentence {
    let shape = run.configuration
    let scale = Double(shape.scales[link.layer])
    guard shape.scoreCap != nil || shape.hasDistanceBias else {
      return scale == 1
        ? "This is the score α = \(score, .two)."
        : "Divided by \(divisor(scale)) this is the score α = \(score, .two)."
    }
    let divided = scale == 1 ? "" : "divided by \(divisor(scale)), "
    let biased = !shape.hasDistanceBias ? "" : "with a bias for the distance, "
    let capped = shape.scoreCap.map { "softly kept within ±\(Precision.two(Double($0))), " } ?? ""
    let words = divided + biased + capped
    return
      "\(words.prefix(1).uppercased() + words.dropFirst())this is the score α = \(score, .two)."
  }

  /// "√32 = 5.66" where the scale is 1/√d, else the plain number.
  private func divisor(_ scale: Double) -> String {
    let d = Double(run.configuration.headWidth)
    let isRoot = abs(scale * d.squareRoot() - 1) < 1e-5
    let number = Precision.two(1 / scale)
    return isRoot ? "√\(run.configuration.headWidth) = \(number)" : number
  }

  private func maskWords(_ link: Contributions.Link) -> String {
    let window = run.configuration.window(layer: link.layer)
    guard run.configuration.kind == .decoder else {
      return window.map { "Only tokens at most \($0) away may be looked at: " }
        ?? "All \(run.stack == .cross ? "source tokens" : "tokens") may be looked at: "
    }
    let far = window.map { ", and what stands \($0) or more tokens before it," } ?? ""
    return "What comes after \(name(link.query).quoted)\(far) is masked: "
  }

  /// How the weight stands among the weights of its row.
  private func rank(_ link: Contributions.Link) -> String {
    guard let row = run.trace[.weights, layer: link.layer, head: link.head]?.slice(link.query)
    else {
      return ""
    }
    let weights = row.numbers
    let above = weights.filter { $0 > link.weight }.count
    guard above > 0 else { return ", the largest of the row" }
    let top = weights.indices.reduce(0) { weights[$1] > weights[$0] ? $1 : $0 }
    return
      ", after \(above == 1 ? "" : "\(above) larger ones, the largest ")\(keyName(top).quoted) with \(Precision.weight(Double(weights[top])))"
  }

  private func stream(_ link: Contributions.Link) -> [Explanation.Sentence] {
    let (layer, query) = (link.layer, link.query)
    guard let attention = length(.attentionOutput, layer: layer, of: query),
      let middle = length(.residual, layer: layer, of: query),
      let change = length(.feedForwardOutput, layer: layer, of: query),
      let output = length(.output, layer: layer, of: query)
    else { return [] }
    let placement = run.configuration.normPlacement
    let (isAfter, isNormed) = (placement == .after, [.around, .inside].contains(placement))
    return [
      """
      The weighted values of all \(run.configuration.heads) heads, side by side and multiplied by \
      W_O\(isNormed ? " and normalised" : ""), make a vector \(attention, .two) long, which is added to the vector of \
      \(token(query))\(isAfter ? "; after the norm it is" : ", now") \(middle, .two) long.
      """,
      """
      The feed-forward network, which sees one token at a time, adds a vector \(change, .two) \
      long\(isAfter ? "; after the second norm the layer ends at" : ", and the layer ends at") \
      \(output, .two).
      """,
    ]
  }

  /// The links that carry most.
  ///
  /// - Parameter isAgain: Whether a section before has said what counts.
  func strongest(figures: [Explanation.Drawn], isAgain: Bool = false) -> Explanation.Section? {
    guard let best, let weight = weight(best) else { return noLink() }
    let links = distinctLinks(5)
    let asides =
      run.stack == .cross
      ? " and tokens that a head looks at from everywhere"
      : ", tokens that a head looks at from everywhere, and links of a token to itself"
    let leads: Explanation.Sentence = """
      \(isAgain ? "By the same measure" : "By this measure") \(token(best.query)) → \(key(best.key)) \
      in \(head(best)) leads, with \(Double(best.share), .percent) of it at a weight of \
      \(weight, .weight).
      """
    let measure: Explanation.Sentence = """
      A link counts here by what it moves: the length of the weighted value after the output \
      projection, ‖a·vW_O‖, as a part of all that the heads of its layer bring to the token. \
      Special tokens, sinks\(asides) are left aside.
      """
    var sentences = [
      isAgain ? leads : Explanation.Sentence(measure.pieces + [.words(" ")] + leads.pieces)
    ]
    sentences += selection(best)
    for link in links.dropFirst().prefix(2) {
      if let weight = self.weight(link), let score = score(link) {
        sentences.append(
          """
          \(token(link.query)) looks at \(key(link.key)) in \(head(link)) with the weight \
          \(weight, .weight) (α = \(score, .two)), \(Double(link.share), .percent) of what its \
          layer brings.
          """)
      }
    }
    let table = Explanation.Block.table(
      header: ["looks from", "looks at", "head", "q·k", "score α", "weight a", "‖a·vW_O‖", "part"],
      rows: links.map(row))
    return Explanation.Section(
      "The strongest links" + run.stackWords,
      [.paragraph(sentences), table] + figures.map(Explanation.Block.figure))
  }

  /// What to say where no two ordinary tokens are linked.
  private func noLink() -> Explanation.Section? {
    guard let quote = quote(.weights, layer: 0, [0, nil, nil], .max) else { return nil }
    return Explanation.Section(
      "The strongest links" + run.stackWords,
      [
        .paragraph([
          """
          Among these \(run.count) tokens no two ordinary ones can be linked: special tokens, sinks \
          and links of a token to itself are left aside. What is left is a map such as that of L0H0, \
          whose largest weight is \(quote, .weight). Give the model more words to see one word look \
          at another, and do not read a place to rest as a finding.
          """
        ])
      ])
  }

  /// How the head was chosen, and from how many: heads picked for a story mislead otherwise.
  private func selection(_ link: Contributions.Link) -> [Explanation.Sentence] {
    let all = weightsOfAllHeads(from: link.query, to: link.key).sorted()
    guard let weight = weight(link), all.count > 1 else { return [] }
    let above = all.filter { $0 > 0.5 }.count
    let median = Double(all[(all.count - 1) / 2])
    return [
      """
      The head was picked for this link: \(counted(above, of: all.count)) it more than .50, the \
      median head \(median, .weight), this one \(weight, .weight).
      """
    ]
  }

  private func row(_ link: Contributions.Link) -> [[Explanation.Piece]] {
    func cell(_ quote: Quote?, _ precision: Precision) -> [Explanation.Piece] {
      quote.map { [.number(precision($0.value), $0)] } ?? []
    }
    return [
      [token(link.query)], [key(link.key)], [.words(head(link))], cell(product(link), .two),
      cell(score(link), .two), cell(weight(link), .weight),
      [.derived(Precision.two(Double(link.length)))],
      [.derived(Precision.percent(Double(link.share)))],
    ]
  }
}
