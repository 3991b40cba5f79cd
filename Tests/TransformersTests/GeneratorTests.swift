import Files
import TestSupport
import Testing
import Transformers

@Suite struct GeneratorTests {
  static let text = "The cat didn't cross the river."

  func reference(_ name: String) throws -> [Int] {
    let cases = try Fixtures.json(Fixtures.folder + "/models/" + name + "/expected.json")["cases"]
    return try #require(cases?["plain"]?["greedy"]?["ids"]?.elements).compactMap(\.integer)
  }

  @Test(arguments: ["gpt2", "llama"])
  func agreesWithTheReference(name: String) throws {
    let model = try Model(folder: Fixtures.folder + "/models/" + name, name: name)
    let ids = try model.greedyTokens(after: Self.text, count: 12, stopsAtEnd: false)
    let expected = try reference(name)
    #expect(ids == expected)
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
      let ids = try model.greedyTokens(after: Self.text, count: 12)
      let first = try #require(expected.firstIndex(of: expected[3]))
      #expect(ids == Array(expected.prefix(first + 1)))
      #expect(throws: ModelError.self) { try model.greedyTokens(after: Self.text, count: 1000) }
    }
  }

  @Test func encodersDoNotGenerate() throws {
    let model = try Model(folder: Fixtures.folder + "/models/bert", name: "bert")
    #expect(throws: ModelError.self) { try model.greedyTokens(after: "a", count: 1) }
  }
}
