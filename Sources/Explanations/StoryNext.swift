internal import Figures
internal import Files
internal import Tensors
internal import Tokenization
internal import Transformers
#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

// What a decoder would write: the next token's distribution, its temperature, and a continuation.

extension Story {
  /// What a decoder would write next.
  func next(_ name: (Int) -> DisplayToken) -> Explanation.Section? {
    guard run.configuration.kind == .decoder, let logits = run.trace[.logits],
      let distribution = Distribution(logits.slice(logits.rows - 1))
    else { return nil }
    let probabilities = distribution.probabilities(at: 1)
    let order = distribution.ranking(5)
    let rows = order.map { id -> [[Explanation.Piece]] in
      let logit = quote(.logits, [logits.rows - 1, id])
      return [
        [.token(name(id).text)], logit.map { [.number(Precision.two($0.value), $0)] } ?? [],
        [.derived(Precision.weight(probabilities[id]))],
      ]
    }
    guard let top = order.first, let logit = quote(.logits, [logits.rows - 1, top]) else {
      return nil
    }
    return Explanation.Section(
      "What would come next",
      [
        .paragraph([
          """
          The last row predicts the token after \(token(run.count - 1)): of \(probabilities.count) candidates \
          \(.token(name(top).text)) has the largest logit, \(logit, .two), which the softmax turns into \
          a probability of \(probabilities[top], .weight).
          """
        ]),
        .table(header: ["candidate", "logit", "probability"], rows: rows),
      ])
  }

  /// The same logits at other temperatures; `nil` when their distributions were not recorded.
  func temperature(_ name: @escaping @Sendable (Int) -> DisplayToken) -> Explanation.Section? {
    guard let taus = run.trace[.nextTemperatures]?.numbers.map(Double.init),
      let subject = try? RunDistribution(.output(row: run.count - 1), of: run, naming: name),
      let top = subject.distribution.ranking(1).first,
      let sharp = taus.firstIndex(where: { $0 > 0 && $0 < 1 }), let own = taus.firstIndex(of: 1),
      let blunt = taus.firstIndex(where: { $0 > 1 && $0 < .infinity }),
      let sharpP = quote(.nextProbabilities, [sharp, top]),
      let ownP = quote(.nextProbabilities, [own, top]),
      let bluntP = quote(.nextProbabilities, [blunt, top])
    else { return nil }
    let distribution = subject.distribution
    let entropies = [own, blunt].map { distribution.entropy(at: taus[$0]) }
    let text: [Explanation.Sentence] = [
      """
      The softmax can be asked at any temperature τ: the logits are divided by it first. The \
      model’s own is τ = 1, where \(.token(name(top).text)) has \(ownP, .weight); at τ = \
      \(NumberFormat.temperature(taus[sharp])) it has \(sharpP, .weight), at τ = \
      \(NumberFormat.temperature(taus[blunt])) \(bluntP, .weight). The order of the candidates never \
      changes.
      """,
      """
      Between τ = 1 and τ = \(NumberFormat.temperature(taus[blunt])) the entropy goes from \
      \(entropies[0], .two) to \(entropies[1], .two) nats while \(.token(name(top).text)) goes \
      from \(ownP, .weight) to \(bluntP, .weight): at τ = \
      \(NumberFormat.temperature(taus[blunt])) as many tokens are in play as \
      \(Int(exp(entropies[1]).rounded())) equally probable ones.
      """,
    ]
    let drawn = Explanation.Drawn(
      name: Tempering.name, figure: Tempering(subject, at: taus),
      caption: "The next token’s distribution at \(Words.count(taus.count)) temperatures: τ = 0 is "
        + "argmax, τ = 1 the model’s own softmax, τ = ∞ uniform.")
    return Explanation.Section(
      "The same logits at other temperatures", [.paragraph(text), .figure(drawn)])
  }

  /// A greedy continuation, step by step.
  func continuation(_ told: ToldGeneration?) -> Explanation.Section? {
    guard let told, let first = told.generation.steps.first, let logits = run.trace[.logits],
      let logit = quote(.logits, [logits.rows - 1, first.id])
    else { return nil }
    let steps = told.generation.steps
    let least = steps.min { $0.probability < $1.probability } ?? first
    let end =
      switch told.generation.stopped {
      case .endToken: "a token that ends the text"
      case .length: "the end of what was asked for"
      case .contextFull: "the longest text the model reads"
      }
    let text: [Explanation.Sentence] = [
      """
      Greedy decoding takes the largest logit every time. The first one, \(logit, .two), writes \
      \(.token(told.label(of: first.id).text)); that token is read like the others, and its row \
      writes the next. After \(steps.count) \(steps.count == 1 ? "step" : "steps"), at \(end), it has written \(told.written.visible.shortened(to: 200).isolated.quoted).
      """
    ]
    let drawn = Explanation.Drawn(
      name: Ribbon.name, figure: Ribbon(told),
      caption:
        "One line a step: which row read what and wrote which token, how probable it was, and "
        + "what else was. The least probable token that it took is the one of row \(least.row).",
      told: told)
    return Explanation.Section("How it would go on", [.paragraph(text), .figure(drawn)])
  }
}
