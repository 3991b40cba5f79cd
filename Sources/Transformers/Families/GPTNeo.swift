import Files

extension Family {
  /// GPT-Neo (Black et al. 2021; TinyStories): scores are not divided by √d, every second layer has a
  /// window.
  static let gptNeo = Family(
    types: ["gpt_neo"],
    configuration: { try Configuration(gptNeo: &$0) },
    names: Names(
      prefixes: ["transformer."],
      [
        [("words", Place("wte.weight"))],
        [("positions", Place("wpe.weight"))],
        Names.linear("attention.norm", "h.#.ln_1"),
        Names.linear("attention.query", "h.#.attn.attention.q_proj"),
        Names.linear("attention.key", "h.#.attn.attention.k_proj"),
        Names.linear("attention.value", "h.#.attn.attention.v_proj"),
        Names.linear("attention.output", "h.#.attn.attention.out_proj"),
        Names.linear("feed_forward.norm", "h.#.ln_2"),
        Names.linear("up", "h.#.mlp.c_fc"),
        Names.linear("down", "h.#.mlp.c_proj"),
        Names.linear("norm", "ln_f"),
        [("head.weight", Place("lm_head.weight"))],
      ]))
}

extension Configuration {
  fileprivate init(gptNeo reader: inout ConfigurationReader) throws {
    let layers = try reader.integer("num_layers", default: 24, in: 1...1_000)
    let heads = try reader.integer("num_heads", default: 16, in: 1...10_000)
    let width = try reader.integer("hidden_size", default: 2048)
    let tokens = try reader.integer("max_position_embeddings", default: 2048)
    self.init(
      family: "gpt_neo", kind: .decoder, layers: layers, heads: heads, groups: heads,
      width: width, headWidth: try Self.headWidth(width, heads, reader),
      hidden: try reader.optionalInteger("intermediate_size", in: 1...10_000_000) ?? 4 * width,
      vocabulary: try reader.integer("vocab_size", default: 50_257), maximumTokens: tokens,
      positionRows: tokens, positions: .learned(offset: 0, padding: nil),
      activation: try reader.choice(
        "activation_function", default: .geluTanh, among: Activation.words),
      hasAttentionBias: false,
      normEpsilon: Float(try reader.positive("layer_norm_epsilon", default: 1e-5)),
      normPlacement: .before, scales: Array(repeating: 1, count: layers),
      isHeadTied: try reader.flag("tie_word_embeddings", default: true))
    let window = try reader.integer("window_size", default: 256)
    windows = try reader.gptNeoLayers(layers).map { $0 ? window : nil }
  }
}

extension ConfigurationReader {
  private static let gptNeoWords: [(word: String, choice: Bool)] = [
    ("global", false), ("local", true),
  ]

  /// Whether each layer has a window: a word a layer, or words that repeat.
  fileprivate mutating func gptNeoLayers(_ layers: Int) throws -> [Bool] {
    let stated = try self.layers("attention_layers", count: layers, among: Self.gptNeoWords)
    let types = value("attention_types")
    if types == nil, let stated { return stated }
    let patterns = types ?? [[["global", "local"], .integer(layers / 2)]]
    let found = try repeated(patterns, layers)
    guard stated == nil || stated == found else {
      throw failure("attention_types", patterns, "what \"attention_layers\" says")
    }
    return found
  }

  /// Words and how often they repeat, one after the other.
  private func repeated(_ patterns: JSON, _ layers: Int) throws -> [Bool] {
    var found: [Bool] = []
    for pattern in patterns.elements ?? [] {
      let parts = pattern.elements ?? []
      let choices = (parts.first?.elements ?? []).compactMap { type in
        Self.gptNeoWords.first { .string($0.word) == type }?.choice
      }
      guard parts.count == 2, choices.count == parts[0].elements?.count,
        let times = parts[1].integer, (0...layers).contains(times),
        found.count + times * choices.count <= layers
      else { break }
      found += Array(repeating: choices, count: times).joined()
    }
    guard found.count == layers else {
      throw failure("attention_types", patterns, "\"global\" and \"local\" for \(layers) layers")
    }
    return found
  }
}
