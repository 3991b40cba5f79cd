import Files
import TestSupport
import Testing
import Transformers

/// What the families' configurations say, leave out, and must not say.
@Suite struct FamilyConfigurationTests {
  /// A key that would change the numbers and is not understood, or a value that is wrong.
  static let wrong: [(name: String, key: String, value: JSON)] = [
    ("gpt_neo", "attention_types", [[["global", "far"], 2]]),
    ("gpt_neo", "window_size", 0),
    ("gpt_neo", "attention_layers", ["global", "global", "local"]),
    ("gpt_neox", "rope_parameters", ["partial_rotary_factor": 1.5]),
    ("gpt_neox", "hidden_act", "mish"),
    ("opt", "layer_norm_elementwise_affine", false),
    ("opt", "word_embed_proj_dim", 0),
    ("llama_biases", "num_key_value_heads", 3),
    ("llama_biases", "num_experts", 8),
    ("llama_biases", "head_dim", 7),
    ("mistral", "sliding_window", "all"),
    ("qwen2", "layer_types", ["full_attention"]),
    ("qwen2", "layer_types", ["full_attention", "chunked_attention"]),
    ("qwen3", "max_window_layers", -1),
    ("gemma", "use_bidirectional_attention", true),
    ("gemma2", "attn_logit_softcapping", 0),
    ("gemma2", "query_pre_attn_scalar", "16"),
    ("gemma3_text", "rope_parameters", ["rope_theta": 10]),
    ("gemma3_text", "is_encoder_decoder", true),
    ("phi", "num_attention_heads", 5),
    ("phi3_long", "attention_bias", true),
    ("olmo2", "clip_qkv", 8),
    ("albert", "inner_group_num", 2),
    ("albert", "num_hidden_groups", 5),
    ("electra", "embedding_size", 13),
    ("electra", "position_embedding_type", "relative_key"),
    ("mpnet", "relative_attention_num_buckets", 16),
    ("deberta_v2", "relative_attention", false),
    ("deberta_v2", "pos_att_type", "c2p|p2p"),
    ("deberta_v2", "position_buckets", 2),
    ("deberta_v2", "conv_kernel_size", 3),
    ("modernbert", "local_attention", -2),
    ("modernbert", "quantization_config", ["bits": 4]),
  ]

  @Test(arguments: wrong.indices)
  func refuses(place: Int) throws {
    let (name, key, value) = Self.wrong[place]
    let error = fileError { _ = try FamilyTests.model(name, changing: [key: value]) }
    #expect(error?.kind == .badData, "\(name): \(key) = \(value)")
    #expect(error?.description.contains("\n") == false)
  }

  /// The configuration of a family whose file has few keys.
  func configuration(_ keys: [String: JSON]) throws -> Configuration {
    try withTemporaryFolder { folder in
      let members = keys.map { JSON.Member($0.key, $0.value) }
      try writeFile(folder + "/config.json", JSON.object(members).text())
      return try Configuration(folder: folder)
    }
  }

  /// What published configurations leave out is what transformers takes for it.
  @Test func defaultsAreThoseOfTransformers() throws {
    let mistral = try configuration(["model_type": "mistral"])
    #expect(mistral.groups == 8 && mistral.windows == Array(repeating: 4096, count: 32))
    #expect(
      try configuration(["model_type": "mistral", "sliding_window": .null]).windows[0] == nil)
    let gemma = try configuration(["model_type": "gemma2"])
    #expect(gemma.scoreCap == 50 && gemma.logitCap == 30 && gemma.headWidth == 256)
    #expect(gemma.windows.prefix(3) == [4096, nil, 4096] && gemma.embeddingScale == 48)
    let uncapped = try configuration(["model_type": "gemma2", "attn_logit_softcapping": .null])
    #expect(uncapped.scoreCap == nil && uncapped.logitCap == 30)
    let qwen: [String: JSON] = [
      "model_type": "qwen2", "num_hidden_layers": 3, "max_window_layers": 1,
    ]
    #expect(try configuration(qwen).windows == [nil, nil, nil])
    let used = qwen.merging(["use_sliding_window": true], uniquingKeysWith: { $1 })
    #expect(try configuration(used).windows == [nil, 4096, 4096])
    let neox = try configuration(["model_type": "gpt_neox"])
    #expect(neox.rotary[0]?.width == 24 && neox.normPlacement == .parallel && !neox.isHeadTied)
    let modern = try configuration(["model_type": "modernbert"])
    #expect(modern.windows.prefix(4) == [nil, 64, 64, nil])
    #expect(modern.rotary[0]?.base == 160_000 && modern.rotary[1]?.base == 10_000)
    let albert = try configuration(["model_type": "albert"])
    #expect(albert.embeddingWidth == 128 && albert.activation == .geluTanh)
    #expect(albert.storedLayers == Array(repeating: 0, count: 12))
  }

  /// Gemma 3 as transformers 4 wrote it: two bases, one of them scaled.
  @Test func gemma3HasTwoRotations() throws {
    let shape = try configuration([
      "model_type": "gemma3_text", "sliding_window_pattern": 2, "rope_theta": 500_000,
      "rope_local_base_freq": 300, "rope_scaling": ["rope_type": "linear", "factor": 8],
    ])
    #expect(shape.rotary[0] == Rotary(width: 256, base: 300))
    #expect(shape.rotary[1] == Rotary(width: 256, base: 500_000, scaling: .linear(8)))
    #expect(shape.windows[0] == 4096 && shape.windows[1] == nil)
  }

  /// Phi 3 as its authors wrote it: "su" is LongRoPE, the length of the training stands outside.
  @Test func phi3HasLongRotations() throws {
    let factors = JSON.array(Array(repeating: 1.5, count: 48))
    let shape = try configuration([
      "model_type": "phi3", "max_position_embeddings": 131_072,
      "original_max_position_embeddings": 4096,
      "rope_scaling": ["type": "su", "short_factor": factors, "long_factor": factors],
    ])
    let factor = try #require(shape.rotary.first ?? nil).factor
    #expect(abs(factor - 1.1902380714) < 1e-9)
  }

  @Test func windowsOfGPTNeoRepeat() throws {
    let shape = try configuration([
      "model_type": "gpt_neo", "num_layers": 5, "window_size": 7,
      "attention_types": [[["global", "local"], 2], [["local"], 1]],
    ])
    #expect(shape.windows == [nil, 7, nil, 7, 7])
    let stated = try configuration([
      "model_type": "gpt_neo", "num_layers": 2, "attention_layers": ["local", "global"],
    ])
    #expect(stated.windows == [256, nil])
  }
}
