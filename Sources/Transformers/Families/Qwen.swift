import Files

extension Family {
  /// Qwen 2 and 2.5 (Qwen Team 2024): Llama with biases of queries, keys and values.
  static let qwen2 = Family(
    types: ["qwen2"],
    configuration: { reader in
      var shape = try Configuration(
        llamaLike: &reader, family: "qwen2",
        .init(groups: 32, hidden: 22_016, vocabulary: 151_936, maximumTokens: 32_768))
      shape.hasAttentionBias = true
      shape.windows = try Configuration.qwenWindows(&reader, layers: shape.layers)
      return shape
    },
    names: Names(prefixes: ["model."], llamaNames), gguf: .qwen2)

  /// Qwen 3 (Qwen Team 2025): Llama with norms of every head's queries and keys.
  static let qwen3 = Family(
    types: ["qwen3"],
    configuration: { reader in
      var shape = try Configuration(
        llamaLike: &reader, family: "qwen3",
        .init(
          groups: 32, headWidth: 128, hidden: 22_016, vocabulary: 151_936, maximumTokens: 32_768))
      let hasBias = try reader.flag("attention_bias", default: false)
      (shape.hasAttentionBias, shape.hasOutputBias) = (hasBias, hasBias)
      shape.queryKeyNorm = .perHead
      shape.windows = try Configuration.qwenWindows(&reader, layers: shape.layers)
      return shape
    },
    names: Names(prefixes: ["model."], llamaNames))
}

extension Configuration {
  /// A window in the layers from `max_window_layers` on, when it is used.
  fileprivate static func qwenWindows(
    _ reader: inout ConfigurationReader, layers: Int
  ) throws -> [Int?] {
    let isUsed = try reader.flag("use_sliding_window", default: false)
    let window = try reader.optionalInteger("sliding_window", default: 4096, in: 1...100_000_000)
    let first = try reader.integer("max_window_layers", default: 28, in: 0...10_000)
    return try windows(&reader, layers: layers, window: isUsed ? window : nil) { $0 < first }
  }
}

extension GGUFLayout {
  fileprivate static let qwen2 = GGUFLayout(
    architecture: "qwen2", keys: llamaKeys, needed: llamaNeeded,
    headWidths: ["attention.value_length", "rope.dimension_count"],
    required: ["attention.causal": true, "attention.sliding_window": 0],
    harmless: ["rope.scaling.finetuned", "rope.scaling.original_context_length"],
    flags: [("tie_word_embeddings", "output.weight", false)],
    names: Names(prefixes: [], llamaNames()))
}
