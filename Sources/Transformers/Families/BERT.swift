import Files

extension Family {
  /// BERT (Devlin et al. 2018) and what is shaped like it: MiniLM, sentence encoders.
  static let bert = Family(
    types: ["bert"],
    configuration: { try Configuration(bertLike: &$0, family: "bert", padding: nil) },
    names: Names(
      prefixes: ["bert."],
      bertNames + [
        [("types", Place("embeddings.token_type_embeddings.weight"))],
        Names.linear("head.transform", "cls.predictions.transform.dense"),
        Names.linear("head.norm", "cls.predictions.transform.LayerNorm"),
        [("head.weight", Place("cls.predictions.decoder.weight"))],
        [("head.bias", Place("cls.predictions.bias"))],
        Names.linear("pooler", "pooler.dense"),
        Names.linear("next_sentence", "cls.seq_relationship"),
      ]))

  /// RoBERTa (Liu et al. 2019): BERT with positions counted from behind the padding id.
  static let roberta = Family(
    types: ["roberta"],
    configuration: { reader in
      let padding = try reader.integer("pad_token_id", default: 1, in: 0...1_000_000)
      var shape = try Configuration(
        bertLike: &reader, family: "roberta", padding: padding, .init(vocabulary: 50_265))
      shape.headActivation = .gelu
      return shape
    },
    names: Names(
      prefixes: ["roberta."],
      bertNames + [
        [("types", Place("embeddings.token_type_embeddings.weight"))],
        Names.linear("head.transform", "lm_head.dense"),
        Names.linear("head.norm", "lm_head.layer_norm"),
        [("head.weight", Place("lm_head.decoder.weight"))],
        [("head.bias", Place("lm_head.bias"))],
        Names.linear("pooler", "pooler.dense"),
      ]))

  /// Where the parameters of BERT's blocks and embeddings are.
  static let bertNames: [[(String, Place)]] = [
    [("words", Place("embeddings.word_embeddings.weight"))],
    [("positions", Place("embeddings.position_embeddings.weight"))],
    Names.linear("embedding.norm", "embeddings.LayerNorm"),
    Names.linear("attention.query", "encoder.layer.#.attention.self.query"),
    Names.linear("attention.key", "encoder.layer.#.attention.self.key"),
    Names.linear("attention.value", "encoder.layer.#.attention.self.value"),
    Names.linear("attention.output", "encoder.layer.#.attention.output.dense"),
    Names.linear("attention.norm", "encoder.layer.#.attention.output.LayerNorm"),
    Names.linear("up", "encoder.layer.#.intermediate.dense"),
    Names.linear("down", "encoder.layer.#.output.dense"),
    Names.linear("feed_forward.norm", "encoder.layer.#.output.LayerNorm"),
  ]
}

extension Configuration {
  /// What a family of BERT's kin has where its file says nothing.
  struct BERTDefaults {
    var layers = 12
    var heads = 12
    var width = 768
    var hidden = 3072
    var vocabulary = 30_522
    var activation = Activation.gelu
    var tokenTypes = 2
    var epsilon = 1e-12
  }

  /// Reads the keys that BERT's kin share; with `padding`, positions start behind that id.
  init(
    bertLike reader: inout ConfigurationReader, family: String, padding: Int? = nil,
    _ defaults: BERTDefaults = BERTDefaults()
  ) throws {
    try reader.require("position_embedding_type", "absolute")
    let rows = try reader.integer("max_position_embeddings", default: 512)
    self = try Configuration(
      encoder: family, reader: reader,
      layers: reader.integer("num_hidden_layers", default: defaults.layers, in: 1...1_000),
      heads: reader.integer("num_attention_heads", default: defaults.heads, in: 1...10_000),
      width: reader.integer("hidden_size", default: defaults.width),
      hidden: reader.integer("intermediate_size", default: defaults.hidden),
      vocabulary: reader.integer("vocab_size", default: defaults.vocabulary), positionRows: rows,
      offset: padding.map { $0 + 1 } ?? 0,
      activation: reader.choice(
        "hidden_act", default: defaults.activation, among: Activation.words))
    tokenTypes = try reader.integer("type_vocab_size", default: defaults.tokenTypes, in: 0...1_000)
    normEpsilon = Float(try reader.positive("layer_norm_eps", default: defaults.epsilon))
    positions = .learned(offset: padding.map { $0 + 1 } ?? 0, padding: padding)
    isHeadTied = try reader.flag("tie_word_embeddings", default: true)
  }
}
