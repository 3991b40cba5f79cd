import Files

extension Family {
  /// The original transformer (Vaswani et al. 2017) as PyTorch's own `torch.nn.Transformer` stores
  /// it, with one table of word vectors; `config.json` has the names of its arguments.
  static let vaswani = Family(
    types: ["vaswani"],
    configuration: { try Configuration(vaswani: &$0) },
    names: Names(
      prefixes: ["transformer."],
      vaswaniAttention("encoder.attention", "encoder.layers.#.self_attn")
        + vaswaniAttention("decoder.attention", "decoder.layers.#.self_attn")
        + vaswaniAttention("cross_attention", "decoder.layers.#.multihead_attn")
        + Names.inBothStacks([
          Names.linear("attention.norm", "@.layers.#.norm1"),
          Names.linear("up", "@.layers.#.linear1"),
          Names.linear("down", "@.layers.#.linear2"),
          Names.linear("norm", "@.norm"),
        ]) + [
          [("words", Place("embedding.weight"))],
          Names.linear("encoder.feed_forward.norm", "encoder.layers.#.norm2"),
          Names.linear("cross_attention.norm", "decoder.layers.#.norm2"),
          Names.linear("decoder.feed_forward.norm", "decoder.layers.#.norm3"),
          Names.linear("head", "generator"),
        ]))

  /// Queries, keys and values stand in one matrix, one behind the other.
  private static func vaswaniAttention(_ path: String, _ name: String) -> [[(String, Place)]] {
    ["query", "key", "value"].enumerated().map { index, part in
      [
        ("\(path).\(part).weight", Place(name + ".in_proj_weight", .part(index, of: 3))),
        ("\(path).\(part).bias", Place(name + ".in_proj_bias", .part(index, of: 3))),
      ]
    } + [Names.linear(path + ".output", name + ".out_proj")]
  }
}

extension Configuration {
  /// The most tokens of a model that has no limit of its own: memory is the limit.
  static let mostTokens = 1_000_000

  fileprivate init(vaswani reader: inout ConfigurationReader) throws {
    let heads = try reader.integer("nhead", default: 8, in: 1...10_000)
    let width = try reader.integer("d_model", default: 512)
    let headWidth = try Self.headWidth(width, heads, reader)
    let hidden = try reader.integer("dim_feedforward", default: 2048)
    let scale = 1 / Float(headWidth).squareRoot()
    let layers = try reader.integer("num_decoder_layers", default: 6, in: 1...1_000)
    let isScaled = try reader.flag("scale_embedding", default: true)
    let count = try reader.integer("vocab_size", default: 37_000)
    self.init(
      family: "vaswani", kind: .seq2seq, layers: layers, heads: heads, groups: heads,
      width: width, headWidth: headWidth, hidden: hidden, vocabulary: count,
      maximumTokens: Self.mostTokens,
      encoder: Encoder(
        layers: try reader.integer("num_encoder_layers", default: 6, in: 1...1_000),
        heads: heads, headWidth: headWidth, hidden: hidden, scale: scale),
      startToken: try reader.token("decoder_start_token_id", default: 0, of: count),
      embeddingScale: isScaled ? Float(width).squareRoot() : 1,
      positions: .sinusoidal(.alternating),
      activation: try reader.choice("activation", default: .relu, among: Activation.words),
      normEpsilon: Float(try reader.positive("layer_norm_eps", default: 1e-5)),
      normPlacement: try reader.flag("norm_first", default: false) ? .before : .after,
      hasFinalNorm: try reader.flag("final_norm", default: true),
      scales: Array(repeating: scale, count: layers),
      isHeadTied: try reader.flag("tie_word_embeddings", default: true))
  }
}
