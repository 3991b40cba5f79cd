import Files

extension Family {
  /// Phi 1, 1.5 and 2 (Li et al. 2023): attention and feed-forward network side by side behind one
  /// norm, half of each head turned, biases everywhere.
  static let phi = Family(
    types: ["phi"],
    configuration: { reader in
      var shape = try Configuration(
        llamaLike: &reader, family: "phi", fraction: 0.5,
        .init(
          layers: 24, width: 2048, hidden: 8192, vocabulary: 51_200, activation: .geluTanh))
      shape.isGated = false
      (shape.hasAttentionBias, shape.hasOutputBias) = (true, true)
      shape.hasFeedForwardBias = true
      shape.normKind = .layer
      shape.normEpsilon = Float(try reader.positive("layer_norm_eps", default: 1e-5))
      shape.normPlacement = .parallel
      if try reader.flag("qk_layernorm", default: false) { shape.queryKeyNorm = .perHead }
      return shape
    },
    names: Names(
      prefixes: ["model."],
      [
        [("words", Place("embed_tokens.weight"))],
        Names.linear("attention.norm", "layers.#.input_layernorm"),
        Names.linear("attention.query", "layers.#.self_attn.q_proj"),
        Names.linear("attention.key", "layers.#.self_attn.k_proj"),
        Names.linear("attention.value", "layers.#.self_attn.v_proj"),
        Names.linear("attention.output", "layers.#.self_attn.dense"),
        Names.linear("attention.query.norm", "layers.#.self_attn.q_layernorm"),
        Names.linear("attention.key.norm", "layers.#.self_attn.k_layernorm"),
        Names.linear("feed_forward.norm", "layers.#.input_layernorm"),
        Names.linear("up", "layers.#.mlp.fc1"),
        Names.linear("down", "layers.#.mlp.fc2"),
        Names.linear("norm", "final_layernorm"),
        Names.linear("head", "lm_head"),
      ]))

  /// Phi 3 (Abdin et al. 2024): Llama with queries, keys and values in one matrix, gate and up in
  /// another.
  static let phi3 = Family(
    types: ["phi3"],
    configuration: { reader in
      var shape = try Configuration(
        llamaLike: &reader, family: "phi3", fraction: 1,
        .init(
          width: 3072, hidden: 8192, vocabulary: 32_064, maximumTokens: 4096, epsilon: 1e-5))
      try reader.require("attention_bias", false)
      let window = try reader.optionalInteger("sliding_window", in: 1...100_000_000)
      shape.windows = Array(repeating: window, count: shape.layers)
      return shape
    },
    names: Names(
      prefixes: ["model."],
      [
        Names.linear("attention.query", "layers.#.self_attn.qkv_proj", .heads(0)),
        Names.linear("attention.key", "layers.#.self_attn.qkv_proj", .heads(1)),
        Names.linear("attention.value", "layers.#.self_attn.qkv_proj", .heads(2)),
        Names.linear("gate", "layers.#.mlp.gate_up_proj", .part(0, of: 2)),
        Names.linear("up", "layers.#.mlp.gate_up_proj", .part(1, of: 2)),
      ] + llamaNames))
}
