import Files
import TestSupport
import Tensors
import Testing
import Training
import Transformers

/// Whole runs on a model of one layer.
@Suite struct PolicyTrainerTests {
  /// A reward model that learned "shorter".
  private static func material() throws -> PolicyMaterial {
    let start = try AlignmentFixture.start()
    let prompts = try AlignmentFixture.prompts(start)
    var maker = PreferenceMaker(start, .shorter)
    maker.length = 10
    let pairs = try maker.pairs(160, after: prompts)
    #expect(pairs.count == 160)
    var settings = RewardSettings()
    (settings.rate, settings.epochs) = (0.01, 4)
    var trainer = try RewardTrainer(start, pairs, settings)
    while trainer.step < trainer.steps { try trainer.learn() }
    let reward = try trainer.model()
    #expect(reward.evaluation.accuracy > 0.75)
    #expect((trainer.losses.last ?? 1) < 0.6 && abs(trainer.losses[0] - 0.693147) < 1e-4)
    return PolicyMaterial(
      start, reward: reward, rule: .shorter, prompts: prompts, pairs: pairs)
  }

  private static func finished(
    _ material: PolicyMaterial, _ settings: AlignmentSettings
  ) throws -> AlignmentLog {
    var trainer = try PolicyTrainer(material, settings)
    try trainer.begin()
    while !trainer.isFinished { try trainer.iterate() }
    return trainer.log
  }

  @Test(arguments: AlignmentSettings.Method.allCases)
  func rewardRisesAndDivergenceStaysBounded(_ method: AlignmentSettings.Method) throws {
    var settings = AlignmentFixture.settings(method)
    if method == .dpo { settings.kl = 0.3 }
    if method == .reinforce { settings.iterations = 30 }
    let log = try Self.finished(try Self.material(), settings)
    let (first, last) = (try #require(log.evaluations.first), try #require(log.evaluations.last))
    #expect(log.evaluations.map(\.iteration) == [0, settings.iterations / 2, settings.iterations])
    #expect(first.divergence.exact < 1e-9)
    // Direct preference optimisation knows nothing of r_θ.
    if method != .dpo { #expect(last.reward > first.reward + 0.15) }
    #expect(try #require(last.score) > #require(first.score))
    #expect(last.divergence.exact > 0.01 && last.divergence.exact < 15)
    #expect(log.samples.count == 3 && log.look?.next.isEmpty == false)
    #expect((log.iterations[0].ratios?.count ?? 0 > 0) == (method == .ppo))
  }

  @Test func aLargePenaltyKeepsThePolicyWhereItWas() throws {
    let material = try Self.material()
    var settings = AlignmentFixture.settings(.ppo)
    settings.kl = 0
    let free = try #require(try Self.finished(material, settings).evaluations.last)
    settings.kl = 20
    let held = try #require(try Self.finished(material, settings).evaluations.last)
    #expect(held.divergence.exact < 0.3 * free.divergence.exact)
    #expect(held.reward < free.reward)
  }

  @Test func aRunThatIsTakenUpHasTheBitsOfOneThatWasNot() throws {
    try withTemporaryFolder { folder in
      let material = try Self.material()
      var settings = AlignmentFixture.settings(.ppo)
      settings.iterations = 4
      let (whole, parts) = (folder + "/whole", folder + "/parts")
      var one = try PolicyTrainer(material, settings)
      try one.begin()
      for _ in 0..<4 { try one.iterate() }
      try one.save(to: whole)
      var first = try PolicyTrainer(material, settings)
      try first.begin()
      for _ in 0..<2 { try first.iterate() }
      try first.save(to: parts)
      var second = try PolicyTrainer(
        resuming: parts, material, try PolicyTrainer.settings(of: parts))
      #expect(second.iteration == 2 && second.settings == settings)
      while !second.isFinished { try second.iterate() }
      try second.save(to: parts)
      for name in ["model.safetensors", "alignment.safetensors"] {
        #expect(try readFile(whole + "/" + name) == readFile(parts + "/" + name))
      }
      let logs = try [whole, parts].map { try AlignmentLog.read(InputFolder($0)).log }
      #expect(logs[0].iterations == logs[1].iterations)
      #expect(logs[0].evaluations == logs[1].evaluations)
      #expect(logs[0].samples == logs[1].samples && logs[0].look == logs[1].look)
      #expect(logs[1].samples.count == 3 && logs[1].seconds.count == 4)
      #expect(try Model(folder: parts, name: "policy").configuration.layers == 1)
    }
  }

  @Test func otherMaterialIsRefused() throws {
    try withTemporaryFolder { folder in
      var material = try Self.material()
      var settings = AlignmentFixture.settings(.ppo)
      settings.iterations = 1
      var trainer = try PolicyTrainer(material, settings)
      try trainer.begin()
      try trainer.save(to: folder + "/run")
      material.prompts.removeLast()
      #expect(throws: FileError.self) {
        try PolicyTrainer(resuming: folder + "/run", material, settings)
      }
      material.reward = nil
      #expect(throws: ModelError.self) { try PolicyTrainer(material, settings) }
      settings.length = 1000
      #expect(throws: ModelError.self) { try PolicyTrainer(material, settings) }
    }
  }

  @Test func aRewardModelIsReadAsItWasWritten() throws {
    try withTemporaryFolder { folder in
      let reward = try #require(try Self.material().reward)
      try reward.write(to: folder + "/reward")
      let again = try RewardModel(folder: folder + "/reward")
      let texts = [[5, 6, 7], [8, 9]]
      #expect(try again.rewards(of: texts) == reward.rewards(of: texts))
      #expect(again.evaluation == reward.evaluation && again.rule == .shorter)
      #expect(throws: FileError.self) { try RewardModel(folder: folder + "/none") }
    }
  }
}
