import Files
import TensorFiles
import Tensors
import TestSupport
import Testing
import Tokenization
import Transformers

@Suite struct AttentionTemperatureTests {
  func trace(_ name: String, _ tau: AttentionTemperature) throws -> Trace {
    let model = try Model(folder: Fixtures.folder + "/models/" + name, name: name)
    var pass = Pass(attentionTemperature: tau)
    try model.transformer(model.tokenizer.encode(LawTests.text).ids, &pass)
    return pass.trace
  }

  static func head(_ tau: Double, layer: Int, head: Int) -> AttentionTemperature {
    var result = AttentionTemperature()
    result.set(tau, layers: layer..<layer + 1, heads: head..<head + 1)
    return result
  }

  @Test(arguments: ["bert", "gpt2", "llama"])
  func oneIsTheModelsOwnBitForBit(name: String) throws {
    let plain = try trace(name, AttentionTemperature())
    var everywhere = AttentionTemperature()
    everywhere.set(1, layers: 0..<2, heads: 0..<4)
    for tau in [AttentionTemperature(1), everywhere] {
      #expect(try trace(name, tau).tensors == plain.tensors)
    }
  }

  @Test(arguments: ["bert", "gpt2", "llama"])
  func oneHeadChangesNothingBeforeOrBesideIt(name: String) throws {
    let plain = try trace(name, AttentionTemperature())
    let tempered = try trace(name, Self.head(3, layer: 1, head: 2))
    for (site, tensor) in plain.tensors where site.layer == 0 || site == Site(.embedding) {
      #expect(tempered.tensors[site] == tensor, "\(site)")
    }
    for value in [Site.Value.query, .key, .value, .scores] {
      #expect(tempered[value, layer: 1] == plain[value, layer: 1], "\(value)")
    }
    let (a, b) = (plain[.weights, layer: 1], tempered[.weights, layer: 1])
    for head in 0..<4 {
      #expect((a?.slice(head) == b?.slice(head)) == (head != 2))
    }
    #expect(tempered[.output, layer: 1] != plain[.output, layer: 1])
  }

  @Test func zeroPutsEverythingOnTheLargestScore() throws {
    let found = try trace("gpt2", Self.head(0, layer: 0, head: 1))
    let weights = try #require(found[.weights, layer: 0, head: 1])
    let scores = try #require(found[.scores, layer: 0, head: 1])
    for row in 0..<weights.rows {
      let allowed = Array(scores.slice(row).numbers[...row])
      let top = try #require(allowed.max())
      let share = 1 / Float(allowed.filter { $0 == top }.count)
      let expected = allowed.map { $0 == top ? share : 0 }
      #expect(Array(weights.slice(row).numbers[...row]) == expected)
      #expect(weights.slice(row).numbers[(row + 1)...].allSatisfy { $0 == 0 })
    }
  }

  @Test func infinityIsUniformOverTheAllowedKeys() throws {
    var tau = AttentionTemperature()
    tau.set(.infinity, layers: 1..<2, heads: 0..<4)
    let weights = try #require(try trace("llama", tau)[.weights, layer: 1])
    for head in 0..<4 {
      for row in 0..<weights.shape[1] {
        let numbers = weights.slice(head).slice(row).numbers
        #expect(numbers[...row].allSatisfy { $0 == 1 / Float(row + 1) })
        #expect(numbers[(row + 1)...].allSatisfy { $0 == 0 })
      }
    }
  }

  @Test func writesANumberOrAListALayer() throws {
    let model = try Model(folder: Fixtures.folder + "/models/llama", name: "llama")
    let shape = model.configuration
    #expect(AttentionTemperature(0.5).json(shape) == 0.5)
    #expect(AttentionTemperature(.infinity).json(shape) == "inf")
    var all = AttentionTemperature()
    all.set(2, layers: 0..<2, heads: 0..<4)
    #expect(all.json(shape) == 2.0)
    let one = Self.head(.infinity, layer: 1, head: 3).json(shape)
    #expect(one == [[1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, "inf"]])
    let run = try model.run("a", pass: Pass(attentionTemperature: AttentionTemperature(0.25)))
    #expect(run.archive().metadata.first { $0.key == "attention_tau" }?.value == "0.25")
  }
}
