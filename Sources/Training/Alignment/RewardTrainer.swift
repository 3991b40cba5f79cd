public import Files
internal import Tensors
package import Transformers

/// How a reward model is trained.
public struct RewardSettings: Sendable, Equatable {
  /// How often it sees every pair.
  public var epochs = 3
  /// Pairs of a step.
  public var batch = 16
  /// The largest learning rate.
  public var rate = 3e-4
  /// The share of the pairs that is kept aside.
  public var kept = 0.25
  /// What chance depends on.
  public var seed = 0

  /// The standard settings.
  public init() {}
}

/// Trains a reward model on pairs: the whole transformer and its new head.
public struct RewardTrainer: Sendable {
  /// The settings.
  public let settings: RewardSettings
  /// The mean loss of every step.
  public private(set) var losses: [Double] = []
  private var learner: Learner
  private var start: StartingModel
  private let rule: PreferenceRule?
  private let learned: [RewardPair]
  private let kept: [RewardPair]

  /// Steps in all.
  public var steps: Int { settings.epochs * stepsOfEpoch }
  /// Steps that were made.
  public var step: Int { losses.count }
  private var stepsOfEpoch: Int { (learned.count + settings.batch - 1) / settings.batch }

  /// Begins with a language model. Every so-manieth pair is kept aside; pairs of one prompt stay
  /// together.
  ///
  /// - Throws: `ModelError` for pairs that the model does not take, or too few of them.
  public init(
    _ start: StartingModel, _ pairs: [PreferencePair], _ settings: RewardSettings
  ) throws {
    self.start = start
    self.settings = settings
    let items = pairs.map(RewardPair.init)
    let most = start.blueprint.shape.maximumTokens
    guard items.allSatisfy({ max($0.chosen.count, $0.rejected.count) <= most }) else {
      throw ModelError(.badText, "a pair has more than the \(most) tokens that the model takes")
    }
    let isKept = Self.keptPrompts(pairs, settings)
    kept = items.filter { isKept.contains($0.pair.prompt.ids) }
    learned = items.filter { !isKept.contains($0.pair.prompt.ids) }
    guard !learned.isEmpty, !kept.isEmpty else {
      throw ModelError(
        .badText, "\(pairs.count) pairs are too few to learn from some and keep some aside")
    }
    let names = Set(pairs.map { $0.source.ruleName })
    rule = names.count == 1 ? names.first.flatMap { PreferenceRule(rawValue: $0) } : nil
    var optimizer = Optimizer()
    optimizer.decay = 0.01
    let head = ScalarHead.reward.newParameters(width: start.blueprint.shape.width)
    learner = Learner(
      start.blueprint, parameters: start.parameters.merging(head) { $1 }, optimizer: optimizer)
    learner.seed = UInt64(bitPattern: Int64(settings.seed))
  }

  /// Prompts whose pairs are kept aside, in a random order until there are enough.
  private static func keptPrompts(
    _ pairs: [PreferencePair], _ settings: RewardSettings
  ) -> Set<[Int]> {
    var counts: [[Int]: Int] = [:]
    var prompts: [[Int]] = []
    for pair in pairs {
      if counts[pair.prompt.ids] == nil { prompts.append(pair.prompt.ids) }
      counts[pair.prompt.ids, default: 0] += 1
    }
    let seed = UInt64(bitPattern: Int64(settings.seed))
    var (kept, count) = (Set<[Int]>(), 0)
    for place in Learner.permutation(of: prompts.count, key: [seed, 0x4B45_5054]) {
      guard Double(count) < settings.kept * Double(pairs.count) else { break }
      kept.insert(prompts[place])
      count += counts[prompts[place]] ?? 0
    }
    return kept
  }

  /// One step.
  ///
  /// - Throws: `ModelError` when the loss is no number any more.
  public mutating func learn() throws {
    let (epoch, place) = step.quotientAndRemainder(dividingBy: max(1, stepsOfEpoch))
    let order = Learner.permutation(of: learned.count, key: [learner.seed, 0x4550, UInt64(epoch)])
    let batch = order.dropFirst(place * settings.batch).prefix(settings.batch).map { learned[$0] }
    let rate = LearningRate(
      peak: settings.rate, warmup: min(10, steps / 4), steps: steps)[step]
    let count = Double(batch.count)
    let outcome = try learner.learn(batch, rate: rate) { model, run, dropout in
      try model.pairLoss(run, dropout, of: count)
    }.outcome
    losses.append(outcome.loss)
  }

  /// The reward model as it is now, evaluated with what was kept aside.
  ///
  /// - Throws: `ModelError` as `learn` does.
  public func model() throws -> RewardModel {
    var trained = start
    trained.parameters = learner.parameters
    var model = try RewardModel(trained)
    let chosen = try model.rawRewards(of: kept.map(\.chosen))
    let rejected = try model.rawRewards(of: kept.map(\.rejected))
    func judged(_ text: PreferencePair.Text, _ reward: Double) -> RewardEvaluation.Judged {
      let isFinished = text.ids.last.map(start.ends.contains) ?? false
      return RewardEvaluation.Judged(
        reward: reward, length: Double(PreferenceRule.words(of: text.text).count),
        score: rule?.score(of: text.text, isFinished: isFinished))
    }
    model.rule = rule
    model.evaluation = RewardEvaluation(
      kept.indices.map {
        (
          judged(kept[$0].pair.chosen, chosen[$0]), judged(kept[$0].pair.rejected, rejected[$0])
        )
      }, trained: learned.count)
    return model
  }
}

/// A pair as the reward model reads it.
package struct RewardPair: LearningItem {
  let pair: PreferencePair
  let chosen: [Int]
  let rejected: [Int]

  package init(_ pair: PreferencePair) {
    self.pair = pair
    chosen = pair.prompt.ids + pair.chosen.ids
    rejected = pair.prompt.ids + pair.rejected.ids
  }

  package var size: Int { 2 * max(chosen.count, rejected.count) }
}

extension PreferencePair.Source {
  /// The name of the rule; empty for a person.
  fileprivate var ruleName: String {
    if case .rule(let name) = self { name } else { "" }
  }
}

extension TrackedModel {
  /// The mean of −ln σ(r_w − r_l) of so many pairs, of which these are some.
  package func pairLoss(
    _ run: [RewardPair], _ dropout: Dropout?, of count: Double
  ) throws -> LossPart<Void> {
    let texts = run.map(\.chosen) + run.map(\.rejected)
    let rewards = try transformer.rewards(of: texts, parameters, dropout: dropout)
    let numbers = rewards.numbers.map(Double.init)
    let loss = AlignmentLoss.pairs(
      chosen: Array(numbers.prefix(run.count)), rejected: Array(numbers.suffix(run.count)))
    let slopes = (loss.slopes + loss.slopes.map { -$0 }).map { Float($0 / count) }
    return LossPart(
      loss: loss.loss / count,
      outputs: [(rewards, Tensor(slopes, shape: rewards.shape))], note: ())
  }
}

extension Learner {
  /// The numbers below a count in an order that depends on the key alone (Fisher & Yates 1938).
  static func permutation(of count: Int, key: [UInt64]) -> [Int] {
    var random = RandomNumbers(seed: mix(key))
    var order = Array(0..<count)
    for place in order.indices.dropFirst().reversed() {
      order.swapAt(place, Int(random.next() % UInt64(place + 1)))
    }
    return order
  }
}
