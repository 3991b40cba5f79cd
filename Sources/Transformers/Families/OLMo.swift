import Files

extension Family {
  /// OLMo 2 (Walsh et al. 2024): Llama with norms of what each sublayer adds, and of all heads'
  /// queries and keys.
  static let olmo2 = Family(
    types: ["olmo2"],
    configuration: { reader in
      var shape = try Configuration(
        llamaLike: &reader, family: "olmo2", .init(vocabulary: 50_304, epsilon: 1e-5))
      let hasBias = try reader.flag("attention_bias", default: false)
      (shape.hasAttentionBias, shape.hasOutputBias) = (hasBias, hasBias)
      shape.normPlacement = .inside
      shape.queryKeyNorm = .allHeads
      return shape
    },
    names: Names(
      prefixes: ["model."],
      [
        Names.linear("attention.norm", "layers.#.post_attention_layernorm"),
        Names.linear("feed_forward.norm", "layers.#.post_feedforward_layernorm"),
      ] + llamaNames))
}
