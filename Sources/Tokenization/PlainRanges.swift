extension Tokenizer {
  /// Turns a text into tokens, with ranges that are what someone typed and nothing else: there,
  /// tokens that steer a model are the letters they are written with. No token is added.
  ///
  /// Which tokens steer a model: special ones, and added ones that the rest of the text uses.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - plain: The ranges, in Unicode scalars.
  /// - Throws: `TokenizationError` when the text has a part that the vocabulary cannot express.
  public func encode(_ text: String, plain: [Range<Int>]) throws -> Encoding {
    func isPlain(_ range: Range<Int>) -> Bool { plain.contains { $0.overlaps(range) } }
    var steering: Set<Int> = []
    for segment in try addedTokens.segments(of: text, normalizer: normalizer) {
      if case .token(let token, let match) = segment,
        !isPlain(match.origin(of: match.indices))
      {
        steering.insert(token.id)
      }
    }
    let tokens = try tokens(of: text) { token, range in
      !(token.isSpecial || steering.contains(token.id)) || !isPlain(range)
    }
    return postProcessing.join([tokens], addsSpecialTokens: false)
  }

  /// The added tokens that a text contains, as they are written.
  public func addedTokens(in text: String) throws -> [String] {
    try addedTokens.segments(of: text, normalizer: normalizer).compactMap {
      if case .token(let token, _) = $0 { token.content } else { nil }
    }
  }
}
