internal import Analysis
internal import Figures
internal import Tensors
internal import Tokenization
internal import Transformers

extension Story {
  /// All heads at once.
  func everyHead(figure: Explanation.Drawn) -> Explanation.Section? {
    guard summaries.count > 1, let sharp = summaries.min(by: { $0.entropy < $1.entropy }),
      let flat = summaries.max(by: { $0.entropy < $1.entropy }),
      let sharpest = mapMaximum(sharp), let flattest = mapMaximum(flat)
    else { return nil }
    var sentences: [Explanation.Sentence] = []
    if sharp.entropy < flat.entropy {
      sentences.append(
        """
        Heads differ: of \(summaries.count), L\(sharp.layer)H\(sharp.head) is the sharpest (its \
        rows have an entropy of \(Double(sharp.entropy), .two) nats on average, its largest weight \
        is \(sharpest, .weight)) and L\(flat.layer)H\(flat.head) the most spread out \
        (\(Double(flat.entropy), .two) nats, largest weight \(flattest, .weight)).
        """)
    }
    return Explanation.Section(
      "Every head" + run.stackWords, [.paragraph(sentences), .figure(figure)])
  }

  private func mapMaximum(_ summary: HeadSummary) -> Quote? {
    quote(.weights, layer: summary.layer, [summary.head, nil, nil], .max)
  }

  /// Tokens where attention rests.
  func rest() -> Explanation.Section {
    let isCross = run.stack == .cross
    let lookers = isCross ? "the target’s tokens" : "the other tokens"
    let included = isCross ? "" : ", itself included"
    var sentences: [Explanation.Sentence] = []
    if sinks.positions.isEmpty {
      let top = sinks.received.indices.max { sinks.received[$0] < sinks.received[$1] } ?? 0
      if let most = strongestRest(at: top) {
        sentences.append(
          """
          No token is a sink here. The most looked-at one, \(key(top)) at position \(top), gets \
          \(Double(sinks.received[top]), .percent) of the attention of \(lookers); in layer \
          \(most.layer) it is \(most.quote, .percent)\(included).
          """)
      }
    }
    for position in sinks.positions {
      guard let most = strongestRest(at: position) else { continue }
      sentences.append(
        """
        \(key(position)) at position \(position) is an attention sink: over all heads \
        \(lookers) give it \(Double(sinks.received[position]), .percent) of their attention; the layer \
        where this is strongest is layer \(most.layer), where it takes \(most.quote, .percent)\(included). \
        A sink is a place to rest, not a topic: a strong column there says little \
        about the sentence.
        """)
    }
    return Explanation.Section(
      "Where attention rests" + (isCross ? " in the cross-attention" : ""), [.paragraph(sentences)])
  }

  /// The layer that gives most weight to a position.
  private func strongestRest(at position: Int) -> (layer: Int, quote: Quote)? {
    (0..<run.configuration.layers).compactMap { layer in
      quote(.weights, layer: layer, [nil, nil, position], .mean).map { (layer, $0) }
    }.max { $0.1.value < $1.1.value }
  }

  /// What the layers did to the vector of the token the story is about.
  func throughLayers() -> Explanation.Section? {
    guard let query = best?.query else { return nil }
    let layers = 0..<run.configuration.layers
    let rows = layers.map { layer in
      [[.derived(String(layer))]]
        + [Site.Value.attentionOutput, .residual, .feedForwardOutput, .output].map { value in
          length(value, layer: layer, of: query)
            .map { [Explanation.Piece.number(Precision.two($0.value), $0)] } ?? []
        }
    }
    let changes = layers.compactMap { layer in
      length(.attentionOutput, layer: layer, of: query).map { (layer, $0) }
    }
    guard let most = changes.max(by: { $0.1.value < $1.1.value }),
      let least = changes.min(by: { $0.1.value < $1.1.value })
    else { return nil }
    var sentences: [Explanation.Sentence] = []
    if most.1.value > least.1.value {
      sentences.append(
        """
        For \(token(query)), whose lengths the table follows, attention adds most in layer \(most.0), a vector \(most.1, .two) long, \
        and least in layer \(least.0), \(least.1, .two).
        """)
    }
    let isAfter = run.configuration.normPlacement == .after
    return Explanation.Section(
      "Through the layers",
      [
        .paragraph(sentences),
        .table(
          header: [
            "layer", "attention adds", isAfter ? "after first Add & Norm" : "after first Add",
            "feed-forward adds", isAfter ? "after second Add & Norm" : "after second Add",
          ], rows: rows),
      ])
  }

  /// What to look at, and what the pictures do not say.
  func advice() -> Explanation.Section? {
    guard let best, let heaviest = links.max(by: { $0.weight < $1.weight }),
      let weight = weight(heaviest), let own = self.weight(best),
      let added = length(.attentionOutput, layer: best.layer, of: best.query),
      let before = streamBefore(best)
    else { return nil }
    let share = Double(heaviest.share)
    let even = weight.value / Double(run.configuration.heads)
    let ratio = added.value / max(before.value, .leastNonzeroMagnitude)
    let median = weightsOfAllHeads(from: best.query, to: best.key).sorted()
    let typical = Double(median[(median.count - 1) / 2])
    let oneHead: Explanation.Sentence = """
      One head is not the model: \(head(best)) gives its link \(own, .weight), the median head \
      \(typical, .weight).
      """
    return Explanation.Section(
      "What to look at, and what not to conclude",
      [
        .paragraph(
          [
            """
            Look at the value, not only at the weight: \(token(heaviest.query)) gives \
            \(key(heaviest.key)) the weight \(weight, .weight) in \(head(heaviest)). Were all \
            values equally long, this would be \(even, .percent) of what its layer's heads bring to \
            it; it is \(share, .percent).
            """
          ] + (summaries.count > 1 ? [oneHead] : []) + [
            """
            Attention adds to what is there: in layer \(best.layer) a vector \(added, .two) long to \
            one that is \(before, .two) long already, \
            \(ratio < 1 ? "the smaller part" : "the larger part") of the sum.
            """,
            """
            A weight of \(own, .weight) says where \(head(best)) looks. It does not say why, and it \
            does not say that the model's answer depends on it: only changing the model and \
            measuring can.
            """,
          ])
      ])
  }

  /// The token's vector when it enters the layer.
  private func streamBefore(_ link: Contributions.Link) -> Quote? {
    guard run.stack != .cross else {
      let site = Site(.residual, layer: link.layer, of: .decoder)
      return Quote(.norm, Quote.Place(site, [link.query, nil]), of: run.trace)
    }
    return link.layer == 0
      ? length(.embedding, of: link.query)
      : length(.output, layer: link.layer - 1, of: link.query)
  }
}
