internal import Tensors
package import Transformers

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// What a step of policy optimisation is to be remembered by: sums over its tokens.
package struct PolicyNote: Sendable {
  var policyLoss = 0.0
  var valueLoss = 0.0
  var ratios: RatioHistogram?
  /// Σ k₃ of the new policy against the one that wrote the texts.
  var moved = 0.0
}

extension TrackedModel {
  /// −ln π of every token of some continuations, `[tokens]`, and the states before them.
  private func surprises(
    of texts: [Continuation]
  ) throws -> (surprises: Tensor, states: Tensor) {
    let states = try transformer.states(before: texts)
    guard let logits = transformer.logits(ofHidden: states) else {
      throw ModelError(.badModel, "the model has no logits to learn by")
    }
    return (logits.surprises(of: texts.flatMap(\.ids)), states)
  }

  /// The clipped objective and the value head's error (Schulman et al. 2017, eq. 9 without its
  /// entropy), over so many tokens. The value head learns from states that it does not change.
  package func clippedLoss(
    _ run: [MeasuredText], _ settings: AlignmentSettings, of tokens: Double
  ) throws -> LossPart<PolicyNote> {
    let (surprises, states) = try surprises(of: run.map(\.text))
    let new = surprises.numbers.map { -Double($0) }
    let (old, advantages) = (run.flatMap(\.policy), run.flatMap(\.advantages))
    let policy = AlignmentLoss.clipped(
      new: new, old: old, advantages: advantages, clip: settings.clip)
    let expected = ScalarHead.value(states.detached, parameters)
    let value = AlignmentLoss.values(
      expected.numbers.map(Double.init), returns: run.flatMap(\.returns))
    var note = PolicyNote(
      policyLoss: policy.loss, valueLoss: value.loss,
      ratios: RatioHistogram(clip: settings.clip),
      moved: Divergence(policy: old, reference: new).k3)
    for place in new.indices {
      note.ratios?.add(ratio: exp(new[place] - old[place]), advantage: advantages[place])
    }
    return LossPart(
      loss: (policy.loss + settings.valueWeight * value.loss) / tokens,
      outputs: [
        (surprises, surprises.slopes(policy.slopes, times: -1 / tokens)),
        (expected, expected.slopes(value.slopes, times: settings.valueWeight / tokens)),
      ], note: note)
  }

  /// The plain policy gradient, over so many tokens.
  package func reinforcedLoss(
    _ run: [MeasuredText], of tokens: Double
  ) throws -> LossPart<PolicyNote> {
    let (surprises, _) = try surprises(of: run.map(\.text))
    let loss = AlignmentLoss.reinforced(
      new: surprises.numbers.map { -Double($0) }, advantages: run.flatMap(\.advantages))
    return LossPart(
      loss: loss.loss / tokens,
      outputs: [(surprises, surprises.slopes(loss.slopes, times: -1 / tokens))],
      note: PolicyNote(policyLoss: loss.loss))
  }

  /// Direct preference optimisation, over so many pairs.
  package func directLoss(
    _ run: [DirectPair], beta: Double, of pairs: Double
  ) throws -> LossPart<PolicyNote> {
    let texts = run.map(\.chosen) + run.map(\.rejected)
    let (surprises, _) = try surprises(of: texts)
    let numbers = surprises.numbers.map { -Double($0) }
    var (sums, first) = ([Double](), 0)
    for text in texts {
      sums.append(numbers[first..<first + text.ids.count].reduce(0, +))
      first += text.ids.count
    }
    let loss = AlignmentLoss.direct(
      chosen: Array(sums.prefix(run.count)), rejected: Array(sums.suffix(run.count)),
      chosenReference: run.map(\.chosenReference), rejectedReference: run.map(\.rejectedReference),
      beta: beta)
    let slopes = zip(texts, loss.slopes + loss.slopes.map { -$0 }).flatMap { text, slope in
      text.ids.map { _ in slope }
    }
    return LossPart(
      loss: loss.loss / pairs,
      outputs: [(surprises, surprises.slopes(slopes, times: -1 / pairs))],
      note: PolicyNote(policyLoss: loss.loss))
  }
}

/// A pair as direct preference optimisation reads it.
package struct DirectPair: LearningItem, Equatable {
  var chosen: Continuation
  var rejected: Continuation
  /// ln π_ref of the whole chosen text.
  var chosenReference = 0.0
  /// ln π_ref of the whole rejected text.
  var rejectedReference = 0.0

  package var size: Int { 2 * max(chosen.tokens.count, rejected.tokens.count) }

  /// Pairs with what the reference thinks of their texts.
  package static func measured(
    _ pairs: [PreferencePair], by reference: Transformer, ends: Set<Int>
  ) throws -> [DirectPair] {
    func text(_ prompt: [Int], _ ids: [Int]) -> Continuation {
      Continuation(prompt: prompt, ids: ids, isFinished: ids.last.map(ends.contains) ?? false)
    }
    let all = pairs.map {
      DirectPair(
        chosen: text($0.prompt.ids, $0.chosen.ids), rejected: text($0.prompt.ids, $0.rejected.ids))
    }
    let model = TrackedModel(transformer: reference, parameters: [:])
    let texts = all.flatMap { [$0.chosen, $0.rejected] }
    let measured = try MeasuredText.measure(texts, by: model, against: reference)
    return all.enumerated().map { place, pair in
      var pair = pair
      pair.chosenReference = measured[2 * place].policy.reduce(0, +)
      pair.rejectedReference = measured[2 * place + 1].policy.reduce(0, +)
      return pair
    }
  }
}

extension Tensor {
  /// Slopes of this tensor's shape.
  fileprivate func slopes(_ slopes: [Double], times factor: Double) -> Tensor {
    Tensor(slopes.map { Float($0 * factor) }, shape: shape)
  }
}
