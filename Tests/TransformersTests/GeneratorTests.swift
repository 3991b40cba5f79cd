import Files
import Foundation
import Tensors
import TestSupport
import Testing
import Tokenization
import Transformers

@Suite struct GeneratorTests {
  static let text = "The cat didn't cross the river."

  func model(_ name: String) throws -> Model {
    try Model(folder: Fixtures.folder + "/models/" + name, name: name)
  }

  func generate(
    _ model: Model, _ settings: Generation.Settings, recording: Recording = .nothing
  ) throws -> (Generation, Pass) {
    var pass = Pass(recording: recording)
    let generation = try model.generate(
      after: model.tokenizer.encode(Self.text).ids, settings, &pass)
    return (generation, pass)
  }

  func reference(_ name: String) throws -> [Int] {
    let cases = try Fixtures.json(Fixtures.folder + "/models/" + name + "/expected.json")["cases"]
    return try #require(cases?["plain"]?["greedy"]?["ids"]?.elements).compactMap(\.integer)
  }

  @Test(arguments: ["gpt2", "llama"])
  func agreesWithTheReference(name: String) throws {
    let (generation, pass) = try generate(model(name), .greedy(count: 12, ignoresEnd: true))
    #expect(try generation.ids == reference(name))
    #expect(generation.stopped == .length)
    #expect(pass.trace.tensors.isEmpty)
  }

  /// With the reference's fourth token declared an end, four are left.
  @Test func stopsAtTheEndOfAText() throws {
    let source = Fixtures.folder + "/models/llama"
    let expected = try reference("llama")
    try withTemporaryFolder { folder in
      for file in ["config.json", "model.safetensors", "tokenizer.json"] {
        try writeFile(folder + "/" + file, try readFile(source + "/" + file))
      }
      let end: JSON = ["eos_token_id": [.integer(expected[3]), 1]]
      try writeFile(folder + "/generation_config.json", end.text())
      let model = try Model(folder: folder, name: "m")
      let (generation, _) = try generate(model, .greedy(count: 12))
      let first = try #require(expected.firstIndex(of: expected[3]))
      #expect(generation.ids == Array(expected.prefix(first + 1)))
      #expect(generation.stopped == .endToken(expected[3]))
      #expect(generation.steps.last?.endsText == true)
      let (on, _) = try generate(model, .greedy(count: 12, ignoresEnd: true))
      #expect(on.ids == expected && on.steps[3].endsText)
    }
  }

  @Test func stopsWhenTheContextIsFull() throws {
    let model = try model("gpt2")
    let (generation, pass) = try generate(
      model, .greedy(count: 1000, ignoresEnd: true), recording: Recording([.output]))
    // The last token is predicted by the last row that the model has room for.
    #expect(generation.prompt.count + generation.ids.count == 65)
    #expect(generation.stopped == .contextFull)
    #expect(pass.trace[.output, layer: 0]?.rows == 64)
    let exact = generation.ids.count
    let (again, _) = try generate(model, .greedy(count: exact, ignoresEnd: true))
    #expect(again.stopped == .length)
  }

  /// The trace of the steps is that of the whole text, and greedy on it gives the same tokens.
  @Test(arguments: ["gpt2", "llama"])
  func theTraceIsThatOfTheWholeText(name: String) throws {
    let model = try model(name)
    let (generation, pass) = try generate(
      model, Generation.Settings(schedule: Schedule(2), seed: 4, count: 9, ignoresEnd: true),
      recording: .everything)
    var whole = Pass()
    try model.transformer(generation.prompt + generation.ids, &whole)
    PassTests().compare(pass.trace, with: whole.trace, name)
  }

  /// Every number of a step against the uncached logits, in plain double precision.
  @Test(arguments: ["gpt2", "llama"])
  func recordsWhatEveryStepWas(name: String) throws {
    let model = try model(name)
    let schedule = try #require(Schedule(.geometric, from: 3, to: 0.3))
    let settings = Generation.Settings(
      schedule: schedule, filters: TokenFilters(topK: 40), seed: 12, count: 8, ignoresEnd: true)
    let (generation, _) = try generate(model, settings)
    var whole = Pass(recording: Recording([.logits]))
    try model.transformer(generation.prompt + generation.ids, &whole)
    let logits = try #require(whole.trace[.logits])
    for (index, step) in generation.steps.enumerated() {
      #expect(step.row == generation.prompt.count + index - 1)
      #expect(step.temperature == schedule.temperature(step: index, of: 8))
      let z = logits.slice(step.row).numbers.map(Double.init)
      let p = SamplerTests.exact(z, 1)
      let order = z.indices.sorted { z[$0] > z[$1] }
      #expect(abs(step.probability - p[step.id]) < 1e-5)
      #expect(order[step.rank - 1] == step.id)
      #expect(abs(step.entropy + p.reduce(0) { $0 + $1 * log($1) }) < 1e-4)
      #expect(step.choice.candidates == 40)
      let top = order.prefix(40)
      let tempered = SamplerTests.exact(top.map { z[$0] }, step.temperature)
      let place = try #require(top.firstIndex(of: step.id))
      #expect(abs(step.choice.probability - tempered[place]) < 1e-4)
      #expect(
        abs(step.choice.entropy + tempered.reduce(0) { $0 + ($1 > 0 ? $1 * log($1) : 0) }) < 1e-3)
      #expect(step.others.map(\.id) == Array(order.filter { $0 != step.id }.prefix(6)))
      for other in step.others { #expect(abs(other.probability - p[other.id]) < 1e-5) }
      #expect(step.restCount == z.count - 7)
      let named = step.others.reduce(step.probability) { $0 + $1.probability }
      #expect(abs(step.restProbability - (1 - named)) < 1e-12)
    }
  }

  @Test func aSeedGivesTheSameText() throws {
    let model = try model("llama")
    func ids(_ seed: UInt64) throws -> [Int] {
      try generate(model, .init(schedule: Schedule(1), seed: seed, count: 10)).0.ids
    }
    #expect(try ids(1) == ids(1))
    #expect(try ids(1) != ids(2))
  }

  @Test func encodersDoNotGenerate() throws {
    #expect(throws: ModelError.self) { try generate(model("bert"), .greedy(count: 1)) }
  }

  /// Logits that are not numbers end the run with words, not with a token.
  @Test func logitsThatAreNotFiniteAreAnError() throws {
    let model = try model("gpt2")
    var pass = Pass(
      recording: .nothing,
      edits: [Site(.logits): { Tensor($0.numbers.map { _ in .nan }, shape: $0.shape) }])
    let error = #expect(throws: ModelError.self) {
      try model.generate(after: [1, 2], .greedy(count: 2), &pass)
    }
    #expect(error?.description.contains("not finite") == true)
  }
}
