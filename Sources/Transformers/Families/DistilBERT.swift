import Files

extension Family {
  /// DistilBERT (Sanh et al. 2019): BERT without token types and pooler.
  static let distilBERT = Family(
    types: ["distilbert"],
    configuration: { reader in
      // Only the initial values of the position table depend on it; the table is in the file.
      _ = try reader.flag("sinusoidal_pos_embds", default: false)
      var shape = try Configuration(
        encoder: "distilbert", reader: reader,
        layers: reader.integer("n_layers", default: 6, in: 1...1_000),
        heads: reader.integer("n_heads", default: 12, in: 1...10_000),
        width: reader.integer("dim", default: 768),
        hidden: reader.integer("hidden_dim", default: 3072),
        vocabulary: reader.integer("vocab_size", default: 30_522),
        positionRows: reader.integer("max_position_embeddings", default: 512), offset: 0,
        activation: reader.choice(
          "activation", default: .gelu, among: Configuration.Activation.words))
      shape.isHeadTied = try reader.flag("tie_word_embeddings", default: true)
      return shape
    },
    names: Names(
      prefixes: ["distilbert."],
      [
        [("words", Place("embeddings.word_embeddings.weight"))],
        [("positions", Place("embeddings.position_embeddings.weight"))],
        Names.linear("embedding.norm", "embeddings.LayerNorm"),
        Names.linear("attention.query", "transformer.layer.#.attention.q_lin"),
        Names.linear("attention.key", "transformer.layer.#.attention.k_lin"),
        Names.linear("attention.value", "transformer.layer.#.attention.v_lin"),
        Names.linear("attention.output", "transformer.layer.#.attention.out_lin"),
        Names.linear("attention.norm", "transformer.layer.#.sa_layer_norm"),
        Names.linear("up", "transformer.layer.#.ffn.lin1"),
        Names.linear("down", "transformer.layer.#.ffn.lin2"),
        Names.linear("feed_forward.norm", "transformer.layer.#.output_layer_norm"),
        Names.linear("head.transform", "vocab_transform"),
        Names.linear("head.norm", "vocab_layer_norm"),
        Names.linear("head", "vocab_projector"),
      ]))
}

extension Configuration {
  /// The shape that BERT and its relatives share: norm after adding, ε = 10⁻¹², learned positions,
  /// scores over √d.
  init(
    encoder family: String, reader: ConfigurationReader, layers: Int, heads: Int, width: Int,
    hidden: Int, vocabulary: Int, positionRows: Int, offset: Int, activation: Activation
  ) throws {
    let headWidth = try Self.headWidth(width, heads, reader)
    self.init(
      family: family, kind: .encoder, layers: layers, heads: heads, groups: heads, width: width,
      headWidth: headWidth, hidden: hidden, vocabulary: vocabulary,
      maximumTokens: max(0, positionRows - offset), positionRows: positionRows,
      positions: .learned(offset: offset, padding: nil), activation: activation,
      normEpsilon: 1e-12, normPlacement: .after,
      scales: Array(repeating: 1 / Float(headWidth).squareRoot(), count: layers),
      isHeadTied: true)
  }

  /// The width of a head, when the heads divide the model's width.
  static func headWidth(_ width: Int, _ heads: Int, _ reader: ConfigurationReader) throws -> Int {
    guard width % heads == 0 else {
      throw FileError(
        .badData, reader.path, "\(heads) heads do not divide a width of \(width)")
    }
    return width / heads
  }
}

extension Configuration.Activation {
  /// The words of `config.json` for the functions.
  static let words: [(word: String, choice: Configuration.Activation)] = [
    ("gelu", .gelu), ("gelu_new", .geluTanh), ("gelu_pytorch_tanh", .geluTanh), ("relu", .relu),
    ("silu", .silu), ("swish", .silu),
  ]
}
