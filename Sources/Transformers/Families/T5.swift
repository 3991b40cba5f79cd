import Files

extension Family {
  /// T5 (Raffel et al. 2020) and Flan-T5: root-mean-square norms before each sublayer, learned
  /// numbers for distances, scores that are not scaled, no biases.
  static let t5 = Family(
    types: ["t5"],
    configuration: { try Configuration(t5: &$0) },
    harmless: ["dropout_rate", "n_positions"],
    names: Names(
      prefixes: [],
      Names.inBothStacks([
        Names.linear("attention.norm", "@.block.#.layer.0.layer_norm"),
        Names.linear("attention.query", "@.block.#.layer.0.SelfAttention.q"),
        Names.linear("attention.key", "@.block.#.layer.0.SelfAttention.k"),
        Names.linear("attention.value", "@.block.#.layer.0.SelfAttention.v"),
        Names.linear("attention.output", "@.block.#.layer.0.SelfAttention.o"),
        [
          (
            "relative_positions",
            Place("@.block.0.layer.0.SelfAttention.relative_attention_bias.weight")
          )
        ],
        Names.linear("norm", "@.final_layer_norm"),
      ])
        + t5FeedForward("encoder", sublayer: 1) + t5FeedForward("decoder", sublayer: 2)
        + [
          [("words", Place("shared.weight"))],
          Names.linear("cross_attention.norm", "decoder.block.#.layer.1.layer_norm"),
          Names.linear("cross_attention.query", "decoder.block.#.layer.1.EncDecAttention.q"),
          Names.linear("cross_attention.key", "decoder.block.#.layer.1.EncDecAttention.k"),
          Names.linear("cross_attention.value", "decoder.block.#.layer.1.EncDecAttention.v"),
          Names.linear("cross_attention.output", "decoder.block.#.layer.1.EncDecAttention.o"),
          [("head.weight", Place("lm_head.weight"))],
        ]))

  /// The places of a stack's feed-forward network, with a gate and without: the shape decides which
  /// are read.
  private static func t5FeedForward(_ stack: String, sublayer: Int) -> [[(String, Place)]] {
    let path = "\(stack).block.#.layer.\(sublayer)"
    return [
      Names.linear("\(stack).feed_forward.norm", path + ".layer_norm"),
      Names.linear("\(stack).gate", path + ".DenseReluDense.wi_0"),
      Names.linear("\(stack).gated.up", path + ".DenseReluDense.wi_1"),
      Names.linear("\(stack).up", path + ".DenseReluDense.wi"),
      Names.linear("\(stack).down", path + ".DenseReluDense.wo"),
    ]
  }
}

extension Configuration {
  fileprivate init(t5 reader: inout ConfigurationReader) throws {
    let heads = try reader.integer("num_heads", default: 8, in: 1...10_000)
    let width = try reader.integer("d_model", default: 512)
    let layers = try reader.integer("num_layers", default: 6, in: 1...1_000)
    let decoderLayers = try reader.integer("num_decoder_layers", default: layers, in: 1...1_000)
    let hidden = try reader.integer("d_ff", default: 2048)
    let headWidth = try reader.integer("d_kv", default: 64, in: 1...100_000)
    let count = try reader.integer("vocab_size", default: 32_128)
    let padding = try reader.token("pad_token_id", default: 0, of: count)
    let (activation, isGated) = try Self.t5Activation(&reader)
    let isTied = try reader.flag("tie_word_embeddings", default: true)
    self.init(
      family: "t5", kind: .seq2seq, layers: decoderLayers, heads: heads, groups: heads,
      width: width, headWidth: headWidth, hidden: hidden, vocabulary: count,
      maximumTokens: Self.mostTokens,
      encoder: Encoder(
        layers: layers, heads: heads, headWidth: headWidth, hidden: hidden, scale: 1),
      startToken: try reader.token("decoder_start_token_id", default: padding, of: count),
      relativePositions: try Self.t5Positions(&reader), activation: activation, isGated: isGated,
      hasFeedForwardBias: false, hasAttentionBias: false, hasOutputBias: false,
      normKind: .rootMeanSquare,
      normEpsilon: Float(try reader.positive("layer_norm_epsilon", default: 1e-6)),
      normPlacement: .before, scales: Array(repeating: 1, count: decoderLayers),
      isHeadTied: isTied, headScale: isTied ? 1 / Float(width).squareRoot() : 1)
  }

  private static func t5Positions(
    _ reader: inout ConfigurationReader
  ) throws -> RelativePositions {
    let buckets = try reader.integer(
      "relative_attention_num_buckets", default: 32, in: 4...100_000)
    let distance = try reader.integer("relative_attention_max_distance", default: 128)
    guard distance > buckets / 2 else {
      throw reader.failure(
        "relative_attention_max_distance", .integer(distance), "a number above \(buckets / 2)")
    }
    return RelativePositions(
      rows: buckets, buckets: buckets, maximumDistance: distance, isBidirectional: false)
  }

  /// The function and whether there is a gate: two keys, and one that stands for both.
  private static func t5Activation(
    _ reader: inout ConfigurationReader
  ) throws -> (Activation, isGated: Bool) {
    let plain = Activation.words.map { (word: $0.word, choice: ($0.choice, false)) }
    let gated = Activation.words.map { word, choice in
      // "gated-gelu" is the approximation, whatever "gelu" is.
      (word: "gated-" + word, choice: (choice == .gelu ? .geluTanh : choice, true))
    }
    let stated = try reader.choice(
      "feed_forward_proj", default: (.relu, false), among: plain + gated)
    return (
      try reader.choice("dense_act_fn", default: stated.0, among: Activation.words),
      try reader.flag("is_gated_act", default: stated.1)
    )
  }
}
