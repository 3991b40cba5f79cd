import Files

extension Family {
  /// ELECTRA (Clark et al. 2020): BERT with narrow word vectors; the generator predicts words, the
  /// discriminator has no such head.
  static let electra = Family(
    types: ["electra"],
    configuration: { reader in
      var shape = try Configuration(
        bertLike: &reader, family: "electra", .init(heads: 4, width: 256, hidden: 1024))
      shape.embeddingWidth = try reader.integer("embedding_size", default: 128)
      shape.embeddingProjection = shape.embeddingWidth == shape.width ? .none : .sum
      shape.headActivation = .gelu
      return shape
    },
    harmless: ["summary_activation", "summary_type", "summary_use_proj"],
    names: Names(
      prefixes: ["electra."],
      bertNames + [
        [("types", Place("embeddings.token_type_embeddings.weight"))],
        Names.linear("embedding.projection", "embeddings_project"),
        Names.linear("head.transform", "generator_predictions.dense"),
        Names.linear("head.norm", "generator_predictions.LayerNorm"),
        [("head.weight", Place("generator_lm_head.weight"))],
        [("head.bias", Place("generator_lm_head.bias"))],
      ]))
}
