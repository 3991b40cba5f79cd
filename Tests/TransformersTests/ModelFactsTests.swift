import Files
import TestSupport
import Testing
import Transformers

@Suite struct ModelFactsTests {
  private func facts(_ path: String) throws -> ModelFacts {
    try withTemporaryFolder { folder in
      let store = ModelStore(folder: folder + "/data", cache: nil)
      return try ModelFacts(of: store.resolve(path), in: store)
    }
  }

  /// The numbers of parameters are what transformers counts: BERT with pooler and both heads.
  @Test(arguments: [("bert", 39_986), ("gpt2", 39_712)])
  func tellsTheFacts(name: String, parameters: Int) throws {
    let facts = try facts(Fixtures.folder + "/models/" + name)
    #expect(facts.obstacle == nil)
    #expect(facts.parameters == parameters)
    #expect(facts.types == ["F32"])
    #expect(facts.files == ["model.safetensors"])
    #expect(facts.licence == nil)
    #expect(facts.tokenizer?.contains("tokens") == true)
    #expect(facts.configuration?.family == name)
  }

  @Test func tellsTheFactsOfAGGUFFile() throws {
    let facts = try facts(Fixtures.folder + "/gguf/llama.gguf")
    #expect(facts.obstacle == nil)
    // Embedding and head 2 · 560 · 32; a layer 32 · 32 · 3 + 3 · 64 · 32 + 2 · 32; a norm of 32.
    #expect(facts.parameters == 35_840 + 2 * (3072 + 6144 + 64) + 32)
    #expect(facts.types.first == "Q4_1" && facts.types.contains("BF16"))
    #expect(facts.licence == "apache-2.0")
    #expect(facts.tokenizer == "BPE, 560 tokens")
    #expect(facts.configuration?.groups == 2 && facts.files == ["llama.gguf"])
  }

  @Test func saysWhyAModelDoesNotRun() throws {
    try withTemporaryFolder { folder in
      try writeFile(folder + "/config.json", #"{"model_type": "mamba"}"#)
      let weights = Fixtures.folder + "/models/bert/model.safetensors"
      try writeFile(folder + "/model.safetensors", try readFile(weights))
      let unknown = try facts(folder)
      #expect(unknown.configuration == nil)
      #expect(unknown.obstacle?.contains("mamba") == true)
      #expect(unknown.parameters == 39_986)
      try writeFile(folder + "/small.gguf", "GGUF")
      let gguf = try facts(folder + "/small.gguf")
      #expect(gguf.obstacle?.contains("ends too early") == true)
      #expect(gguf.parameters == nil)
      #expect(gguf.size == 4)
    }
  }
}
