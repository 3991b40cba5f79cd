import Files

extension Family {
  /// ModernBERT (Warner et al. 2024): an encoder with norms before each sublayer, turned queries and
  /// keys and a gate; two of three layers see their surroundings only.
  static let modernBERT = Family(
    types: ["modernbert"],
    configuration: { try Configuration(modernBERT: &$0) },
    harmless: [
      "classifier_pooling", "decoder_bias", "deterministic_flash_attn",
      "initializer_cutoff_factor", "repad_logits_with_grad", "sparse_pred_ignore_index",
      "sparse_prediction", "reference_compile",
    ],
    names: Names(
      prefixes: ["model."],
      [
        [("words", Place("embeddings.tok_embeddings.weight"))],
        Names.linear("embedding.norm", "embeddings.norm"),
        Names.linear("attention.norm", "layers.#.attn_norm", firstLayer: 1),
        Names.linear("attention.query", "layers.#.attn.Wqkv", .part(0, of: 3)),
        Names.linear("attention.key", "layers.#.attn.Wqkv", .part(1, of: 3)),
        Names.linear("attention.value", "layers.#.attn.Wqkv", .part(2, of: 3)),
        Names.linear("attention.output", "layers.#.attn.Wo"),
        Names.linear("feed_forward.norm", "layers.#.mlp_norm"),
        Names.linear("gate", "layers.#.mlp.Wi", .part(0, of: 2)),
        Names.linear("up", "layers.#.mlp.Wi", .part(1, of: 2)),
        Names.linear("down", "layers.#.mlp.Wo"),
        Names.linear("norm", "final_norm"),
        Names.linear("head.transform", "head.dense"),
        Names.linear("head.norm", "head.norm"),
        Names.linear("head", "decoder"),
      ]))
}

extension Configuration {
  fileprivate init(modernBERT reader: inout ConfigurationReader) throws {
    let layers = try reader.integer("num_hidden_layers", default: 22, in: 1...1_000)
    let heads = try reader.integer("num_attention_heads", default: 12, in: 1...10_000)
    let width = try reader.integer("hidden_size", default: 768)
    let headWidth = try Self.headWidth(width, heads, reader)
    let tokens = try reader.integer("max_position_embeddings", default: 8192)
    let hasFeedForwardBias = try reader.flag("mlp_bias", default: false)
    let hasAttentionBias = try reader.flag("attention_bias", default: false)
    self.init(
      family: "modernbert", kind: .encoder, layers: layers, heads: heads, groups: heads,
      width: width, headWidth: headWidth,
      hidden: try reader.integer("intermediate_size", default: 1152),
      vocabulary: try reader.integer("vocab_size", default: 50_368), maximumTokens: tokens,
      activation: try reader.choice(
        "hidden_activation", default: .gelu, among: Activation.words),
      isGated: true, hasFeedForwardBias: hasFeedForwardBias, hasAttentionBias: hasAttentionBias,
      hasOutputBias: hasAttentionBias,
      hasNormShift: try reader.flag("norm_bias", default: false),
      normEpsilon: Float(try reader.positive("norm_eps", default: 1e-5)), normPlacement: .before,
      scales: Array(repeating: 1 / Float(headWidth).squareRoot(), count: layers),
      isHeadTied: try reader.flag("tie_word_embeddings", default: true),
      hasTransformBias: try reader.flag("classifier_bias", default: false),
      headActivation: try reader.choice(
        "classifier_activation", default: .gelu, among: Activation.words))
    try lookAround(&reader)
  }

  /// Reads which layers see everything, how far the others see, and how both turn.
  private mutating func lookAround(_ reader: inout ConfigurationReader) throws {
    let period = try reader.integer("global_attn_every_n_layers", default: 3, in: 1...1_000)
    let window = try reader.integer("local_attention", default: 128)
    windows = try Self.windows(&reader, layers: layers, window: window / 2) { $0 % period == 0 }
    let base = try reader.positive("global_rope_theta", default: 160_000)
    let full = try reader.rotary(
      headWidth: headWidth, base: base, maximumTokens: maximumTokens)
    let isAlike = reader.contains("local_rope_theta") && reader.value("local_rope_theta") == nil
    let near = try reader.nearRotary(
      headWidth: headWidth, key: "local_rope_theta", base: isAlike ? base : 10_000,
      maximumTokens: maximumTokens)
    rotary = windows.map { $0 == nil ? full : near }
  }
}
