import Files
import Tensors
import TestSupport
import Testing
import Training
import Transformers

@Suite struct LearningLogTests {
  @Test func watchesAtTheBeginningMost() {
    #expect(WatchedText.steps(of: 1000) == [0, 15, 62, 250, 1000])
    #expect(WatchedText.steps(of: 6) == [0, 1, 6])
    #expect(WatchedText.steps(of: 1) == [0, 1])
  }

  /// What is watched is where the saved model looks, and what was read is what was written.
  @Test(arguments: ["gpt2", "bert"])
  func keepsWhereHeadsLook(name: String) throws {
    try withTemporaryFolder { folder in
      var trainer = try TrainerTests.trainer(name, TrainerTests.settings(8))
      let ids = [9, 7, 8, 7]
      try trainer.begin(watching: WatchedText("four", ids: ids))
      try trainer.save(to: folder + "/0")
      for _ in 0..<8 { try trainer.learn() }
      try trainer.look()
      try trainer.save(to: folder + "/8")
      let (log, settings) = try LearningLog.read(InputFolder(folder + "/8"))
      #expect(log == trainer.log)
      #expect(settings == TrainerTests.settings(8))
      let watched = try #require(log.watched)
      #expect(watched.text == "four" && watched.ids == ids)
      #expect(watched.moments.map(\.step) == [0, 2, 8])
      for step in [0, 8] {
        let model = try Model(folder: "\(folder)/\(step)", name: name)
        var pass = Pass(recording: Recording([.weights]))
        try model.transformer(ids, &pass)
        let moment = try #require(watched.moments.first { $0.step == step })
        #expect(moment.layers.count == model.configuration.layers)
        for (layer, weights) in moment.layers.enumerated() {
          let expected = try #require(pass.trace[.weights, layer: layer]).numbers
          #expect(weights.count == expected.count)
          #expect(zip(weights, expected).allSatisfy { abs($0 - $1) <= 5.1e-6 })
        }
      }
      #expect(watched.moments[0].layers != watched.moments[2].layers)
    }
  }

  @Test(arguments: [
    "{}", "{\"step\": [1], \"loss\": []}", "{\"step\": [1e300], \"loss\": [1]}", "[]", "{",
    "{\"step\": [-1e300, 0.5], \"loss\": [1, 2], \"learning_rate\": [1, 1], \"gradient_norm\": [1, 1]}",
  ])
  func brokenLogsAreErrors(text: String) throws {
    try withTemporaryFolder { folder in
      try writeFile(folder + "/learning.json", text)
      #expect(fileError { _ = try LearningLog.read(InputFolder(folder)) }?.kind == .badData)
    }
  }
}
