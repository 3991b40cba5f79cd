internal import Tensors
internal import Transformers

/// Lets policies write continuations of the same prompts, each against each.
public struct Contest: Sendable {
  /// The policies, by their names.
  public let policies: [(name: String, model: StartingModel)]
  /// The most tokens of a continuation.
  public var length = 24
  /// What chance depends on.
  public var seed = 0

  /// Creates a contest of two policies or more.
  public init(_ policies: [(name: String, model: StartingModel)]) {
    precondition(policies.count > 1, "a contest of \(policies.count)")
    self.policies = policies
  }

  /// For every prompt each pair of policies with a text of its own on each side; compared by a rule,
  /// or by nobody yet.
  ///
  /// - Throws: `ModelError` for logits that are not finite.
  public func comparisons(
    after prompts: [AlignmentPrompt], by rule: PreferenceRule?
  ) throws -> [Comparison] {
    let count = policies.count
    let texts = try policies.enumerated().map { place, policy in
      let writer = ContinuationWriter(
        try policy.model.transformer(), ends: policy.model.ends, most: length,
        seed: Learner.mix([UInt64(bitPattern: Int64(seed)), 0x434F_4E54, UInt64(place)]))
      // A text for every other policy.
      return try writer(prompts.flatMap { Array(repeating: $0.ids, count: count - 1) })
    }
    var all: [Comparison] = []
    for (place, prompt) in prompts.enumerated() {
      for i in 0..<count {
        for j in (i + 1)..<max(count, i + 1) {
          let first = texts[i][place * (count - 1) + j - 1]
          let second = texts[j][place * (count - 1) + i]
          all.append(compared(i, first, j, second, after: prompt, by: rule, number: all.count))
        }
      }
    }
    return all
  }

  private func compared(
    _ i: Int, _ first: Continuation, _ j: Int, _ second: Continuation,
    after prompt: AlignmentPrompt, by rule: PreferenceRule?, number: Int
  ) -> Comparison {
    func side(_ place: Int, _ text: Continuation) -> Comparison.Side {
      Comparison.Side(
        PreferencePair.Text(policies[place].model.words(of: text), ids: text.ids),
        policy: policies[place].name)
    }
    let (left, right) = (side(i, first), side(j, second))
    var choice = Comparison.Choice.skip
    if let rule {
      let a = rule.score(of: left.text.text, isFinished: first.isFinished)
      let b = rule.score(of: right.text.text, isFinished: second.isFinished)
      choice = a > b ? .left : a < b ? .right : .tie
    }
    return Comparison(
      number: number, prompt: PreferencePair.Text(prompt.text, ids: prompt.ids), left: left,
      right: right, choice: choice, source: rule.map { .rule($0.rawValue) } ?? .person)
  }
}
