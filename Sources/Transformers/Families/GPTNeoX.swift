import Files

extension Family {
  /// GPT-NeoX (Black et al. 2022; Pythia): attention and feed-forward network side by side, each
  /// behind a norm of its own; a part of each head is turned; queries, keys and values of a head
  /// stand together.
  static let gptNeoX = Family(
    types: ["gpt_neox"],
    configuration: { reader in
      let fraction = try reader.positive("rotary_pct", default: 0.25)
      let base = try reader.positive("rotary_emb_base", default: 10_000)
      var shape = try Configuration(
        llamaLike: &reader, family: "gpt_neox", fraction: fraction,
        .init(
          layers: 44, heads: 64, width: 6144, hidden: 24_576, vocabulary: 50_432,
          activation: .gelu, base: base))
      shape.isGated = false
      let hasBias = try reader.flag("attention_bias", default: true)
      (shape.hasAttentionBias, shape.hasOutputBias) = (hasBias, hasBias)
      shape.hasFeedForwardBias = true
      shape.normKind = .layer
      shape.normEpsilon = Float(try reader.positive("layer_norm_eps", default: 1e-5))
      let isParallel = try reader.flag("use_parallel_residual", default: true)
      shape.normPlacement = isParallel ? .parallel : .before
      return shape
    },
    names: Names(
      prefixes: ["gpt_neox."],
      [
        [("words", Place("embed_in.weight"))],
        Names.linear("attention.norm", "layers.#.input_layernorm"),
        Names.linear(
          "attention.query", "layers.#.attention.query_key_value", .partOfHead(0, of: 3)),
        Names.linear("attention.key", "layers.#.attention.query_key_value", .partOfHead(1, of: 3)),
        Names.linear(
          "attention.value", "layers.#.attention.query_key_value", .partOfHead(2, of: 3)),
        Names.linear("attention.output", "layers.#.attention.dense"),
        Names.linear("feed_forward.norm", "layers.#.post_attention_layernorm"),
        Names.linear("up", "layers.#.mlp.dense_h_to_4h"),
        Names.linear("down", "layers.#.mlp.dense_4h_to_h"),
        Names.linear("norm", "final_layer_norm"),
        [("head.weight", Place("embed_out.weight"))],
      ]))
}
