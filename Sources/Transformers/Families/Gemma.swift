import Files

extension Family {
  /// Gemma (Gemma Team 2024): Llama with scaled word vectors and norms whose scale is stored less 1.
  static let gemma = Family(
    types: ["gemma"],
    configuration: { reader in
      try Configuration(
        gemma: &reader, family: "gemma",
        .init(
          layers: 28, heads: 16, width: 3072, groups: 16, headWidth: 256, hidden: 24_576,
          vocabulary: 256_000, maximumTokens: 8192, activation: .geluTanh, isHeadTied: true))
    },
    names: Names(prefixes: ["model."], llamaNames))

  /// Gemma 2 (Gemma Team 2024): norms around each sublayer, caps on scores and logits, a window in
  /// every second layer.
  static let gemma2 = Family(
    types: ["gemma2"],
    configuration: { reader in
      var shape = try Configuration(
        gemma: &reader, family: "gemma2",
        .init(
          layers: 26, heads: 8, width: 2304, groups: 4, headWidth: 256, hidden: 9216,
          vocabulary: 256_000, maximumTokens: 8192, activation: .geluTanh, isHeadTied: true))
      try shape.readGemma2(&reader, caps: (scores: 50, logits: 30))
      let window = try reader.optionalInteger(
        "sliding_window", default: 4096, in: 1...100_000_000)
      shape.windows = try Configuration.windows(&reader, layers: shape.layers, window: window) {
        $0 % 2 == 1
      }
      return shape
    },
    names: Names(prefixes: ["model."], gemmaNames), gguf: .gemma2)

  /// The part of Gemma 3 (Gemma Team 2025) that reads text: norms of queries and keys; five layers
  /// with a window and a rotation of their own, then one without.
  static let gemma3 = Family(
    types: ["gemma3_text"],
    configuration: { reader in
      var shape = try Configuration(
        gemma: &reader, family: "gemma3_text",
        .init(
          layers: 26, heads: 8, width: 2304, groups: 4, headWidth: 256, hidden: 9216,
          vocabulary: 262_208, maximumTokens: 131_072, activation: .geluTanh, isHeadTied: true,
          base: 1_000_000))
      try shape.readGemma2(&reader, caps: (scores: nil, logits: nil))
      shape.queryKeyNorm = .perHead
      let own = try reader.integer("_sliding_window_pattern", default: 6, in: 1...1_000)
      let pattern = try reader.integer("sliding_window_pattern", default: own, in: 1...1_000)
      let window = try reader.integer("sliding_window", default: 4096, in: 1...100_000_000)
      shape.windows = try Configuration.windows(&reader, layers: shape.layers, window: window) {
        ($0 + 1) % pattern == 0
      }
      let near = try reader.nearRotary(
        headWidth: shape.headWidth, key: "rope_local_base_freq", base: 10_000,
        maximumTokens: shape.maximumTokens)
      shape.rotary = zip(shape.rotary, shape.windows).map { $1 == nil ? $0 : near }
      return shape
    },
    names: Names(prefixes: ["model."], gemmaNames))

  private static let gemmaNames: [[(String, Place)]] =
    [
      Names.linear("attention.norm.inside", "layers.#.post_attention_layernorm"),
      Names.linear("feed_forward.norm", "layers.#.pre_feedforward_layernorm"),
      Names.linear("feed_forward.norm.inside", "layers.#.post_feedforward_layernorm"),
    ] + llamaNames
}

extension Configuration {
  /// Reads the keys that all Gemmas share.
  fileprivate init(
    gemma reader: inout ConfigurationReader, family: String, _ defaults: LlamaDefaults
  ) throws {
    try self.init(llamaLike: &reader, family: family, defaults)
    // Early files say "gelu" under the old key and mean what stands under the new one.
    activation = try reader.choice(
      "hidden_activation", default: activation, among: Activation.words)
    try reader.require("use_bidirectional_attention", false)
    let hasBias = try reader.flag("attention_bias", default: false)
    (hasAttentionBias, hasOutputBias) = (hasBias, hasBias)
    normKind = .rootMeanSquarePlusOne
    embeddingScale = Float(width).squareRoot()
  }

  /// Reads what came with Gemma 2.
  fileprivate mutating func readGemma2(
    _ reader: inout ConfigurationReader, caps: (scores: Double?, logits: Double?)
  ) throws {
    normPlacement = .around
    let scalar = try reader.positive("query_pre_attn_scalar", default: 256)
    scales = Array(repeating: 1 / Float(scalar).squareRoot(), count: layers)
    scoreCap = try reader.optionalPositive("attn_logit_softcapping", default: caps.scores)
      .map(Float.init)
    logitCap = try reader.optionalPositive("final_logit_softcapping", default: caps.logits)
      .map(Float.init)
  }
}

extension GGUFLayout {
  fileprivate static let gemma2 = GGUFLayout(
    architecture: "gemma2",
    keys: llamaKeys.merging(
      [
        "query_pre_attn_scalar": "attention.key_length",
        "attn_logit_softcapping": "attn_logit_softcapping",
        "final_logit_softcapping": "final_logit_softcapping",
        "sliding_window": "attention.sliding_window",
      ], uniquingKeysWith: { first, _ in first }),
    needed: llamaNeeded + ["attention.key_length"],
    headWidths: ["attention.value_length", "rope.dimension_count"],
    required: ["attention.causal": true],
    harmless: ["rope.scaling.finetuned", "rope.scaling.original_context_length"],
    flags: [("tie_word_embeddings", "output.weight", false)],
    adjust: { shape in
      shape.normKind = .rootMeanSquare
      // The largest Gemma 2 alone divides by another number, which the file does not have.
      guard shape.layers == 46 else { return }
      let scale = 1 / (Float(shape.width) / Float(shape.heads)).squareRoot()
      shape.scales = Array(repeating: scale, count: shape.layers)
    },
    names: Names(
      prefixes: [],
      [
        Names.linear("attention.norm.inside", "blk.#.post_attention_norm"),
        Names.linear("feed_forward.norm.inside", "blk.#.post_ffw_norm"),
      ] + llamaNames()))
}
