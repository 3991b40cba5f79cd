internal import Analysis
internal import Figures
internal import Tokenization
internal import Transformers

// Whether attention explains what the model predicts: measured, not argued.

extension Story {
  /// What the prediction rests on by attention, by gradients, and by taking tokens away; `nil` where
  /// nothing is predicted, or a number cannot be had.
  func evidence(
    _ transformer: Transformer, _ name: @escaping @Sendable (Int) -> DisplayToken
  ) -> Explanation.Section? {
    guard transformer.hasHead, run.trace[.logits] != nil, let row = run.predictingRow,
      let prediction = try? PredictedToken(of: run, row: row),
      let logit = quote(.logits, [row, prediction.id])
    else { return nil }
    let heading = "Does attention explain it?"
    let told = name(prediction.id).text
    guard isCheap(transformer) else {
      return Explanation.Section(heading, [.paragraph([tooLong(told, logit)])])
    }
    guard
      let found = try? TokenEvidence(of: prediction, in: run, by: transformer, withHeads: false)
    else { return nil }
    let drawn = Explanation.Drawn(
      name: Evidence.name, figure: Evidence(found, of: run, naming: name),
      caption:
        "One row a token, one column a measure; under each column how far it agrees with the "
        + "last one, which is measured.")
    return Explanation.Section(
      heading,
      [
        .paragraph([measured(found, told, logit)] + compared(found)),
        .table(header: Self.measures, rows: table(found)), .figure(drawn),
      ])
  }

  /// Multiplications that taking every token away may cost, about: a second's work.
  private static let mostProducts = 5e10

  /// Every token costs as many rows of the model as there are tokens.
  private func isCheap(_ transformer: Transformer) -> Bool {
    let shape = run.configuration
    let layer = 4 * shape.width * shape.heads * shape.headWidth + 3 * shape.width * shape.hidden
    let rows = Double(run.count * run.count)
    return rows * Double(shape.layers * layer) + Double(run.count * shape.vocabulary * shape.width)
      <= Self.mostProducts
  }

  private func tooLong(_ told: String, _ logit: Quote) -> Explanation.Sentence {
    """
    What \(.token(told)), whose logit is \(logit, .two), rests on would take \(run.count) more runs of \
    all \(run.count) tokens, one without each: too many to do in passing; the figure “evidence” of attnviz draw does it.
    """
  }

  /// What taking away the token that counts most does.
  private func measured(
    _ found: TokenEvidence, _ told: String, _ logit: Quote
  ) -> Explanation.Sentence {
    let before = found.prediction
    let top = found.top(of: .removal) ?? before.row
    let effect = found.tokens.firstIndex(of: top).map { found[.removal][$0] } ?? 0
    let after = before.probability(less: effect)
    return """
      To see what \(.token(told)), with the logit \(logit, .two) and the probability \
      \(before.probability, .weight), rests on, the model ran again without each token, its values set \
      to 0 in every layer: without \(token(top)) the probability is \(after, .weight), the largest \
      change of ln p.
      """
  }

  /// Where attention agrees with that, and where not.
  private func compared(_ found: TokenEvidence) -> [Explanation.Sentence] {
    let (row, layers) = (found.prediction.row, run.configuration.layers)
    guard let most = found.top(of: .attention), let top = found.top(of: .removal),
      let weight = quote(.weights, layer: layers - 1, [nil, row, most], .mean),
      let other = quote(.weights, layer: layers - 1, [nil, row, top], .mean)
    else { return [] }
    let attention = found.agreement(of: .attention)
    let place = found.tokens.firstIndex(of: most) ?? 0
    let rank = 1 + found[.removal].count { $0.magnitude > found[.removal][place].magnitude }
    let gets = found[.attention][place]
    var sentences: [Explanation.Sentence] = [
      most == top
        ? """
        Raw attention names the same token: \(token(most)) gets most of the weight of row \(row), \
        \(gets, .weight) over all heads and \(weight, .weight) in the last layer.
        """
        : """
        Raw attention names another one: \(token(most)) gets most of the weight of row \(row), \
        \(gets, .weight) over all heads and \(weight, .weight) in the last layer, and taking it away \
        is the \(Self.ordinal(rank)) change by size; \(token(top)) gets \(other, .weight) there.
        """
    ]
    if let rho = attention.correlation { sentences.append(correlated(rho, found, other, top)) }
    return sentences
  }

  /// ρ of attention, and of the measure that agrees best.
  private func correlated(
    _ rho: Double, _ found: TokenEvidence, _ weight: Quote, _ top: Int
  ) -> Explanation.Sentence {
    let others = TokenEvidence.Measure.allCases.filter { $0 != .removal }
      .compactMap { measure in
        found.agreement(of: measure).correlation.map { (measure, $0) }
      }
    let best = others.max { $0.1 < $1.1 } ?? (.attention, rho)
    let closest =
      best.0 == .attention
      ? "no other measure comes closer"
      : "closest comes \(best.0.words), ρ = \(Evidence.correlation(best.1))"
    let isFew = found.tokens.count < EvidenceVerdict.fewestTokens
    let verdict = EvidenceVerdict(rho)
    let advice = isFew ? "so few tokens say little about either" : verdict.advice
    return """
      Over all \(found.tokens.count) tokens the rank correlation of attention and measurement is \
      ρ = \(.derived(Evidence.correlation(rho))): they \(verdict.words); \(closest). The \
      last layer’s \(weight, .weight) of \(token(top)) says where heads look: \(advice).
      """
  }

  private static let measures = [
    "token", "weight a, last layer", "weight a, all heads", "rollout", "attention × gradient",
    "effect of removing",
  ]

  /// The tokens with the largest effects.
  private func table(_ found: TokenEvidence) -> [[[Explanation.Piece]]] {
    let effects = found[.removal]
    let order = effects.indices.sorted {
      (effects[$1].magnitude, $0) < (effects[$0].magnitude, $1)
    }
    let layer = run.configuration.layers - 1
    return order.prefix(6).map { place in
      let position = found.tokens[place]
      let weight = quote(.weights, layer: layer, [nil, found.prediction.row, position], .mean)
      return [
        [token(position)], weight.map { [.number(Precision.weight($0.value), $0)] } ?? [],
        [.derived(NumberFormat.weight(found[.attention][place]))],
        [.derived(NumberFormat.weight(found[.rollout][place]))],
        [.derived(Evidence.nats(found[.gradients][place]))],
        [.derived(Evidence.nats(effects[place]))],
      ]
    }
  }

  /// "largest", "second largest", "5th largest".
  private static func ordinal(_ rank: Int) -> String {
    let words = ["largest", "second largest", "third largest"]
    return rank <= words.count ? words[rank - 1] : "\(rank)th largest"
  }
}

extension EvidenceVerdict {
  fileprivate var advice: String {
    switch self {
    case .agree: "here a weight is a fair guide to the order of the effects"
    case .inPart: "here a weight is a rough guide to the order of the effects"
    case .disagree: "here a weight is no guide to the effect"
    }
  }
}

extension TokenEvidence.Measure {
  /// In a sentence.
  fileprivate var words: String {
    switch self {
    case .attention: "raw attention"
    case .lengths: "‖a·vW_O‖"
    case .rollout: "rollout"
    case .inputs: "gradient × input"
    case .gradients: "attention × gradient"
    case .removal: "the effect"
    }
  }
}
