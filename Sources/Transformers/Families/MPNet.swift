import Files

extension Family {
  /// MPNet (Song et al. 2020): BERT without token types, with positions counted from behind the
  /// padding id and a bias of the distance of two tokens.
  static let mpnet = Family(
    types: ["mpnet"],
    configuration: { reader in
      let padding = try reader.integer("pad_token_id", default: 1, in: 0...1_000_000)
      var shape = try Configuration(
        bertLike: &reader, family: "mpnet", padding: padding, .init(vocabulary: 30_527))
      shape.tokenTypes = 0
      shape.headActivation = .gelu
      // Distances fall into 32 buckets whatever the size of the table.
      let rows = try reader.integer(
        "relative_attention_num_buckets", default: 32, in: 32...100_000)
      shape.relativePositions = .init(rows: rows, buckets: 32, maximumDistance: 128)
      return shape
    },
    names: Names(
      prefixes: ["mpnet."],
      [
        Names.linear("attention.query", "encoder.layer.#.attention.attn.q"),
        Names.linear("attention.key", "encoder.layer.#.attention.attn.k"),
        Names.linear("attention.value", "encoder.layer.#.attention.attn.v"),
        Names.linear("attention.output", "encoder.layer.#.attention.attn.o"),
        Names.linear("attention.norm", "encoder.layer.#.attention.LayerNorm"),
        [("relative_positions", Place("encoder.relative_attention_bias.weight"))],
        Names.linear("head.transform", "lm_head.dense"),
        Names.linear("head.norm", "lm_head.layer_norm"),
        [("head.weight", Place("lm_head.decoder.weight"))],
        [("head.bias", Place("lm_head.bias"))],
        Names.linear("pooler", "pooler.dense"),
      ] + bertNames))
}
