import Files

extension Family {
  /// BART (Lewis et al. 2019): positions counted from 2, norms after adding and of the embeddings.
  static let bart = Family(
    types: ["bart"],
    configuration: { reader in
      try reader.require("normalize_embedding", true)
      var shape = try Configuration(bartLike: &reader, family: "bart", vocabulary: 50_265, start: 2)
      shape.positionRows += 2
      shape.positions = .learned(offset: 2, padding: nil)
      return shape
    },
    harmless: bartHarmless,
    names: Names(
      prefixes: ["model."],
      bartNames
        + Names.inBothStacks([
          [("positions", Place("@.embed_positions.weight"))],
          Names.linear("embedding.norm", "@.layernorm_embedding"),
        ])))

  /// Marian (Junczys-Dowmunt et al. 2018; OPUS-MT): sines and cosines for positions, scaled word
  /// vectors.
  static let marian = Family(
    types: ["marian"],
    configuration: { reader in
      try reader.require("normalize_embedding", false)
      try reader.require("share_encoder_decoder_embeddings", true)
      var shape = try Configuration(
        bartLike: &reader, family: "marian", vocabulary: 58_101, start: 58_100)
      try reader.require("decoder_vocab_size", .integer(shape.vocabulary))
      shape.positionRows = 0
      shape.positions = .sinusoidal(.halves)
      return shape
    },
    harmless: bartHarmless,
    names: Names(prefixes: ["model."], bartNames))

  private static let bartHarmless: Set<String> = [
    "classif_dropout", "decoder_layerdrop", "encoder_layerdrop", "extra_pos_embeddings",
    "force_bos_token_to_be_generated", "init_std", "num_hidden_layers",
    "static_position_embeddings",
  ]

  private static let bartNames =
    Names.inBothStacks([
      Names.linear("attention.query", "@.layers.#.self_attn.q_proj"),
      Names.linear("attention.key", "@.layers.#.self_attn.k_proj"),
      Names.linear("attention.value", "@.layers.#.self_attn.v_proj"),
      Names.linear("attention.output", "@.layers.#.self_attn.out_proj"),
      Names.linear("attention.norm", "@.layers.#.self_attn_layer_norm"),
      Names.linear("up", "@.layers.#.fc1"),
      Names.linear("down", "@.layers.#.fc2"),
      Names.linear("feed_forward.norm", "@.layers.#.final_layer_norm"),
    ]) + [
      [("words", Place("shared.weight"))],
      Names.linear("cross_attention.query", "decoder.layers.#.encoder_attn.q_proj"),
      Names.linear("cross_attention.key", "decoder.layers.#.encoder_attn.k_proj"),
      Names.linear("cross_attention.value", "decoder.layers.#.encoder_attn.v_proj"),
      Names.linear("cross_attention.output", "decoder.layers.#.encoder_attn.out_proj"),
      Names.linear("cross_attention.norm", "decoder.layers.#.encoder_attn_layer_norm"),
      [("head.weight", Place("lm_head.weight"))],
      [("head.bias", Place("final_logits_bias"))],
    ]
}

extension Configuration {
  /// Reads the keys that BART and its kin share: two stacks of one width, norms after adding.
  fileprivate init(
    bartLike reader: inout ConfigurationReader, family: String, vocabulary: Int, start: Int
  ) throws {
    for key in ["normalize_before", "add_final_layer_norm", "add_bias_logits"] {
      try reader.require(key, false)
    }
    let width = try reader.integer("d_model", default: 1024)
    let tokens = try reader.integer("max_position_embeddings", default: 1024)
    let encoder = try Encoder(bartLike: &reader, "encoder", width: width)
    let decoder = try Encoder(bartLike: &reader, "decoder", width: width)
    let isScaled = try reader.flag("scale_embedding", default: false)
    let count = try reader.integer("vocab_size", default: vocabulary)
    self.init(
      family: family, kind: .seq2seq, layers: decoder.layers, heads: decoder.heads,
      groups: decoder.heads, width: width, headWidth: decoder.headWidth, hidden: decoder.hidden,
      vocabulary: count, maximumTokens: tokens, encoder: encoder,
      startToken: try reader.token("decoder_start_token_id", default: start, of: count),
      positionRows: tokens, embeddingScale: isScaled ? Float(width).squareRoot() : 1,
      activation: try reader.choice(
        "activation_function", default: .gelu, among: Activation.words),
      normEpsilon: 1e-5, normPlacement: .after,
      scales: Array(repeating: decoder.scale, count: decoder.layers),
      isHeadTied: try reader.flag("tie_word_embeddings", default: true))
  }
}

extension Configuration.Encoder {
  /// Reads the keys of one stack.
  fileprivate init(
    bartLike reader: inout ConfigurationReader, _ stack: String, width: Int
  ) throws {
    layers = try reader.integer("\(stack)_layers", default: 12, in: 1...1_000)
    heads = try reader.integer("\(stack)_attention_heads", default: 16, in: 1...10_000)
    hidden = try reader.integer("\(stack)_ffn_dim", default: 4096)
    headWidth = try Configuration.headWidth(width, heads, reader)
    scale = 1 / Float(headWidth).squareRoot()
  }
}
