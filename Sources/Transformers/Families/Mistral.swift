import Files

extension Family {
  /// Mistral (Jiang et al. 2023): Llama, every layer with a window.
  static let mistral = Family(
    types: ["mistral"],
    configuration: { reader in
      var shape = try Configuration(
        llamaLike: &reader, family: "mistral",
        .init(groups: 8, hidden: 14_336, maximumTokens: 131_072))
      let window = try reader.optionalInteger(
        "sliding_window", default: 4096, in: 1...100_000_000)
      shape.windows = Array(repeating: window, count: shape.layers)
      return shape
    },
    names: Names(prefixes: ["model."], llamaNames))
}
