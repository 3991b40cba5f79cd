import Files

extension Family {
  /// Where the decoders that are shaped like Llama keep their parameters.
  static let llamaNames: [[(String, Place)]] = [
    [("words", Place("embed_tokens.weight"))],
    Names.linear("attention.norm", "layers.#.input_layernorm"),
    Names.linear("attention.query", "layers.#.self_attn.q_proj"),
    Names.linear("attention.key", "layers.#.self_attn.k_proj"),
    Names.linear("attention.value", "layers.#.self_attn.v_proj"),
    Names.linear("attention.output", "layers.#.self_attn.o_proj"),
    Names.linear("attention.query.norm", "layers.#.self_attn.q_norm"),
    Names.linear("attention.key.norm", "layers.#.self_attn.k_norm"),
    Names.linear("feed_forward.norm", "layers.#.post_attention_layernorm"),
    Names.linear("gate", "layers.#.mlp.gate_proj"),
    Names.linear("up", "layers.#.mlp.up_proj"),
    Names.linear("down", "layers.#.mlp.down_proj"),
    Names.linear("norm", "norm"),
    [("head.weight", Place("lm_head.weight"))],
  ]
}

extension Configuration {
  /// What a family of Llama's kin has where its file says nothing.
  struct LlamaDefaults {
    var layers = 32
    var heads = 32
    var width = 4096
    /// As many as there are heads when `nil`.
    var groups: Int?
    /// The width of the model over the heads when `nil`.
    var headWidth: Int?
    var hidden = 11_008
    var vocabulary = 32_000
    var maximumTokens = 2048
    var activation = Activation.silu
    var epsilon = 1e-6
    var isHeadTied = false
    var base = 10_000.0
  }

  /// Reads the keys that decoders shaped like Llama share: root-mean-square norms before each
  /// sublayer, grouped heads, a gate. Nothing has a bias.
  ///
  /// - Parameter fraction: Which part of a head is turned; `nil` for all of it in every model.
  init(
    llamaLike reader: inout ConfigurationReader, family: String, fraction: Double? = nil,
    _ defaults: LlamaDefaults = LlamaDefaults()
  ) throws {
    let layers = try reader.integer("num_hidden_layers", default: defaults.layers, in: 1...1_000)
    let heads = try reader.integer("num_attention_heads", default: defaults.heads, in: 1...10_000)
    let width = try reader.integer("hidden_size", default: defaults.width)
    let groups =
      try reader.optionalInteger("num_key_value_heads", default: defaults.groups, in: 1...10_000)
      ?? heads
    let headWidth =
      try reader.optionalInteger("head_dim", default: defaults.headWidth, in: 1...100_000)
      ?? Self.headWidth(width, heads, reader)
    let tokens = try reader.integer("max_position_embeddings", default: defaults.maximumTokens)
    self.init(
      family: family, kind: .decoder, layers: layers, heads: heads, groups: groups, width: width,
      headWidth: headWidth,
      hidden: try reader.integer("intermediate_size", default: defaults.hidden),
      vocabulary: try reader.integer("vocab_size", default: defaults.vocabulary),
      maximumTokens: tokens,
      activation: try reader.choice(
        "hidden_act", default: defaults.activation, among: Activation.words),
      isGated: true, hasFeedForwardBias: false, hasAttentionBias: false, hasOutputBias: false,
      normKind: .rootMeanSquare,
      normEpsilon: Float(try reader.positive("rms_norm_eps", default: defaults.epsilon)),
      normPlacement: .before,
      scales: Array(repeating: 1 / Float(headWidth).squareRoot(), count: layers),
      isHeadTied: try reader.flag("tie_word_embeddings", default: defaults.isHeadTied))
    try checkGroups(reader)
    try turnAll(&reader, base: defaults.base, fraction: fraction)
  }

  /// Turns the queries and keys of all layers alike, as the file says.
  mutating func turnAll(
    _ reader: inout ConfigurationReader, base: Double, fraction: Double? = nil
  ) throws {
    let rotary = try reader.rotary(
      headWidth: headWidth, base: base, fraction: fraction, maximumTokens: maximumTokens)
    self.rotary = Array(repeating: rotary, count: layers)
    maximumTokens = rotary.maximumTokens(maximumTokens)
  }

  /// Refuses heads that cannot share keys and values.
  func checkGroups(_ reader: ConfigurationReader) throws {
    guard heads % groups == 0 else {
      throw FileError(
        .badData, reader.path, "\(groups) key-value heads do not divide \(heads) heads")
    }
  }

  /// The windows of layers that see everything or the last tokens, by the file's list or a rule.
  static func windows(
    _ reader: inout ConfigurationReader, layers: Int, window: Int?,
    isFull: (Int) -> Bool
  ) throws -> [Int?] {
    let types = try reader.layers(
      "layer_types", count: layers,
      among: [("full_attention", true), ("sliding_attention", false)])
    let full = types ?? (0..<layers).map(isFull)
    return full.map { $0 ? nil : window }
  }
}

extension Rotary {
  /// How many tokens a model takes whose training took `count`.
  fileprivate func maximumTokens(_ count: Int) -> Int {
    let (factor, length): (Double, Int) =
      switch scaling {
      case .dynamic(let factor, let length): (factor, length)
      case .yarn(let yarn): (yarn.factor, yarn.length)
      default: (1, count)
      }
    return max(count, Int(min(factor * Double(length), 1e9)))
  }
}
