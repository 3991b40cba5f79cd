public import Tensors

extension Model {
  /// Continues a text, token after token; keys and values of the tokens so far are kept, so a
  /// step computes one row.
  ///
  /// When the pass records, the last token is run too, where the model has room for it: the trace
  /// is that of the whole text.
  ///
  /// - Parameters:
  ///   - prompt: The tokens to continue.
  ///   - settings: How tokens are chosen and how many.
  ///   - pass: What to keep and change; receives the trace.
  ///   - each: Learns of every token as it is chosen.
  /// - Throws: `ModelError` when the model does not generate, the text has no tokens or too many,
  ///   or the logits are not finite.
  public func generate(
    after prompt: [Int], _ settings: Generation.Settings, _ pass: inout Pass,
    each: (Generation.Step) throws -> Void = { _ in }
  ) throws -> Generation {
    guard configuration.kind == .decoder else {
      throw ModelError(
        .badModel, "\(name) is an encoder and does not generate; name a decoder with --model")
    }
    var generation = Generation(prompt: prompt, steps: [], settings: settings, stopped: .length)
    var sampler = Sampler(settings.filters, seed: settings.seed)
    var (new, seen) = (prompt, Set(prompt))
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
    if !pass.recording.values.isEmpty, pass.positions.upperBound < configuration.maximumTokens {
      try transformer(new, &pass)
    }
    return generation
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
