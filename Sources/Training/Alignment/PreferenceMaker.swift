internal import Tensors
internal import Transformers

/// Lets a model write continuations in pairs and a rule choose between them.
public struct PreferenceMaker: Sendable {
  /// The model that writes.
  public let start: StartingModel
  /// What chooses.
  public let rule: PreferenceRule
  /// The probability of a label that is turned round.
  public var noise = 0.0
  /// The most tokens of a continuation.
  public var length = 24
  /// What chance depends on.
  public var seed = 0

  /// Continuations of every prompt in a round.
  private static let tries = 4
  /// Rounds after which the pairs that there are have to do.
  private static let rounds = 50

  /// Creates a maker.
  public init(_ start: StartingModel, _ rule: PreferenceRule) {
    (self.start, self.rule) = (start, rule)
  }

  /// Pairs in which the rule has a preference; each text stands in one of them at most.
  ///
  /// - Parameters:
  ///   - count: How many; fewer where the model hardly writes what the rule can tell apart.
  ///   - prompts: The prompts.
  ///   - each: Learns of how many there are so far.
  /// - Throws: `ModelError` for logits that are not finite.
  public func pairs(
    _ count: Int, after prompts: [AlignmentPrompt], each: (Int) -> Void = { _ in }
  ) throws -> [PreferencePair] {
    let (model, seed) = (try start.transformer(), UInt64(bitPattern: Int64(seed)))
    var (pairs, number) = ([PreferencePair](), 0)
    // As many prompts at once as are worth while.
    let share = max(1, min(prompts.count, 64))
    for round in 0..<Self.rounds * max(1, count / share) where pairs.count < count {
      let chosen = (0..<share).map { prompts[(round * share + $0) % prompts.count] }
      let writer = ContinuationWriter(
        model, ends: start.ends, most: length, seed: Learner.mix([seed, 0x5041, UInt64(round)]))
      let texts = try writer(
        chosen.flatMap { Array(repeating: $0.ids, count: Self.tries) })
      for (place, prompt) in chosen.enumerated() {
        let own = texts[place * Self.tries..<(place + 1) * Self.tries]
        pairs += compared(Array(own), after: prompt, &number)
      }
      each(min(count, pairs.count))
    }
    return Array(pairs.prefix(count))
  }

  /// The continuations of one prompt, each compared once with one that the rule tells from it.
  private func compared(
    _ texts: [Continuation], after prompt: AlignmentPrompt, _ number: inout Int
  ) -> [PreferencePair] {
    let scored = texts.map { text in
      let words = start.words(of: text)
      return (
        text: PreferencePair.Text(words, ids: text.ids),
        score: rule.score(of: words, isFinished: text.isFinished)
      )
    }
    var (pairs, used) = ([PreferencePair](), Set<Int>())
    for first in scored.indices where !used.contains(first) {
      let others = scored.indices.dropFirst(first + 1).filter { !used.contains($0) }
      for second in others {
        let label = PreferenceRule.label(
          scored[first].score, scored[second].score, noise: noise,
          seed: UInt64(bitPattern: Int64(seed)), number: number)
        guard let label else { continue }
        number += 1
        used.formUnion([first, second])
        let (one, other) = (scored[first].text, scored[second].text)
        pairs.append(
          PreferencePair(
            prompt: PreferencePair.Text(prompt.text, ids: prompt.ids),
            chosen: label.choosesFirst ? one : other, rejected: label.choosesFirst ? other : one,
            source: .rule(rule.rawValue), isFlipped: label.isFlipped))
        break
      }
    }
    return pairs
  }
}
