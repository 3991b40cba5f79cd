import Files

extension Family {
  /// GPT-2 (Radford et al. 2019): a decoder with norms before each sublayer and `[in, out]`
  /// matrices, queries, keys and values fused into one.
  static let gpt2 = Family(
    types: ["gpt2"],
    configuration: { try Configuration(gpt2: &$0) },
    harmless: [
      "reorder_and_upcast_attn", "summary_activation", "summary_first_dropout",
      "summary_proj_to_labels", "summary_type", "summary_use_proj", "n_ctx",
    ],
    names: Names(
      prefixes: ["transformer."],
      [
        [("words", Place("wte.weight"))],
        [("positions", Place("wpe.weight"))],
        Names.linear("attention.norm", "h.#.ln_1"),
        Names.linear("attention.query", "h.#.attn.c_attn", .part(0, of: 3), isTransposed: true),
        Names.linear("attention.key", "h.#.attn.c_attn", .part(1, of: 3), isTransposed: true),
        Names.linear("attention.value", "h.#.attn.c_attn", .part(2, of: 3), isTransposed: true),
        Names.linear("attention.output", "h.#.attn.c_proj", isTransposed: true),
        Names.linear("feed_forward.norm", "h.#.ln_2"),
        Names.linear("up", "h.#.mlp.c_fc", isTransposed: true),
        Names.linear("down", "h.#.mlp.c_proj", isTransposed: true),
        Names.linear("norm", "ln_f"),
        [("head.weight", Place("lm_head.weight"))],
      ]),
    gguf: GGUFLayout(
      architecture: "gpt2",
      keys: [
        "n_layer": "block_count", "n_head": "attention.head_count", "n_embd": "embedding_length",
        "n_positions": "context_length", "n_inner": "feed_forward_length",
        "vocab_size": "vocab_size", "layer_norm_epsilon": "attention.layer_norm_epsilon",
      ],
      needed: [
        "block_count", "attention.head_count", "embedding_length", "context_length",
        "attention.layer_norm_epsilon",
      ],
      required: ["attention.causal": true],
      flags: [("tie_word_embeddings", "output.weight", false)],
      names: Names(
        prefixes: [],
        [
          [("words", Place("token_embd.weight"))],
          [("positions", Place("position_embd.weight"))],
          Names.linear("attention.norm", "blk.#.attn_norm"),
          Names.linear("attention.query", "blk.#.attn_qkv", .part(0, of: 3)),
          Names.linear("attention.key", "blk.#.attn_qkv", .part(1, of: 3)),
          Names.linear("attention.value", "blk.#.attn_qkv", .part(2, of: 3)),
          Names.linear("attention.output", "blk.#.attn_output"),
          Names.linear("feed_forward.norm", "blk.#.ffn_norm"),
          Names.linear("up", "blk.#.ffn_up"),
          Names.linear("down", "blk.#.ffn_down"),
          Names.linear("norm", "output_norm"),
          [("head.weight", Place("output.weight"))],
        ])))
}

extension Configuration {
  fileprivate init(gpt2 reader: inout ConfigurationReader) throws {
    let layers = try reader.integer("n_layer", default: 12, in: 1...1_000)
    let heads = try reader.integer("n_head", default: 12, in: 1...10_000)
    let width = try reader.integer("n_embd", default: 768)
    let headWidth = try Self.headWidth(width, heads, reader)
    let positions = try reader.integer("n_positions", default: 1024)
    let isScaled = try reader.flag("scale_attn_weights", default: true)
    let isScaledByLayer = try reader.flag("scale_attn_by_inverse_layer_idx", default: false)
    self.init(
      family: "gpt2", kind: .decoder, layers: layers, heads: heads, groups: heads, width: width,
      headWidth: headWidth,
      hidden: try reader.optionalInteger("n_inner", in: 1...10_000_000) ?? 4 * width,
      vocabulary: try reader.integer("vocab_size", default: 50_257), maximumTokens: positions,
      positionRows: positions, positions: .learned(offset: 0, padding: nil),
      activation: try reader.choice(
        "activation_function", default: .geluTanh, among: Activation.words),
      normEpsilon: Float(try reader.positive("layer_norm_epsilon", default: 1e-5)),
      normPlacement: .before,
      scales: (0..<layers).map { layer in
        (isScaled ? 1 / Float(headWidth).squareRoot() : 1)
          / (isScaledByLayer ? Float(layer + 1) : 1)
      },
      isHeadTied: try reader.flag("tie_word_embeddings", default: true))
  }
}
