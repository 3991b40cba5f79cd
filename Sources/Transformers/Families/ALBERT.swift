import Files

extension Family {
  /// ALBERT (Lan et al. 2019): BERT with narrow word vectors and layers that share their parameters.
  static let albert = Family(
    types: ["albert"],
    configuration: { reader in
      var shape = try Configuration(
        bertLike: &reader, family: "albert",
        .init(
          heads: 64, width: 4096, hidden: 16_384, vocabulary: 30_000, activation: .geluTanh))
      shape.embeddingProjection = .sum
      shape.embeddingWidth = try reader.integer("embedding_size", default: 128)
      try reader.require("inner_group_num", 1)
      let groups = try reader.integer("num_hidden_groups", default: 1, in: 1...shape.layers)
      shape.storedLayers = (0..<shape.layers).map { $0 * groups / shape.layers }
      return shape
    },
    // The first files name options of the authors' own code, which it never used.
    harmless: ["down_scale_factor", "gap_size", "net_structure_type", "num_memory_blocks"],
    names: Names(
      prefixes: ["albert."],
      [
        [("words", Place("embeddings.word_embeddings.weight"))],
        [("positions", Place("embeddings.position_embeddings.weight"))],
        [("types", Place("embeddings.token_type_embeddings.weight"))],
        Names.linear("embedding.norm", "embeddings.LayerNorm"),
        Names.linear("embedding.projection", "encoder.embedding_hidden_mapping_in"),
        albertLinear("attention.query", "attention.query"),
        albertLinear("attention.key", "attention.key"),
        albertLinear("attention.value", "attention.value"),
        albertLinear("attention.output", "attention.dense"),
        albertLinear("attention.norm", "attention.LayerNorm"),
        albertLinear("up", "ffn"),
        albertLinear("down", "ffn_output"),
        albertLinear("feed_forward.norm", "full_layer_layer_norm"),
        Names.linear("head.transform", "predictions.dense"),
        Names.linear("head.norm", "predictions.LayerNorm"),
        [("head.weight", Place("predictions.decoder.weight"))],
        [("head.bias", Place("predictions.bias"))],
        Names.linear("pooler", "pooler"),
      ]))

  private static func albertLinear(_ path: String, _ name: String) -> [(String, Place)] {
    Names.linear(path, "encoder.albert_layer_groups.#.albert_layers.0." + name)
  }
}
