import Files

extension Family {
  /// Llama (Touvron et al. 2023) and what is shaped like it: SmolLM2, TinyLlama.
  static let llama = Family(
    types: ["llama"],
    configuration: { try Configuration(llama: &$0) },
    harmless: ["pretraining_tp", "attention_dropout"],
    names: Names(
      prefixes: ["model."],
      [
        [("words", Place("embed_tokens.weight"))],
        Names.linear("attention.norm", "layers.#.input_layernorm"),
        Names.linear("attention.query", "layers.#.self_attn.q_proj"),
        Names.linear("attention.key", "layers.#.self_attn.k_proj"),
        Names.linear("attention.value", "layers.#.self_attn.v_proj"),
        Names.linear("attention.output", "layers.#.self_attn.o_proj"),
        Names.linear("feed_forward.norm", "layers.#.post_attention_layernorm"),
        Names.linear("gate", "layers.#.mlp.gate_proj"),
        Names.linear("up", "layers.#.mlp.up_proj"),
        Names.linear("down", "layers.#.mlp.down_proj"),
        Names.linear("norm", "norm"),
        [("head.weight", Place("lm_head.weight"))],
      ]),
    gguf: GGUFLayout(
      architecture: "llama",
      keys: [
        "num_hidden_layers": "block_count", "num_attention_heads": "attention.head_count",
        "hidden_size": "embedding_length", "num_key_value_heads": "attention.head_count_kv",
        "head_dim": "attention.key_length", "intermediate_size": "feed_forward_length",
        "vocab_size": "vocab_size", "max_position_embeddings": "context_length",
        "rms_norm_eps": "attention.layer_norm_rms_epsilon", "rope_theta": "rope.freq_base",
      ],
      needed: [
        "block_count", "attention.head_count", "embedding_length", "feed_forward_length",
        "context_length", "attention.layer_norm_rms_epsilon",
      ],
      headWidths: ["attention.value_length", "rope.dimension_count"],
      required: [
        "attention.causal": true, "attention.sliding_window": 0, "expert_count": 0,
        "expert_used_count": 0,
      ],
      harmless: [
        "rope.scaling.finetuned", "rope.scaling.original_context_length", "tensor_data_layout",
      ],
      flags: [
        ("attention_bias", "blk.0.attn_q.bias", true), ("mlp_bias", "blk.0.ffn_up.bias", true),
        ("tie_word_embeddings", "output.weight", false),
      ],
      names: Names(
        prefixes: [],
        [
          [("words", Place("token_embd.weight"))],
          Names.linear("attention.norm", "blk.#.attn_norm"),
          Names.linear("attention.query", "blk.#.attn_q", isInterleaved: true),
          Names.linear("attention.key", "blk.#.attn_k", isInterleaved: true),
          Names.linear("attention.value", "blk.#.attn_v"),
          Names.linear("attention.output", "blk.#.attn_output"),
          Names.linear("feed_forward.norm", "blk.#.ffn_norm"),
          Names.linear("gate", "blk.#.ffn_gate"),
          Names.linear("up", "blk.#.ffn_up"),
          Names.linear("down", "blk.#.ffn_down"),
          Names.linear("norm", "output_norm"),
          [("head.weight", Place("output.weight"))],
        ])))
}

extension Configuration {
  fileprivate init(llama reader: inout ConfigurationReader) throws {
    try reader.require("rope_scaling", .null)
    let layers = try reader.integer("num_hidden_layers", default: 32, in: 1...1_000)
    let heads = try reader.integer("num_attention_heads", default: 32, in: 1...10_000)
    let width = try reader.integer("hidden_size", default: 4096)
    let groups = try reader.optionalInteger("num_key_value_heads", in: 1...10_000) ?? heads
    let headWidth =
      try reader.optionalInteger("head_dim", in: 1...100_000)
      ?? Self.headWidth(width, heads, reader)
    guard heads % groups == 0, headWidth % 2 == 0 else {
      throw FileError(
        .badData, reader.path,
        "\(groups) key-value heads do not divide \(heads) heads, or their width \(headWidth) is odd"
      )
    }
    self.init(
      family: "llama", kind: .decoder, layers: layers, heads: heads, groups: groups, width: width,
      headWidth: headWidth, hidden: try reader.integer("intermediate_size", default: 11_008),
      vocabulary: try reader.integer("vocab_size", default: 32_000),
      maximumTokens: try reader.integer("max_position_embeddings", default: 2048),
      positionRows: 0, tokenTypes: 0,
      activation: try reader.choice("hidden_act", default: .silu, among: Activation.words),
      isGated: true, hasAttentionBias: try reader.flag("attention_bias", default: false),
      hasFeedForwardBias: try reader.flag("mlp_bias", default: false), normKind: .rootMeanSquare,
      normEpsilon: Float(try reader.positive("rms_norm_eps", default: 1e-6)),
      normPlacement: .before,
      positions: .rotary(base: try reader.positive("rope_theta", default: 10_000)),
      scales: Array(repeating: 1 / Float(headWidth).squareRoot(), count: layers),
      isHeadTied: try reader.flag("tie_word_embeddings", default: false))
  }
}
