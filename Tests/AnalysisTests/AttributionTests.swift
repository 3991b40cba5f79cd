import Analysis
import Files
import Tensors
import TestSupport
import Testing
import Tokenization
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

  /// Both are derivatives: of the vector that enters layer 0, and of the values in every layer, as
  /// they grow by a factor; also where parameters stay packed.
  @Test(arguments: ["models/gpt2", "models/bert", "gguf/llama.gguf"])
  func theyAreDifferencesOfSmallChanges(place: String) throws {
    let path = Fixtures.folder + "/" + place
    let model =
      place.hasSuffix("gguf")
      ? try Model(gguf: path, name: "packed") : try Model(folder: path, name: "model")
    let run = try model.run("the cat sat on")
    let prediction = try PredictedToken(of: run)
    let found = try Attribution(of: prediction, in: run, by: model.transformer)
    let values = (0..<run.configuration.layers).map { Site(.value, layer: $0) }
    for token in 0..<run.count {
      for (sites, derivative) in [
        ([Site(.embedding)], found.inputs[token]), (values, found.tokens[token]),
      ] {
        let (more, less) = (
          try logProbability(prediction, run, model, sites, token, 1.02),
          try logProbability(prediction, run, model, sites, token, 0.98)
        )
        let size = max(1e-2, derivative.magnitude)
        #expect(
          abs((more - less) / 0.04 - derivative) < 0.02 * size + 1e-3, "\(sites[0]), \(token)")
      }
    }
  }

  /// ln p where the row of a token is multiplied at some sites.
  private func logProbability(
    _ prediction: PredictedToken, _ run: Run, _ model: Model, _ sites: [Site], _ token: Int,
    _ factor: Float
  ) throws -> Double {
    let edit: @Sendable (Tensor) -> Tensor = { tensor in
      let (n, width) = (tensor.shape[tensor.shape.count - 2], tensor.width)
      let numbers = tensor.numbers.enumerated().map { place, x in
        place / width % n == token ? factor * x : x
      }
      return Tensor(numbers, shape: tensor.shape)
    }
    var pass = Pass(
      recording: .nothing, edits: Dictionary(uniqueKeysWithValues: sites.map { ($0, edit) }))
    let logits = try #require(
      try model.transformer(run.encoding.ids, types: run.encoding.typeIDs, &pass))
    let distribution = try #require(Distribution(logits.slice(prediction.row)))
    return distribution.logProbabilities(at: 1)[prediction.id]
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
    var pass = Pass(attentionTemperature: run.attentionTemperature)
    try sample.model.transformer(run.encoding.ids, &pass)
    run.trace = pass.trace
    let warmer = try PredictedToken(of: run)
    let cold = try Attribution(of: prediction, in: sample.run, by: sample.model.transformer)
    let warm = try Attribution(of: warmer, in: run, by: sample.model.transformer)
    #expect(deviation(warm.inputs, cold.inputs) > 0.01)
  }

  @Test func itIsTheRunsOwnPrediction() throws {
    let sample = try AttributionSample("gpt2")
    let prediction = try PredictedToken(of: sample.run)
    var other = sample.run
    other.encoding.ids[7] = 40
    #expect(throws: ModelError.self) {
      try Attribution(of: prediction, in: other, by: sample.model.transformer)
    }
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
