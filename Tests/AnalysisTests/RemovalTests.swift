import Analysis
import TensorFiles
import Tensors
import TestSupport
import Testing
import Tokenization
import Transformers

@Suite struct RemovalTests {
  private func effects(_ parts: [Removal.Part], _ sample: AttributionSample) throws -> [Double] {
    try Removal.effects(
      of: parts, on: PredictedToken(of: sample.run, row: sample.row), in: sample.run,
      by: sample.model.transformer)
  }

  private func drops(_ key: String, _ sample: AttributionSample) throws -> [Double] {
    let whole = try sample.numbers("log_probability")[0]
    return try sample.numbers(key).map { whole - $0 }
  }

  @Test(arguments: AttributionSample.names) func tokensAreThoseOfTorch(name: String) throws {
    let sample = try AttributionSample(name)
    let found = try effects((0..<sample.run.count).map { .token($0) }, sample)
    #expect(deviation(found, try drops("without_token", sample)) < 2e-5)
  }

  @Test(arguments: AttributionSample.names) func headsAreThoseOfTorch(name: String) throws {
    let sample = try AttributionSample(name)
    let shape = sample.run.configuration
    let heads = (0..<shape.layers * shape.heads).map {
      Removal.Part.head(layer: $0 / shape.heads, head: $0 % shape.heads)
    }
    #expect(deviation(try effects(heads, sample), try drops("without_head", sample)) < 2e-5)
  }

  /// What a part does has nothing to do with the parts that are taken away of other texts beside it.
  @Test func partsAreTakenAwayOneAtATime() throws {
    let sample = try AttributionSample("llama")
    let parts: [Removal.Part] = [
      .head(layer: 1, head: 0), .token(3), .head(layer: 0, head: 3), .token(0), .token(3),
    ]
    let together = try effects(parts, sample)
    for (part, effect) in zip(parts, together) {
      #expect(abs(try effects([part], sample)[0] - effect) < 1e-5)
    }
    #expect(try effects([], sample).isEmpty)
  }

  /// Every family's texts that are computed at once are those that are computed alone.
  @Test(arguments: [
    "albert", "deberta_v2", "gpt_neo", "modernbert", "mpnet", "olmo2", "phi", "qwen3",
  ])
  func familiesAgreeWithAPassByItself(family: String) throws {
    let folder = Fixtures.folder + "/families/" + family
    let transformer = try Blueprint(folder: folder)
      .transformer(of: SafeTensors(folder + "/model.safetensors"))
    var run = try AttributionSample("gpt2").run
    run.configuration = transformer.configuration
    run.encoding.typeIDs = []
    var pass = Pass()
    try transformer(run.encoding.ids, &pass)
    run.trace = pass.trace
    let prediction = try PredictedToken(of: run, row: 4)
    var edits: [Site: @Sendable (Tensor) -> Tensor] = [:]
    for layer in 0..<run.configuration.layers {
      edits[Site(.value, layer: layer)] = { values in
        let (n, d) = (values.shape[1], values.width)
        let numbers = values.numbers.enumerated().map { $0 / d % n == 2 ? 0 : $1 }
        return Tensor(numbers, shape: values.shape)
      }
    }
    var without = Pass(edits: edits)
    let logits = try #require(try transformer(run.encoding.ids, &without))
    let distribution = try #require(Distribution(logits.slice(4)))
    let expected =
      prediction.logProbability - distribution.logProbabilities(at: 1)[prediction.id]
    let parts = (0..<run.count).map { Removal.Part.token($0) }
    let found = try Removal.effects(of: parts, on: prediction, in: run, by: transformer)
    #expect(abs(found[2] - expected) < 1e-4, "\(found[2]) for \(expected)")
    #expect(abs(expected) > 1e-3)
  }
}
