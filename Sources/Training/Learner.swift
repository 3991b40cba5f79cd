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
    try learn(batch, rate: rate, Self.objective(of: batch, hasResiduals: hasResiduals)).outcome
  }

  /// The gradients of the mean loss of a batch, by name.
  package func gradients(
    of batch: [Example]
  ) throws -> (loss: Double, gradients: [String: Tensor]) {
    let objective = Self.objective(of: batch, hasResiduals: hasResiduals)
    return try gradients(of: batch, objective)
  }

  /// The mean of −ln p of the answers.
  private static func objective(
    of batch: [Example], hasResiduals: Bool
  ) -> LearningObjective<Example, Void> {
    let answers = batch.reduce(0) { $0 + $1.answers.count }
    return { model, run, dropout in
      guard
        let surprises = try model.transformer.surprises(
          of: run, dropout: dropout, hasResiduals: hasResiduals)
      else { return nil }
      return LossPart(
        loss: surprises.numbers.reduce(0) { $0 + Double($1) } / Double(answers),
        outputs: [
          (surprises, Tensor(repeating: 1 / Float(answers), shape: surprises.shape))
        ], note: ())
    }
  }

  /// The model as it is now.
  func model() throws -> Transformer { try model(of: StoredParameters(tensors: parameters)) }

  func model(of parameters: any ParameterFile) throws -> Transformer {
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
  static func cut<Item: LearningItem>(_ batch: [Item]) -> [[[Item]]] {
    let sorted = batch.enumerated().sorted {
      ($0.element.size, $0.offset) < ($1.element.size, $1.offset)
    }.map(\.element)
    var runs: [[Item]] = []
    for example in sorted {
      if let last = runs.last, (last.count + 1) * example.size <= rows {
        runs[runs.count - 1].append(example)
      } else {
        runs.append([example])
      }
    }
    // The longest first, to the lane that has least.
    var lanes = Array(repeating: (runs: [[Item]](), size: 0), count: min(Self.lanes, runs.count))
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

extension Example: LearningItem {
  package var size: Int { source.count + tokens.count }
}

extension Array where Element: Sendable {
  /// The results of a function for every element, each on one thread.
  func concurrentLanes<Success: Sendable>(
    _ body: @Sendable (Element) throws -> Success
  ) -> [Result<Success, any Error>] {
    concurrentWholeMap { element in Result { try body(element) } }
  }
}
