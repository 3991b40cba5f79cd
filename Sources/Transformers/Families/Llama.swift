import Files

extension Family {
  /// Llama (Touvron et al. 2023) and what is shaped like it: SmolLM2, TinyLlama.
  static let llama = Family(
    types: ["llama"],
    configuration: { reader in
      var shape = try Configuration(llamaLike: &reader, family: "llama")
      let hasBias = try reader.flag("attention_bias", default: false)
      (shape.hasAttentionBias, shape.hasOutputBias) = (hasBias, hasBias)
      shape.hasFeedForwardBias = try reader.flag("mlp_bias", default: false)
      return shape
    },
    harmless: ["pretraining_tp"],
    names: Names(prefixes: ["model."], llamaNames),
    gguf: GGUFLayout(
      architecture: "llama", keys: GGUFLayout.llamaKeys, needed: GGUFLayout.llamaNeeded,
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
      names: Names(prefixes: [], GGUFLayout.llamaNames(.halvesAlternate))))
}

extension GGUFLayout {
  /// The keys of decoders that are shaped like Llama.
  static let llamaKeys = [
    "num_hidden_layers": "block_count", "num_attention_heads": "attention.head_count",
    "hidden_size": "embedding_length", "num_key_value_heads": "attention.head_count_kv",
    "head_dim": "attention.key_length", "intermediate_size": "feed_forward_length",
    "vocab_size": "vocab_size", "max_position_embeddings": "context_length",
    "rms_norm_eps": "attention.layer_norm_rms_epsilon", "rope_theta": "rope.freq_base",
  ]

  /// Those of them that must be there.
  static let llamaNeeded = [
    "block_count", "attention.head_count", "embedding_length", "feed_forward_length",
    "context_length", "attention.layer_norm_rms_epsilon",
  ]

  /// Where their parameters are, with the rows of queries and keys as the architecture has them.
  static func llamaNames(_ rows: Place.Rows = .all) -> [[(String, Place)]] {
    [
      [("words", Place("token_embd.weight"))],
      Names.linear("attention.norm", "blk.#.attn_norm"),
      Names.linear("attention.query", "blk.#.attn_q", rows),
      Names.linear("attention.key", "blk.#.attn_k", rows),
      Names.linear("attention.value", "blk.#.attn_v"),
      Names.linear("attention.output", "blk.#.attn_output"),
      Names.linear("feed_forward.norm", "blk.#.ffn_norm"),
      Names.linear("gate", "blk.#.ffn_gate"),
      Names.linear("up", "blk.#.ffn_up"),
      Names.linear("down", "blk.#.ffn_down"),
      Names.linear("norm", "output_norm"),
      [("head.weight", Place("output.weight"))],
    ]
  }
}
