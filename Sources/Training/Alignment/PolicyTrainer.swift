public import Files
internal import Tensors
internal import Tokenization
public import Transformers

/// A run of policy optimisation: the policy writes, is judged, and learns; a frozen copy of what it
/// was says how far it has come.
public struct PolicyTrainer: Sendable {
  /// How it is optimised.
  public let settings: AlignmentSettings
  /// What happened so far.
  public internal(set) var log = AlignmentLog()
  let material: PolicyMaterial
  let reference: Transformer
  var learner: Learner
  private let pairs: [DirectPair]

  /// Iterations that were made.
  public var iteration: Int { log.iterations.count }

  /// Whether nothing is left to do.
  public var isFinished: Bool { iteration >= settings.iterations || log.stopped != nil }

  /// Prompts whose texts are kept in the log.
  static let watched = 4
  /// Texts of an evaluation.
  private static let evaluated = 128

  /// Begins a run: policy and reference are the same.
  ///
  /// - Throws: `ModelError` where something that the method needs is missing, or a prompt or a pair
  ///   is too long.
  public init(_ material: PolicyMaterial, _ settings: AlignmentSettings) throws {
    self.material = material
    self.settings = settings
    let start = material.start
    reference = try start.transformer()
    try Self.check(material, settings)
    pairs =
      settings.method == .dpo
      ? try DirectPair.measured(material.pairs, by: reference, ends: start.ends) : []
    var optimizer = Optimizer()
    // What the policy was is to be kept by λ alone.
    optimizer.decay = 0
    let head = ScalarHead.value.newParameters(width: start.blueprint.shape.width)
    learner = Learner(
      start.blueprint,
      parameters: start.parameters.merging(settings.method == .ppo ? head : [:]) { $1 },
      optimizer: optimizer)
    learner.seed = UInt64(bitPattern: Int64(settings.seed))
    log.model = start.name
    log.rule = material.rule
    log.reward = material.reward?.evaluation
  }

  private static func check(
    _ material: PolicyMaterial, _ settings: AlignmentSettings
  ) throws {
    let most = material.start.blueprint.shape.maximumTokens
    guard settings.method == .dpo || material.reward != nil else {
      throw ModelError(.badModel, "\(settings.method.rawValue) needs a reward model")
    }
    guard settings.method != .dpo || (!material.pairs.isEmpty && settings.kl > 0) else {
      throw ModelError(.badText, "dpo needs pairs, and a β above 0")
    }
    guard
      material.reward.map({ $0.model.blueprint.shape.vocabulary })
        ?? material.start.blueprint.shape.vocabulary == material.start.blueprint.shape.vocabulary
    else { throw ModelError(.badModel, "the reward model has another vocabulary") }
    let prompts = material.prompts + material.keptPrompts
    guard !material.prompts.isEmpty,
      prompts.allSatisfy({ !$0.ids.isEmpty && $0.ids.count + settings.length <= most })
    else {
      throw ModelError(
        .badText, "a prompt and \(settings.length) tokens have to fit in the model's \(most)")
    }
    guard
      material.pairs.allSatisfy({
        $0.prompt.ids.count + max($0.chosen.ids.count, $0.rejected.ids.count) <= most
      })
    else { throw ModelError(.badText, "a pair has more than \(most) tokens") }
  }

  // MARK: a run

  /// Looks at the policy before it learns.
  ///
  /// - Throws: `ModelError` as `iterate` does.
  public mutating func begin() throws {
    guard log.samples.isEmpty else { return }
    try look()
  }

  /// One iteration: texts are written and judged, then learned from.
  ///
  /// - Throws: `ModelError` when a number is not finite any more.
  public mutating func iterate() throws {
    let clock = ContinuousClock()
    let began = clock.now
    let texts = try measured(
      prompts(of: iteration), seed: key(0x5752, UInt64(iteration)))
    var result = try summary(of: texts)
    result.iteration = iteration + 1
    switch settings.method {
    case .ppo: try learnClipped(try judged(texts), &result)
    case .reinforce: try learnReinforced(try judged(texts), &result)
    case .dpo: try learnDirectly(&result)
    }
    log.iterations.append(result)
    log.seconds.append((clock.now - began) / .seconds(1))
    if settings.klLimit > 0, result.divergence.exact > settings.klLimit {
      log.stopped = "the exact KL exceeded the limit"
    }
    if isFinished || iteration == settings.iterations / 2 { try look() }
    if isFinished { try lookBack() }
  }

  /// What chance of one kind at one place depends on.
  private func key(_ kind: UInt64, _ place: UInt64 = 0) -> UInt64 {
    Learner.mix([learner.seed, kind, place])
  }

  private func prompts(of iteration: Int) -> [AlignmentPrompt] {
    var random = RandomNumbers(seed: key(0x5052, UInt64(iteration)))
    return (0..<settings.batch).map { _ in
      material.prompts[Int(random.next() % UInt64(material.prompts.count))]
    }
  }

  /// What the policy writes after prompts, measured.
  private func measured(_ prompts: [AlignmentPrompt], seed: UInt64) throws -> [MeasuredText] {
    let policy = TrackedModel(
      transformer: try learner.model(), parameters: learner.parameters)
    let writer = ContinuationWriter(
      policy.transformer, ends: material.start.ends, most: settings.length, seed: seed)
    return try MeasuredText.measure(
      try writer(prompts.map(\.ids)), by: policy, against: reference)
  }

  /// r_θ of every text; 0 without a reward model.
  private func rewards(of texts: [MeasuredText]) throws -> [Double] {
    try material.reward?.rewards(of: texts.map(\.text.tokens)) ?? texts.map { _ in 0 }
  }

  private func score(_ text: Continuation) -> Double? {
    material.rule?.score(of: material.start.words(of: text), isFinished: text.isFinished)
  }

  /// What is known of texts before anything is learned from them.
  private func summary(of texts: [MeasuredText]) throws -> AlignmentIteration {
    func mean(_ numbers: [Double]) -> Double {
      numbers.reduce(0, +) / Double(max(1, numbers.count))
    }
    var result = AlignmentIteration()
    result.reward = mean(try rewards(of: texts))
    let scores = texts.compactMap { score($0.text) }
    result.score = scores.isEmpty ? nil : mean(scores)
    result.divergence = Divergence.mean(texts.map(\.divergence))
    result.total = result.reward - settings.kl * result.divergence.k1
    result.entropy = mean(texts.flatMap(\.entropy))
    result.surprise = -mean(texts.flatMap(\.reference))
    result.length = mean(texts.map { Double($0.text.ids.count) })
    result.finished = mean(texts.map { $0.text.isFinished ? 1 : 0 })
    return result
  }

  // MARK: learning

  private var rate: Double {
    LearningRate(peak: settings.rate, warmup: 0, steps: settings.iterations)[iteration]
  }

  /// The texts with advantages and returns.
  private func judged(_ texts: [MeasuredText]) throws -> [MeasuredText] {
    let rewards = try rewards(of: texts)
    var texts = texts
    guard settings.method == .ppo else {
      let totals = zip(rewards, texts).map { $0 - settings.kl * $1.divergence.k1 }
      let (sum, others) = (totals.reduce(0, +), Double(max(1, totals.count - 1)))
      for place in texts.indices {
        // The baseline is the mean of the other texts.
        let advantage = totals[place] - (sum - totals[place]) / others
        texts[place].advantages = texts[place].policy.map { _ in advantage }
      }
      return texts
    }
    for (place, text) in texts.enumerated() {
      var steps = zip(text.policy, text.reference).map { -settings.kl * ($0 - $1) }
      steps[steps.count - 1] += rewards[place]
      let estimate = Advantages(
        rewards: steps, values: text.values, discount: settings.discount, decay: settings.decay)
      (texts[place].advantages, texts[place].returns) = (estimate.advantages, estimate.returns)
    }
    for (place, own) in Advantages.whitened(texts.map(\.advantages)).enumerated() {
      texts[place].advantages = own
    }
    return texts
  }

  private mutating func learnClipped(
    _ texts: [MeasuredText], _ result: inout AlignmentIteration
  ) throws {
    var (tokens, moved) = (0.0, 0.0)
    result.ratios = RatioHistogram(clip: settings.clip)
    epochs: for epoch in 0..<settings.epochs {
      let order = Learner.permutation(
        of: texts.count, key: [learner.seed, 0x4D42, UInt64(iteration), UInt64(epoch)])
      for batch in minibatches(order.map { texts[$0] }) {
        let count = Double(batch.reduce(0) { $0 + $1.text.ids.count })
        let (outcome, notes) = try learner.learn(batch, rate: rate) {
          [settings] model, run, _ in try model.clippedLoss(run, settings, of: count)
        }
        result.add(notes, norm: outcome.norm)
        tokens += count
        moved = notes.reduce(0) { $0 + $1.moved } / count
        if moved > settings.stepLimit { break epochs }
      }
    }
    result.finish(count: tokens)
  }

  private mutating func learnReinforced(
    _ texts: [MeasuredText], _ result: inout AlignmentIteration
  ) throws {
    let count = Double(texts.reduce(0) { $0 + $1.text.ids.count })
    let (outcome, notes) = try learner.learn(texts, rate: rate) { model, run, _ in
      try model.reinforcedLoss(run, of: count)
    }
    result.add(notes, norm: outcome.norm)
    result.finish(count: count)
  }

  private mutating func learnDirectly(_ result: inout AlignmentIteration) throws {
    // A pass through all pairs after the other, each in an order of its own.
    let first = iteration * settings.batch
    let batch = (first..<first + settings.batch).map { place in
      let (round, index) = place.quotientAndRemainder(dividingBy: pairs.count)
      return pairs[
        Learner.permutation(of: pairs.count, key: [learner.seed, 0x4450, UInt64(round)])[index]]
    }
    for part in minibatches(batch) {
      let count = Double(part.count)
      let (outcome, notes) = try learner.learn(part, rate: rate) {
        [settings] model, run, _ in try model.directLoss(run, beta: settings.kl, of: count)
      }
      result.add(notes, norm: outcome.norm)
    }
    result.finish(count: Double(batch.count))
  }

  private func minibatches<Item>(_ items: [Item]) -> [[Item]] {
    let size = (items.count + settings.minibatches - 1) / max(1, settings.minibatches)
    return stride(from: 0, to: items.count, by: max(1, size)).map {
      Array(items[$0..<min($0 + size, items.count)])
    }
  }

  // MARK: looks

  /// Measures the policy with prompts that were kept aside, and keeps some of its texts. Chance is
  /// the same every time.
  private mutating func look() throws {
    let prompts = (0..<Self.evaluated).map {
      material.keptPrompts[$0 % material.keptPrompts.count]
    }
    let texts = try measured(prompts, seed: key(0x4C4F_4F4B))
    let rewards = try rewards(of: texts)
    var evaluation = try summary(of: texts)
    evaluation.iteration = iteration
    log.evaluations.append(evaluation)
    let shown = texts.prefix(min(Self.watched, material.keptPrompts.count))
    log.samples.append(
      AlignmentSamples(
        iteration: iteration,
        texts: shown.enumerated().map { place, text in
          AlignmentSamples.Text(
            prompt: prompts[place].text, text: material.start.words(of: text.text),
            isFinished: text.text.isFinished,
            reward: material.reward == nil ? nil : rewards[place], score: score(text.text))
        }))
  }

  private mutating func lookBack() throws {
    guard let prompt = material.keptPrompts.first else { return }
    log.look = try AlignmentLook(
      prompt.text, ids: prompt.ids, before: reference, after: try learner.model()
    ) { material.start.tokenizer.display(id: $0).text }
  }
}

extension AlignmentIteration {
  /// Adds what a step noted.
  fileprivate mutating func add(_ notes: [PolicyNote], norm: Double) {
    steps += 1
    self.norm += norm
    for note in notes {
      policyLoss += note.policyLoss
      valueLoss += note.valueLoss
      note.ratios.map { ratios?.add($0) }
    }
  }

  /// Makes means of sums.
  fileprivate mutating func finish(count: Double) {
    policyLoss /= max(1, count)
    valueLoss /= max(1, count)
    norm /= Double(max(1, steps))
    clipped = ratios?.clippedShare ?? 0
  }
}
