internal import Tensors
package import Transformers

/// A continuation with what the policy that wrote it and the reference think of each of its tokens.
package struct MeasuredText: LearningItem, Equatable {
  package var text: Continuation
  /// ln π of every token.
  package var policy: [Double] = []
  /// ln π_ref of the same.
  package var reference: [Double] = []
  /// KL of the two distributions before each token, over the whole vocabulary.
  package var exact: [Double] = []
  /// The entropy of the policy there.
  package var entropy: [Double] = []
  /// What the value head expects before each token.
  package var values: [Double] = []
  /// How much better each token was than expected; for learning.
  package var advantages: [Double] = []
  /// What the value head should have said; for learning.
  package var returns: [Double] = []

  package init(_ text: Continuation) { self.text = text }

  package var size: Int { text.tokens.count - 1 }

  /// How far the policy is from the reference in this text.
  var divergence: Divergence {
    Divergence(policy: policy, reference: reference, exact: exact)
  }
}

extension Transformer {
  /// The final hidden states of which the tokens of some continuations are predicted, one below the
  /// other, `[tokens, D]`.
  func states(before texts: [Continuation], dropout: Dropout? = nil) throws -> Tensor {
    var pass = Pass(recording: .nothing, logits: .none)
    pass.dropout = dropout
    let hidden = try hidden(texts: texts.map { Array($0.tokens.dropLast()) }, &pass)
    let width = hidden.rows / max(1, texts.count)
    let places = texts.enumerated().flatMap { place, text in
      text.ids.indices.map { place * width + text.prompt.count - 1 + $0 }
    }
    return hidden.gatheringRows(places)
  }
}

extension MeasuredText {
  /// Measures texts, in their order.
  ///
  /// - Parameters:
  ///   - policy: The model that wrote them, and its value head where it has one.
  ///   - reference: The model that it began as.
  /// - Throws: `ModelError` for tokens that the models do not take.
  package static func measure(
    _ texts: [Continuation], by policy: TrackedModel, against reference: Transformer
  ) throws -> [MeasuredText] {
    let items = texts.enumerated().map { PlacedText(place: $0, tokens: $1.tokens) }
    let lanes = Learner.cut(items).concurrentLanes { runs in
      try runs.flatMap { run in
        let texts = run.map { texts[$0.place] }
        return zip(run, try measured(texts, by: policy, against: reference)).map { ($0.place, $1) }
      }
    }
    var result = texts.map(MeasuredText.init)
    for lane in lanes {
      for (place, text) in try lane.get() { result[place] = text }
    }
    return result
  }

  private static func measured(
    _ texts: [Continuation], by policy: TrackedModel, against reference: Transformer
  ) throws -> [MeasuredText] {
    let states = try policy.transformer.states(before: texts)
    let other = try reference.states(before: texts)
    guard let own = policy.transformer.logits(ofHidden: states),
      let base = reference.logits(ofHidden: other)
    else { throw ModelError(.badModel, "the model has no logits to choose a token from") }
    let hasValues = ScalarHead.value.isIn(policy.parameters, width: states.width)
    let values = hasValues ? ScalarHead.value(states, policy.parameters).numbers : []
    var row = 0
    return own.withNumbers { p in
      base.withNumbers { q in
        texts.map { text in
          var result = MeasuredText(text)
          for id in text.ids {
            let part = row * own.width..<(row + 1) * own.width
            result.add(
              id, UnsafeBufferPointer(rebasing: p[part]), UnsafeBufferPointer(rebasing: q[part]))
            result.values.append(hasValues ? Double(values[row]) : 0)
            row += 1
          }
          return result
        }
      }
    }
  }

  /// Adds a token, with the logits of both models before it.
  private mutating func add(
    _ id: Int, _ own: UnsafeBufferPointer<Float>, _ base: UnsafeBufferPointer<Float>
  ) {
    policy.append(Double(own[id]) - Divergence.logPartition(own))
    reference.append(Double(base[id]) - Divergence.logPartition(base))
    let rows = Divergence.rows(own, base)
    exact.append(rows.exact)
    entropy.append(rows.entropy)
  }
}
