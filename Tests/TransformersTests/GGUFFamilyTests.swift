import Files
import TensorFiles
import Tensors
import TestSupport
import Testing
import Transformers

/// GGUF files of other architectures than Llama, made from the models of `FamilyTests` with the names
/// that llama.cpp's converter gives.
@Suite struct GGUFFamilyTests {
  static let names = [
    "embed_tokens": "token_embd", "norm": "output_norm", "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down", "lm_head": "output",
  ]
  static let gemmaNames = [
    "post_attention_layernorm": "post_attention_norm", "pre_feedforward_layernorm": "ffn_norm",
    "post_feedforward_layernorm": "post_ffw_norm",
  ]

  /// The name that the converter gives a tensor.
  static func name(_ hubName: String, _ names: [String: String]) throws -> String {
    var parts = hubName.split(separator: ".").map(String.init)
    let ending = parts.removeLast()
    if parts.first == "model" { parts.removeFirst() }
    guard parts.first == "layers" else {
      return try #require(names[parts.joined(separator: ".")]) + "." + ending
    }
    let rest = parts.dropFirst(2).joined(separator: ".")
    return "blk.\(parts[1])." + (try #require(names[rest])) + "." + ending
  }

  /// A file of an architecture with a model's tensors.
  static func builder(
    _ name: String, _ names: [String: String], keys: [String: GGUFBuilder.Value],
    isGemma: Bool
  ) throws -> GGUFBuilder {
    let source = try SafeTensors(FamilyTests.folder + "/\(name)/model.safetensors")
    var file = GGUFBuilder()
    file.set("general.architecture", .text(name))
    let common: [String: GGUFBuilder.Value] = [
      "block_count": .integer(2), "context_length": .integer(64), "embedding_length": .integer(32),
      "attention.head_count": .integer(4), "attention.head_count_kv": .integer(2),
      "feed_forward_length": .integer(40), "rope.freq_base": .number(10_000),
      "attention.layer_norm_rms_epsilon": .number(2e-3), "rope.dimension_count": .integer(8),
    ]
    for (key, value) in common.merging(keys, uniquingKeysWith: { $1 }) {
      file.set("\(name).\(key)", value)
    }
    file.set("tokenizer.ggml.model", .text("llama"))
    let words = (0..<40).map { GGUFBuilder.Value.text("w\($0)") }
    file.set("tokenizer.ggml.tokens", .list(8, words))
    file.set("tokenizer.ggml.scores", .list(6, words.map { _ in .number(0) }))
    file.set(
      "tokenizer.ggml.token_type", .list(5, words.indices.map { .integer($0 == 0 ? 2 : 1) }))
    file.set("tokenizer.ggml.unknown_token_id", .integer(0))
    file.set("tokenizer.ggml.add_bos_token", .flag(false))
    for entry in source.entries {
      let tensor = try #require(try source.tensor(entry.name))
      let isNorm = isGemma && entry.name.contains("norm")
      file.add(
        try Self.name(entry.name, names), tensor.shape,
        isNorm ? tensor.numbers.map { $0 + 1 } : tensor.numbers)
    }
    return file
  }

  /// Compares a file with the folder that it was made from.
  func compare(
    _ name: String, changing changes: [String: JSON] = [:], _ file: GGUFBuilder
  ) throws {
    let expected = try FamilyTests.model(name, changing: changes)
    let ids = try FamilyTests.ids(name)
    try GGUFModelTests.with(file) { model in
      var (found, reference) = (Pass(), Pass())
      try model.transformer(ids, &found)
      try expected.transformer(ids, &reference)
      PassTests().compare(found.trace, with: reference.trace, name)
    }
  }

  static func qwen2() throws -> GGUFBuilder {
    try builder(
      "qwen2", names.merging(["post_attention_layernorm": "ffn_norm"], uniquingKeysWith: { $1 }),
      keys: [:], isGemma: false)
  }

  static func gemma2() throws -> GGUFBuilder {
    try builder(
      "gemma2", names.merging(gemmaNames, uniquingKeysWith: { $1 }),
      keys: [
        "attention.key_length": .integer(8), "attention.value_length": .integer(8),
        "attention.sliding_window": .integer(5), "attn_logit_softcapping": .number(3),
        "final_logit_softcapping": .number(8),
      ], isGemma: true)
  }

  /// Files of Qwen 2 have no windows, so the folder has none either.
  @Test func qwen2IsTheSameModel() throws {
    let full: JSON = ["full_attention", "full_attention"]
    try compare(
      "qwen2", changing: ["use_sliding_window": false, "layer_types": full], try Self.qwen2())
  }

  /// The 1 of the norms is in the file already; scores are divided by the root of the head's width.
  @Test func gemma2IsTheSameModel() throws {
    try compare("gemma2", changing: ["query_pre_attn_scalar": 8], try Self.gemma2())
  }

  static let faults: [(word: String, change: @Sendable (inout GGUFBuilder) -> Void)] = [
    ("key_length", { $0.set("gemma2.attention.key_length", nil) }),
    ("softcapping", { $0.set("gemma2.attn_logit_softcapping", .number(-1)) }),
    ("sliding_window", { $0.set("gemma2.attention.sliding_window", .integer(0)) }),
    (
      "post_ffw_norm",
      { file in file.tensors.removeAll { $0.name == "blk.1.post_ffw_norm.weight" } }
    ),
    ("a_new_key", { $0.set("gemma2.a_new_key", .integer(1)) }),
  ]

  @Test(arguments: faults.indices)
  func refuses(fault: Int) throws {
    let (word, change) = Self.faults[fault]
    var file = try Self.gemma2()
    change(&file)
    let error = fileError { try GGUFModelTests.with(file) { _ in } }
    #expect(error?.kind == .badData && error?.description.contains(word) == true, "\(word)")
  }
}
