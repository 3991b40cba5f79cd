import Files
import TestSupport
import Testing
import Transformers

/// Broken and unknown configurations are refused by name.
@Suite struct ConfigurationReaderTests {
  /// The error of loading a model whose `config.json` has one line changed.
  func failure(_ name: String, _ key: String, _ value: JSON) throws -> FileError? {
    let source = Fixtures.folder + "/models/" + name
    return try withTemporaryFolder { folder in
      var members = try #require(try Fixtures.json(source + "/config.json").members)
      members.removeAll { $0.key == key }
      members.append(JSON.Member(key, value))
      try writeFile(folder + "/config.json", JSON.object(members).text())
      for file in ["model.safetensors", "tokenizer.json"] {
        try writeFile(folder + "/" + file, try readFile(source + "/" + file))
      }
      return fileError { _ = try Model(folder: folder, name: "m") }
    }
  }

  @Test(
    arguments: [
      ("hidden_size", 31), ("hidden_size", 0), ("hidden_size", -32), ("hidden_size", "32"),
      ("hidden_size", 64), ("num_attention_heads", 5), ("num_hidden_layers", 3),
      ("num_hidden_layers", 2_147_483_648), ("layer_norm_eps", 0), ("layer_norm_eps", -1e-5),
      ("hidden_act", "gelu_fast"), ("position_embedding_type", "relative_key"),
      ("vocab_size", 561), ("max_position_embeddings", 63), ("is_decoder", true),
      ("model_type", "mamba"), ("model_type", .null), ("a_new_key", 3),
      ("quantization_config", ["bits": 4]), ("pruned_heads", ["0": [1]]),
    ] as [(String, JSON)])
  func refuses(key: String, value: JSON) throws {
    let error = try failure("bert", key, value)
    #expect(error?.kind == .badData, "\(key) = \(value)")
  }

  @Test func namesWhatIsUnknown() throws {
    let error = try failure("bert", "hidden_act", "gelu_fast")
    #expect(error?.description.contains("gelu_fast") == true)
    #expect(error?.description.contains("gelu_new") == true)
  }

  @Test(
    arguments: [("a_new_key", .null), ("use_cache", false), ("_comment", "x")] as [(String, JSON)])
  func acceptsWhatIsHarmless(key: String, value: JSON) throws {
    #expect(try failure("bert", key, value) == nil)
  }
}
