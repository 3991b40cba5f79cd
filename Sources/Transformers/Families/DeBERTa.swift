import Files

extension Family {
  /// DeBERTa 2 and 3 (He et al. 2021): BERT whose distances have keys and queries of their own.
  static let debertaV2 = Family(
    types: ["deberta-v2"],
    configuration: { reader in
      var shape = try Configuration(
        bertLike: &reader, family: "deberta-v2",
        .init(
          layers: 24, heads: 24, width: 1536, hidden: 6144, vocabulary: 128_100, tokenTypes: 0,
          epsilon: 1e-7))
      if try !reader.flag("position_biased_input", default: true) {
        shape.positionRows = 0
        shape.positions = .none
      }
      try reader.require("legacy", true)
      try reader.require("conv_kernel_size", 0)
      try shape.disentangle(&reader)
      return shape
    },
    harmless: ["pooler_hidden_act", "pooler_hidden_size"],
    names: Names(
      prefixes: ["deberta."],
      [
        Names.linear("attention.query", "encoder.layer.#.attention.self.query_proj"),
        Names.linear("attention.key", "encoder.layer.#.attention.self.key_proj"),
        Names.linear("attention.value", "encoder.layer.#.attention.self.value_proj"),
        Names.linear("attention.distances.key", "encoder.layer.#.attention.self.pos_key_proj"),
        Names.linear("attention.distances.query", "encoder.layer.#.attention.self.pos_query_proj"),
        [("distances", Place("encoder.rel_embeddings.weight"))],
        Names.linear("distances.norm", "encoder.LayerNorm"),
        [("types", Place("embeddings.token_type_embeddings.weight"))],
        Names.linear("head.transform", "cls.predictions.transform.dense"),
        Names.linear("head.norm", "cls.predictions.transform.LayerNorm"),
        [("head.weight", Place("cls.predictions.decoder.weight"))],
        [("head.bias", Place("cls.predictions.bias"))],
      ] + bertNames))
}

extension Configuration {
  /// Reads how distances enter scores.
  fileprivate mutating func disentangle(_ reader: inout ConfigurationReader) throws {
    guard try reader.flag("relative_attention", default: false) else {
      throw reader.failure("relative_attention", false, "true")
    }
    let kinds = try reader.positionKinds()
    let length = try reader.integer("max_relative_positions", default: -1, in: -1...100_000)
    let buckets = try reader.integer("position_buckets", default: -1, in: -1...100_000)
    guard !(0...3).contains(buckets) else {
      throw reader.failure("position_buckets", .integer(buckets), "-1, or at least 4")
    }
    disentangled = Disentangled(
      buckets: buckets > 0 ? buckets : nil, length: length > 0 ? length : maximumTokens,
      hasKeys: kinds.contains("c2p"), hasQueries: kinds.contains("p2c"),
      sharesProjections: try reader.flag("share_att_key", default: false),
      isNormalized: try reader.choice(
        "norm_rel_ebd", default: false, among: [("none", false), ("layer_norm", true)]))
    let scale = 1 / Float((1 + kinds.count) * headWidth).squareRoot()
    scales = Array(repeating: scale, count: layers)
  }
}

extension ConfigurationReader {
  /// Which of the two ways distances enter, as a list or with bars between.
  fileprivate mutating func positionKinds() throws -> Set<String> {
    let known = ["c2p", "p2c"]
    guard let value = value("pos_att_type") else { return [] }
    let words =
      value.string.map { $0.split(separator: "|").map(String.init) }
      ?? (value.elements ?? []).map { $0.string ?? "" }
    guard words.allSatisfy(known.contains), Set(words).count == words.count else {
      throw failure("pos_att_type", value, "a list of c2p and p2c")
    }
    return Set(words)
  }
}
