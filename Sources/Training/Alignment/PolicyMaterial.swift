internal import Tensors
internal import Transformers

/// What a policy is optimised from.
public struct PolicyMaterial: Sendable {
  /// The model that it begins as, and the frozen reference.
  public var start: StartingModel
  /// What says how good a text is; direct preference optimisation needs none, and is only measured
  /// by it.
  public var reward: RewardModel?
  /// The rule behind the preferences, where there is one: it is only measured.
  public var rule: PreferenceRule?
  /// What it continues while it learns.
  public var prompts: [AlignmentPrompt]
  /// What it is measured with.
  public var keptPrompts: [AlignmentPrompt]
  /// Pairs, for direct preference optimisation.
  public var pairs: [PreferencePair] = []

  /// Collects what is needed: every fourth prompt is kept aside.
  public init(
    _ start: StartingModel, reward: RewardModel?, rule: PreferenceRule?,
    prompts: [AlignmentPrompt], pairs: [PreferencePair] = []
  ) {
    (self.start, self.reward, self.pairs) = (start, reward, pairs)
    self.rule = rule ?? reward?.rule
    let kept = prompts.indices.filter { $0 % 4 == 3 }.map { prompts[$0] }
    let rest = prompts.indices.filter { $0 % 4 != 3 }.map { prompts[$0] }
    self.prompts = rest
    keptPrompts = kept.isEmpty ? rest : kept
  }

  /// A number that other material does not have.
  var digest: UInt64 {
    func mix(_ numbers: [Int]) -> UInt64 {
      Learner.mix([UInt64(numbers.count)] + numbers.map { UInt64(bitPattern: Int64($0)) })
    }
    let texts = (prompts + keptPrompts).map { mix($0.ids) }
    let judged = pairs.map { mix($0.prompt.ids + [-1] + $0.chosen.ids + [-1] + $0.rejected.ids) }
    let rewards = reward.map { [$0.evaluation.mean, $0.evaluation.deviation] } ?? []
    let sums = start.parameters.sorted { $0.key < $1.key }.map {
      $0.value.sumOfSquares.bitPattern
    }
    return Learner.mix(texts + judged + rewards.map(\.bitPattern) + sums)
  }
}
