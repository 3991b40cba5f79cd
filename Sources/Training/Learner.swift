internal import TensorFiles
package import Tensors
package import Transformers

/// One model in training: its parameters, and how a batch changes them.
///
/// A batch is cut into lanes by its size alone, and lanes into runs of rows that stay in a
/// processor's cache; lanes run side by side, each with gradients of its own. So the numbers do not
/// depend on how many threads there are.
package struct Learner: Sendable {
  package let blueprint: Blueprint
  /// The parameters by their name in a checkpoint.
  package internal(set) var parameters: [String: Tensor]
  package internal(set) var optimizer: Optimizer
  /// How much is left out by chance.
  package var dropout: Float = 0
  /// What chance depends on.
  package var seed: UInt64 = 0
  /// Whether the model has its residual connections: without them it is only measured.
  package var hasResiduals = true
  /// Whether its blocks have their norms.
  package var hasNorms = true

  /// Lanes of a batch.
  private static let lanes = 4
  /// Rows that are computed at once, about.
  package static let rows = 512

  package init(_ blueprint: Blueprint, parameters: [String: Tensor], optimizer: Optimizer) {
    self.blueprint = blueprint
    self.parameters = parameters
    self.optimizer = optimizer
  }

  /// What a step did.
  package struct Outcome: Sendable {
    /// The mean of −ln p of the answers, before the step.
    package var loss: Double
    /// The norm of the gradient.
    package var norm: Double
  }

  /// Learns from a batch.
  ///
  /// - Throws: `ModelError` for tokens that the model does not take, and for a loss that is no
  ///   number.
  package mutating func learn(_ batch: [Example], rate: Double) throws -> Outcome {
    let (loss, sums, starts) = try gradients(of: batch)
    let norm = optimizer.step(&parameters, sums, of: starts.tensors, rate: rate)
    guard loss.isFinite, norm.isFinite else {
      throw ModelError(
        .badModel, "the loss is no number any more; train with a smaller learning rate")
    }
    return Outcome(loss: loss, norm: norm)
  }

  /// The gradients of the mean loss of a batch, by name.
  package func gradients(
    of batch: [Example]
  ) throws -> (loss: Double, gradients: [String: Tensor]) {
    let (loss, sums, starts) =
      try gradients(of: batch) as (Double, [GradientSums], TrackedParameters)
    let gradients = starts.tensors.compactMapValues { start -> Tensor? in
      let parts = sums.compactMap { $0[start] }
      return parts.first.map { parts.dropFirst().reduce($0, +) }
    }
    return (loss, gradients)
  }

  private func gradients(
    of batch: [Example]
  ) throws -> (Double, [GradientSums], TrackedParameters) {
    let starts = TrackedParameters(parameters, path: "the model in training")
    let model = try model(of: starts)
    let answers = batch.reduce(0) { $0 + $1.answers.count }
    let step = optimizer.steps
    let lanes = Self.cut(batch)
    let results = Array(lanes.enumerated()).concurrentLanes { lane, runs in
      let sums = GradientSums()
      var loss = 0.0
      for (index, run) in runs.enumerated() {
        let key = Self.mix([seed, UInt64(step), UInt64(lane), UInt64(index)])
        let chance = dropout > 0 ? Dropout(rate: dropout, key: key) : nil
        guard
          let surprises = try model.surprises(of: run, dropout: chance, hasResiduals: hasResiduals)
        else { continue }
        loss += surprises.numbers.reduce(0) { $0 + Double($1) }
        surprises.addGradients(
          to: sums, from: Tensor(repeating: 1 / Float(answers), shape: surprises.shape))
      }
      return LaneResult(loss: loss, sums: sums)
    }
    let parts = try results.map { try $0.get() }
    return (parts.reduce(0) { $0 + $1.loss } / Double(answers), parts.map(\.sums), starts)
  }

  /// The model as it is now.
  func model() throws -> Transformer { try model(of: StoredParameters(tensors: parameters)) }

  private func model(of parameters: any ParameterFile) throws -> Transformer {
    let model = try blueprint.transformer(of: parameters)
    return hasNorms ? model : model.withoutBlockNorms
  }

  /// The mean of −ln p of the answers, with nothing left out.
  package func loss(of examples: [Example]) throws -> Double {
    let model = try model()
    let results = Array(Self.cut(examples).enumerated()).concurrentLanes { _, runs in
      try runs.reduce(0.0) { sum, run in
        try sum
          + (model.surprises(of: run, hasResiduals: hasResiduals)?.numbers ?? []).reduce(0) {
            $0 + Double($1)
          }
      }
    }
    let answers = examples.reduce(0) { $0 + $1.answers.count }
    return try results.reduce(0) { try $0 + $1.get() } / Double(max(1, answers))
  }

  /// Lanes of runs of examples; in a run all texts are about as long.
  private static func cut(_ batch: [Example]) -> [[[Example]]] {
    let sorted = batch.enumerated().sorted {
      ($0.element.size, $0.offset) < ($1.element.size, $1.offset)
    }.map(\.element)
    var runs: [[Example]] = []
    for example in sorted {
      if let last = runs.last, (last.count + 1) * example.size <= rows {
        runs[runs.count - 1].append(example)
      } else {
        runs.append([example])
      }
    }
    // The longest first, to the lane that has least.
    var lanes = Array(repeating: (runs: [[Example]](), size: 0), count: min(Self.lanes, runs.count))
    for run in runs.reversed() {
      let size = run.count * (run.last?.size ?? 0)
      guard let lane = lanes.indices.min(by: { (lanes[$0].size, $0) < (lanes[$1].size, $1) })
      else { break }
      lanes[lane].runs.append(run)
      lanes[lane].size += size
    }
    return lanes.map(\.runs)
  }

  /// One number of several, every bit of each changing all.
  static func mix(_ numbers: [UInt64]) -> UInt64 {
    numbers.reduce(0) { state, number in
      var random = SplitMix64(state: state ^ number)
      return random.next()
    }
  }
}

/// What a lane found; it is handed from one thread to another and used by one at a time.
private struct LaneResult: @unchecked Sendable {
  var loss: Double
  var sums: GradientSums
}

extension Example {
  /// Rows that it takes.
  fileprivate var size: Int { source.count + tokens.count }
}

extension Array where Element: Sendable {
  /// The results of a function for every element, each on one thread.
  fileprivate func concurrentLanes<Success: Sendable>(
    _ body: @Sendable (Element) throws -> Success
  ) -> [Result<Success, any Error>] {
    concurrentWholeMap { element in Result { try body(element) } }
  }
}
