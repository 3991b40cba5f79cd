public import Tensors

extension Model {
  /// Continues a text, token after token; keys and values of the tokens so far are kept, so a
  /// step computes one row. An encoder–decoder reads the text and writes a target, which begins
  /// with its start token.
  ///
  /// When the pass records, the last token of a text is run too, where the model has room for it:
  /// the trace is that of the whole text. That of a target is not: nothing looks at it.
  ///
  /// - Parameters:
  ///   - text: The tokens to continue, or to read.
  ///   - settings: How tokens are chosen and how many.
  ///   - pass: What to keep and change; receives the trace.
  ///   - each: Learns of every token as it is chosen.
  /// - Throws: `ModelError` when the model does not generate, the text has no tokens or too many,
  ///   or the logits are not finite.
  public func generate(
    after text: [Int], _ settings: Generation.Settings, _ pass: inout Pass,
    each: (Generation.Step) throws -> Void = { _ in }
  ) throws -> Generation {
    var generation = try begin(text, settings, &pass)
    var sampler = Sampler(settings.filters, seed: settings.seed)
    var (new, seen) = (generation.prompt, Set(generation.prompt))
    while generation.steps.count < settings.count {
      let own = try distribution(after: new, &pass)
      let tau = settings.schedule.temperature(
        step: generation.steps.count, of: settings.count)
      let choice = sampler.choose(from: own, at: tau, seen: seen)
      let ends = endTokens.contains(choice.id) || settings.furtherEnds.contains(choice.id)
      let step = Generation.Step(
        choice, of: own, at: tau, row: pass.positions.upperBound - 1, endsText: ends)
      generation.steps.append(step)
      new = [choice.id]
      seen.insert(choice.id)
      try each(step)
      if ends, !settings.ignoresEnd {
        generation.stopped = .endToken(choice.id)
        break
      }
      if pass.positions.upperBound == configuration.maximumTokens,
        generation.steps.count < settings.count
      {
        generation.stopped = .contextFull
        break
      }
    }
    if !pass.recording.values.isEmpty, configuration.kind == .decoder,
      pass.positions.upperBound < configuration.maximumTokens
    {
      try transformer(new, &pass)
    }
    return generation
  }

  /// Runs all tokens of a generation at once: the steps never compute the scores that the mask
  /// leaves out, and a trace has every score. Of a target the last token is left out: nothing
  /// looks at it.
  ///
  /// - Throws: `ModelError` as `generate` does.
  public func run(_ generation: Generation, again pass: inout Pass) throws {
    let all = generation.prompt + generation.ids
    guard configuration.kind == .seq2seq else {
      try transformer(Array(all.prefix(configuration.maximumTokens)), &pass)
      return
    }
    try transformer.read(generation.source, &pass)
    try transformer(Array(all.prefix(max(1, all.count - 1))), &pass)
  }

  /// A generation without a step yet; where the model has an encoder, that has read the text.
  private func begin(
    _ text: [Int], _ settings: Generation.Settings, _ pass: inout Pass
  ) throws -> Generation {
    switch configuration.kind {
    case .encoder:
      throw ModelError(
        .badModel, "\(name) is an encoder and does not generate; name a decoder with --model")
    case .decoder:
      return Generation(prompt: text, steps: [], settings: settings, stopped: .length)
    case .seq2seq:
      try transformer.read(text, &pass)
      return Generation(
        source: text, prompt: [configuration.startToken ?? 0], steps: [], settings: settings,
        stopped: .length)
    }
  }

  /// The distribution of what follows the new tokens.
  private func distribution(after new: [Int], _ pass: inout Pass) throws -> Distribution {
    guard let logits = try transformer(new, &pass) else {
      throw ModelError(.badModel, "\(name) has no logits to choose a token from")
    }
    guard let own = Distribution(logits.slice(logits.rows - 1)) else {
      throw ModelError(
        .badModel,
        "\(name) gives logits that are not finite for token \(pass.positions.upperBound)")
    }
    return own
  }
}

extension Generation.Step {
  /// How many other tokens a step names.
  private static let namedOthers = 6

  fileprivate init(
    _ choice: Sampler.Choice, of own: Distribution, at temperature: Double, row: Int,
    endsText: Bool
  ) {
    let probabilities = own.probabilities(at: 1)
    let best = own.ranking(Self.namedOthers + 1).filter { $0 != choice.id }
    others = best.prefix(Self.namedOthers).map {
      Generation.Alternative(id: $0, probability: probabilities[$0])
    }
    let named = others.reduce(probabilities[choice.id]) { $0 + $1.probability }
    restCount = probabilities.count - 1 - others.count
    restProbability = restCount == 0 ? 0 : max(0, 1 - named)
    id = choice.id
    self.choice = choice
    self.row = row
    self.temperature = temperature
    self.endsText = endsText
    probability = probabilities[choice.id]
    rank = own.rank(of: choice.id)
    entropy = Distribution.entropy(of: probabilities)
  }
}
