import Files
import Tensors
import TestSupport
import Testing
import Tokenization
import Transformers

/// What must hold for every model, whatever its parameters are.
@Suite struct LawTests {
  static let names = ParityTests.names
  static let text = "The cat didn't cross the river."

  func model(_ name: String) throws -> Model {
    try Model(folder: Fixtures.folder + "/models/" + name, name: name)
  }

  @Test(arguments: names)
  func recordingChangesNothing(name: String) throws {
    let model = try model(name)
    let ids = try model.tokenizer.encode(Self.text).ids
    var (everything, little) = (Pass(), Pass(recording: Recording([.finalHidden, .logits])))
    try model.transformer(ids, &everything)
    try model.transformer(ids, &little)
    let sites = [Site(.finalHidden)] + (model.transformer.hasHead ? [Site(.logits)] : [])
    for site in sites {
      #expect(everything.trace.tensors[site] == little.trace.tensors[site])
    }
    #expect(Set(little.trace.tensors.keys) == Set(sites))
  }

  @Test(arguments: names)
  func recordingIsBounded(name: String) throws {
    let model = try model(name)
    var pass = Pass(recording: Recording([.weights], layers: [1]))
    try model.transformer(model.tokenizer.encode(Self.text).ids, &pass)
    #expect(Array(pass.trace.tensors.keys) == [Site(.weights, layer: 1)])
  }

  @Test(arguments: names)
  func rowsOfWeightsSumToOne(name: String) throws {
    let run = try model(name).run(Self.text)
    for layer in 0..<run.configuration.layers {
      let weights = try #require(run.trace[.weights, layer: layer])
      for row in 0..<weights.rows {
        let numbers = weights.reshaped([weights.rows, weights.width]).slice(row).numbers
        #expect(abs(numbers.reduce(0, +) - 1) < 1e-5)
      }
    }
  }

  /// In a decoder, what comes later changes nothing before it.
  @Test func decodersDoNotLookAhead() throws {
    let model = try model("gpt2")
    let ids = try model.tokenizer.encode(Self.text).ids
    var (short, long) = (Pass(), Pass())
    try model.transformer(Array(ids.prefix(6)), &short)
    try model.transformer(ids, &long)
    let (a, b) = (short.trace[.output, layer: 1], long.trace[.output, layer: 1])
    let pairs = zip(try #require(a).numbers, try #require(b).numbers)
    for (x, y) in pairs { #expect(abs(x - y) < 1e-5) }
  }

  /// In an encoder, it does.
  @Test func encodersLookBothWays() throws {
    let model = try model("bert")
    let one = try model.run("The cat sat.").trace[.output, layer: 0]
    let two = try model.run("The cat ran.").trace[.output, layer: 0]
    #expect(one?.slice(1) != two?.slice(1))
  }

  /// Replacing a value replaces everything that follows from it: a head is switched off.
  @Test func editsReplaceValues() throws {
    let model = try model("bert")
    let ids = try model.tokenizer.encode(Self.text).ids
    let site = Site(.context, layer: 0)
    var pass = Pass(edits: [site: { Tensor(Array(repeating: 0, count: $0.count), shape: $0.shape) }]
    )
    var plain = Pass()
    try model.transformer(ids, &pass)
    try model.transformer(ids, &plain)
    #expect(pass.trace[.scores, layer: 0] == plain.trace[.scores, layer: 0])
    #expect(pass.trace[.context, layer: 0]?.numbers.allSatisfy { $0 == 0 } == true)
    #expect(pass.trace[.output, layer: 0] != plain.trace[.output, layer: 0])
    // Without heads, the attention output is the bias of W_O: the same for every token.
    let output = try #require(pass.trace[.attentionOutput, layer: 0])
    #expect(output.slice(0) == output.slice(5))
  }

  @Test func temperatureActsInsideAttention() throws {
    let model = try model("gpt2")
    let ids = try model.tokenizer.encode(Self.text).ids
    var (plain, hot) = (Pass(), Pass(attentionTemperature: AttentionTemperature(.infinity)))
    try model.transformer(ids, &plain)
    try model.transformer(ids, &hot)
    #expect(plain.trace[.scores, layer: 0] == hot.trace[.scores, layer: 0])
    #expect(hot.trace[.weights, layer: 0]?[2, 3, 1] == 0.25)
  }

  @Test func tooManyTokensAreRefused() throws {
    let model = try model("gpt2")
    let error = #expect(throws: ModelError.self) {
      try model.run(String(repeating: "word ", count: 200))
    }
    #expect(error?.kind == .badText)
    #expect(error?.description.contains("64") == true)
    #expect(throws: ModelError.self) { try model.run("") }
  }
}
