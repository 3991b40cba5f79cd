import TestSupport
import Tensors
import Testing
import Tokenization
import Training
import Transformers

/// The gradients of the losses through a whole model against finite differences.
@Suite struct PolicyObjectivesTests {
  private let learner: Learner
  private let texts: [MeasuredText]
  private let reference: Transformer
  private let start: StartingModel

  init() throws {
    start = try AlignmentFixture.start()
    reference = try start.transformer()
    var heads = ScalarHead.value.newParameters(width: 16)
    heads.merge(ScalarHead.reward.newParameters(width: 16)) { $1 }
    for (place, name) in heads.keys.sorted().enumerated() {
      let shape = heads[name]?.shape ?? []
      heads[name] = Tensor(
        (0..<shape.reduce(1, *)).map { Float(($0 * 7 + place) % 5) / 10 - 0.2 }, shape: shape)
    }
    learner = Learner(
      start.blueprint, parameters: start.parameters.merging(heads) { $1 }, optimizer: Optimizer())
    let prompts = try AlignmentFixture.prompts(start).map(\.ids)
    let written = try ContinuationWriter(reference, ends: start.ends, most: 8, seed: 1)(prompts)
    let policy = TrackedModel(transformer: reference, parameters: learner.parameters)
    texts = try MeasuredText.measure(written, by: policy, against: reference).map { text in
      var text = text
      // Ratios on both sides of the band, and none at its edge.
      text.policy = text.policy.enumerated().map { $1 + [0.05, -0.4, 0.4][$0 % 3] }
      text.advantages = text.policy.indices.map { [1, -0.7, 0.4, -1.2][$0 % 4] }
      text.returns = text.policy.indices.map { Double($0) / 3 }
      return text
    }
  }

  /// Compares the gradient of some numbers of some parameters.
  private func check<Item: LearningItem, Note: Sendable>(
    _ items: [Item], _ names: [String], _ objective: LearningObjective<Item, Note>
  ) throws {
    let gradients = try learner.gradients(of: items, objective).gradients
    for name in names {
      let parameter = try #require(learner.parameters[name])
      let gradient = try #require(gradients[name]).numbers
      let largest = gradient.indices.max { abs(gradient[$0]) < abs(gradient[$1]) } ?? 0
      #expect(gradient[largest] != 0)
      for place in [largest, 0] {
        let slope = try slope(parameter, name, place, items, objective)
        #expect(
          abs(slope - Double(gradient[place])) < 2e-3 + 0.02 * abs(slope), "\(name) at \(place)")
      }
    }
  }

  private func slope<Item: LearningItem, Note: Sendable>(
    _ parameter: Tensor, _ name: String, _ place: Int, _ items: [Item],
    _ objective: LearningObjective<Item, Note>
  ) throws -> Double {
    let step: Float = 4e-3
    let losses = try [step, -step].map { step in
      var numbers = parameter.numbers
      numbers[place] += step
      var parameters = learner.parameters
      parameters[name] = Tensor(numbers, shape: parameter.shape)
      let moved = Learner(learner.blueprint, parameters: parameters, optimizer: Optimizer())
      return try moved.gradients(of: items, objective).loss
    }
    return (losses[0] - losses[1]) / (2 * Double(step))
  }

  private var names: [String] {
    start.parameters.keys.sorted().filter {
      $0.contains("query_key_value.weight") || $0.contains("dense_4h_to_h.weight")
    }
  }

  @Test func clippedObjectiveAndValueHead() throws {
    let settings = AlignmentFixture.settings(.ppo)
    let tokens = Double(texts.reduce(0) { $0 + $1.text.ids.count })
    try check(texts, names) { model, run, _ in
      var policyOnly = settings
      policyOnly.valueWeight = 0
      return try model.clippedLoss(run, policyOnly, of: tokens)
    }
    try check(texts, ScalarHead.value.names) { model, run, _ in
      try model.clippedLoss(run, settings, of: tokens)
    }
  }

  @Test func plainPolicyGradient() throws {
    try check(texts, names) { model, run, _ in try model.reinforcedLoss(run, of: 10) }
  }

  @Test func directPreferencesAndRewards() throws {
    let pairs = try zip(texts, texts.dropFirst()).map { first, second in
      PreferencePair(
        prompt: .init("it:", ids: try start.tokenizer.encode("it:").ids),
        chosen: .init("", ids: first.text.ids), rejected: .init("", ids: second.text.ids),
        source: .person)
    }
    let direct = try DirectPair.measured(pairs, by: reference, ends: start.ends)
    try check(direct, names) { model, run, _ in try model.directLoss(run, beta: 0.5, of: 3) }
    try check(pairs.map(RewardPair.init), names + ScalarHead.reward.names.prefix(1)) {
      model, run, _ in try model.pairLoss(run, nil, of: 3)
    }
  }
}
