import Analysis
import Files
import Tensors
import TestSupport
import Testing
import Transformers

@Suite struct AttributionTests {
  @Test(arguments: AttributionSample.names) func thePredictionIsThatOfTorch(name: String) throws {
    let sample = try AttributionSample(name)
    let prediction = try PredictedToken(of: sample.run, row: sample.row)
    #expect(prediction.id == sample.facts["entry"]?.integer)
    #expect(abs(prediction.logProbability - (try sample.numbers("log_probability"))[0]) < 1e-5)
    #expect(throws: ModelError.self) { try PredictedToken(of: sample.run, row: 9) }
  }

  @Test(arguments: AttributionSample.names) func gradientTimesInputIsThatOfTorch(
    name: String
  ) throws {
    let sample = try AttributionSample(name)
    let found = try Attribution(
      of: PredictedToken(of: sample.run, row: sample.row), in: sample.run,
      by: sample.model.transformer)
    #expect(deviation(found.inputs, try sample.numbers("inputs")) < 2e-5)
  }

  @Test(arguments: AttributionSample.names) func attentionTimesGradientIsThatOfTorch(
    name: String
  ) throws {
    let sample = try AttributionSample(name)
    let found = try Attribution(
      of: PredictedToken(of: sample.run, row: sample.row), in: sample.run,
      by: sample.model.transformer)
    let (expected, n) = (try sample.numbers("attention"), sample.run.count)
    let shape = sample.run.configuration
    #expect(found.attention.shape == [shape.layers, shape.heads, n])
    #expect(deviation(found.attention.numbers.map(Double.init), expected) < 2e-5)
    let tokens = (0..<n).map { token in
      stride(from: token, to: expected.count, by: n).reduce(0) { $0 + expected[$1] }
    }
    #expect(deviation(found.tokens, tokens) < 2e-5)
    let heads = (0..<expected.count / n).map { expected[$0 * n..<($0 + 1) * n].reduce(0, +) }
    #expect(deviation(found.heads.flatMap { $0 }, heads) < 2e-5)
  }

  /// What comes after a decoder's row has nothing to do with its prediction.
  @Test func whatComesLaterOwesNothing() throws {
    let sample = try AttributionSample("llama")
    let found = try Attribution(
      of: PredictedToken(of: sample.run, row: 6), in: sample.run, by: sample.model.transformer)
    #expect(found.inputs[7...] == [0, 0] && found.tokens[7...] == [0, 0])
    #expect(found.inputs[...6].allSatisfy { $0 != 0 })
  }

  /// A small change of the attention temperature changes what is measured.
  @Test func itIsTheRunsOwnTemperature() throws {
    let sample = try AttributionSample("gpt2")
    let prediction = try PredictedToken(of: sample.run)
    var run = sample.run
    run.attentionTemperature = AttentionTemperature(3)
    let cold = try Attribution(of: prediction, in: sample.run, by: sample.model.transformer)
    let warm = try Attribution(of: prediction, in: run, by: sample.model.transformer)
    #expect(deviation(warm.inputs, cold.inputs) > 0.01)
  }

  @Test func aModelWithoutHeadPredictsNothing() throws {
    let sample = try AttributionSample("bert")
    let other = try Model(folder: Fixtures.folder + "/models/bert_base_model", name: "base")
    let prediction = try PredictedToken(of: sample.run, row: 3)
    #expect(throws: ModelError.self) { try PredictedToken(of: other.run("the cat")) }
    #expect(throws: ModelError.self) {
      try Attribution(of: prediction, in: sample.run, by: other.transformer)
    }
    #expect(throws: ModelError.self) {
      try Removal.effects(
        of: [.token(0)], on: prediction, in: sample.run, by: other.transformer)
    }
  }
}
