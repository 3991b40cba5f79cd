import Files

extension Family {
  /// OPT (Zhang et al. 2022): positions counted from 2; the smallest sizes have norms after each
  /// sublayer and narrower word vectors.
  static let opt = Family(
    types: ["opt"],
    configuration: { try Configuration(opt: &$0) },
    harmless: ["init_std", "layerdrop"],
    names: Names(
      prefixes: ["model."],
      [
        [("words", Place("decoder.embed_tokens.weight"))],
        [("positions", Place("decoder.embed_positions.weight"))],
        [("embedding.projection.weight", Place("decoder.project_in.weight"))],
        Names.linear("attention.norm", "decoder.layers.#.self_attn_layer_norm"),
        Names.linear("attention.query", "decoder.layers.#.self_attn.q_proj"),
        Names.linear("attention.key", "decoder.layers.#.self_attn.k_proj"),
        Names.linear("attention.value", "decoder.layers.#.self_attn.v_proj"),
        Names.linear("attention.output", "decoder.layers.#.self_attn.out_proj"),
        Names.linear("feed_forward.norm", "decoder.layers.#.final_layer_norm"),
        Names.linear("up", "decoder.layers.#.fc1"),
        Names.linear("down", "decoder.layers.#.fc2"),
        Names.linear("norm", "decoder.final_layer_norm"),
        [("projection.weight", Place("decoder.project_out.weight"))],
        [("head.weight", Place("lm_head.weight"))],
      ]))
}

extension Configuration {
  fileprivate init(opt reader: inout ConfigurationReader) throws {
    try reader.require("layer_norm_elementwise_affine", true)
    let layers = try reader.integer("num_hidden_layers", default: 12, in: 1...1_000)
    let heads = try reader.integer("num_attention_heads", default: 12, in: 1...10_000)
    let width = try reader.integer("hidden_size", default: 768)
    let headWidth = try Self.headWidth(width, heads, reader)
    let tokens = try reader.integer("max_position_embeddings", default: 2048)
    let words = try reader.optionalInteger(
      "word_embed_proj_dim", default: 768, in: 1...10_000_000)
    let isBefore = try reader.flag("do_layer_norm_before", default: true)
    let isRemoved = try reader.flag("_remove_final_layer_norm", default: false)
    let hasBias = try reader.flag("enable_bias", default: true)
    self.init(
      family: "opt", kind: .decoder, layers: layers, heads: heads, groups: heads, width: width,
      headWidth: headWidth, hidden: try reader.integer("ffn_dim", default: 3072),
      vocabulary: try reader.integer("vocab_size", default: 50_272), maximumTokens: tokens,
      positionRows: tokens + 2,
      embeddingProjection: words ?? width == width ? .none : .words,
      embeddingWidth: words ?? width, positions: .learned(offset: 2, padding: nil),
      activation: try reader.choice("activation_function", default: .relu, among: Activation.words),
      hasFeedForwardBias: hasBias, hasAttentionBias: hasBias, hasOutputBias: hasBias,
      normEpsilon: 1e-5, normPlacement: isBefore ? .before : .after,
      hasFinalNorm: isBefore && !isRemoved,
      scales: Array(repeating: 1 / Float(headWidth).squareRoot(), count: layers),
      isHeadTied: try reader.flag("tie_word_embeddings", default: true))
  }
}
