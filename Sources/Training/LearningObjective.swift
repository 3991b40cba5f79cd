package import Tensors
package import Transformers

/// What a model learns from, one of many.
package protocol LearningItem: Sendable {
  /// Rows that it takes.
  var size: Int { get }
}

/// What the loss of a batch is, for a run of its items: a part of it, how it depends on what the
/// model gave, and what is worth noting. `nil` where there is nothing to learn.
package typealias LearningObjective<Item, Note> =
  @Sendable (_ model: TrackedModel, _ run: [Item], _ dropout: Dropout?) throws -> LossPart<Note>?

/// A model with the parameters that it is made of, those that its blueprint does not know among
/// them.
package struct TrackedModel: Sendable {
  /// The model.
  package let transformer: Transformer
  /// All parameters, by their name in a checkpoint.
  package let parameters: [String: Tensor]

  package init(transformer: Transformer, parameters: [String: Tensor]) {
    (self.transformer, self.parameters) = (transformer, parameters)
  }
}

/// A part of a loss.
package struct LossPart<Note> {
  /// The number.
  package var loss: Double
  /// Tensors that the model gave, and the change of the loss by a change of each of their numbers.
  package var outputs: [(output: Tensor, slope: Tensor)]
  /// What is worth noting.
  package var note: Note
}

extension Learner {
  /// Learns from a batch by an objective.
  ///
  /// - Throws: `ModelError` for tokens that the model does not take, and for a loss that is no
  ///   number.
  package mutating func learn<Item: LearningItem, Note: Sendable>(
    _ batch: [Item], rate: Double, _ objective: LearningObjective<Item, Note>
  ) throws -> (outcome: Outcome, notes: [Note]) {
    let found = try sums(of: batch, objective)
    let norm = optimizer.step(&parameters, found.sums, of: found.starts.tensors, rate: rate)
    guard found.loss.isFinite, norm.isFinite else {
      throw ModelError(
        .badModel, "the loss is no number any more; train with a smaller learning rate")
    }
    return (Outcome(loss: found.loss, norm: norm), found.notes)
  }

  /// The gradients of the loss of a batch, by name.
  package func gradients<Item: LearningItem, Note: Sendable>(
    of batch: [Item], _ objective: LearningObjective<Item, Note>
  ) throws -> (loss: Double, gradients: [String: Tensor]) {
    let found = try sums(of: batch, objective)
    let gradients = found.starts.tensors.compactMapValues { start -> Tensor? in
      let parts = found.sums.compactMap { $0[start] }
      return parts.first.map { parts.dropFirst().reduce($0, +) }
    }
    return (found.loss, gradients)
  }

  private func sums<Item: LearningItem, Note: Sendable>(
    of batch: [Item], _ objective: LearningObjective<Item, Note>
  ) throws -> (loss: Double, notes: [Note], sums: [GradientSums], starts: TrackedParameters) {
    let starts = TrackedParameters(parameters, path: "the model in training")
    let model = TrackedModel(transformer: try model(of: starts), parameters: starts.tensors)
    let step = optimizer.steps
    let results = Array(Self.cut(batch).enumerated()).concurrentLanes { lane, runs in
      var found = LaneResult<Note>(loss: 0, notes: [], sums: GradientSums())
      for (index, run) in runs.enumerated() {
        let key = Self.mix([seed, UInt64(step), UInt64(lane), UInt64(index)])
        let chance = dropout > 0 ? Dropout(rate: dropout, key: key) : nil
        guard let part = try objective(model, run, chance) else { continue }
        found.loss += part.loss
        found.notes.append(part.note)
        for (output, slope) in part.outputs {
          output.addGradients(to: found.sums, from: slope)
        }
      }
      return found
    }
    let parts = try results.map { try $0.get() }
    return (
      parts.reduce(0) { $0 + $1.loss }, parts.flatMap(\.notes), parts.map(\.sums), starts
    )
  }
}

/// What a lane found; it is handed from one thread to another and used by one at a time.
private struct LaneResult<Note: Sendable>: @unchecked Sendable {
  var loss: Double
  var notes: [Note]
  var sums: GradientSums
}
