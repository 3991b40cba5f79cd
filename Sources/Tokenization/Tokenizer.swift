internal import Files

/// Text to tokens and back, exactly as the Hugging Face library `tokenizers` 0.22 does it.
///
/// A tokenizer is made of parts: added tokens are found first, the rest is normalized and cut into
/// words, the model cuts words into tokens, and special tokens are put around them. Reading
/// `tokenizer.json` is one way to get the parts.
public struct Tokenizer: Sendable {
  let addedTokens: AddedTokens
  let normalizer: Normalizer?
  let preTokenizer: PreTokenizer?
  let tokenModel: any TokenModel
  let postProcessing: PostProcessing
  let decoder: Decoder?

  /// The kind of model: "WordPiece", "BPE", "Unigram", "WordLevel".
  public var model: String { tokenModel.name }

  /// How many tokens there are, added ones included.
  public var vocabularySize: Int {
    tokenModel.vocabulary.count + addedTokens.countOutsideModel
  }

  /// The string of the vocabulary with this id.
  public func token(_ id: Int) -> String? {
    addedTokens[id]?.content ?? tokenModel.vocabulary.token(id)
  }

  /// The id of a string of the vocabulary.
  public func id(_ token: String) -> Int? {
    addedTokens.id(token) ?? tokenModel.vocabulary.id(token)
  }

  /// Whether the token is special: it stands for no text, as `[CLS]`.
  public func isSpecial(_ id: Int) -> Bool {
    addedTokens[id]?.isSpecial ?? false
  }

  // MARK: to tokens

  /// Turns a text, or a pair of texts, into tokens. Truncation and padding that a file asks for
  /// are ignored: every token of the text is there, and no other.
  ///
  /// - Throws: `TokenizationError` when the text has a part that the vocabulary cannot express.
  public func encode(
    _ text: String, pair: String? = nil, addSpecialTokens: Bool = true
  ) throws -> Encoding {
    var texts = [try tokens(of: text)]
    if let pair { texts.append(try tokens(of: pair)) }
    return postProcessing.join(texts, addsSpecialTokens: addSpecialTokens)
  }

  /// The tokens of one text; added tokens are found where they are allowed.
  func tokens(
    of text: String, allowing isAllowed: (AddedToken, Range<Int>) -> Bool = { _, _ in true }
  ) throws -> [TextToken] {
    guard text.utf8.count < Int32.max else {
      throw TokenizationError("a text of 2 GB or more cannot be tokenized")
    }
    var wordTokenizer = WordTokenizer(model: tokenModel)
    var tokens: [TextToken] = []
    tokens.reserveCapacity(text.utf8.count / 3)
    for segment in try addedTokens.segments(
      of: text, normalizer: normalizer, allowing: isAllowed)
    {
      switch segment {
      case .token(let added, let match):
        tokens.append(
          TextToken(
            id: added.id, token: added.content, range: match.origin(of: match.indices),
            spaces: OuterSpaces(of: match.scalars)))
      case .text(let text):
        let words = [Words(text)]
        for words in try preTokenizer?.apply(to: words) ?? words {
          try wordTokenizer.tokenize(words, into: &tokens)
        }
      }
    }
    return tokens
  }

  // MARK: to text

  /// Turns ids back into text; ids that have no token are left out.
  public func decode(_ ids: [Int], skipSpecialTokens: Bool = true) -> String {
    let tokens = ids.filter { !skipSpecialTokens || !isSpecial($0) }.compactMap(token)
    guard let decoder else { return tokens.joined(separator: " ") }
    var text: [UInt8] = []
    for part in decoder.apply(to: tokens.map { Array($0.unicodeScalars) }) {
      for scalar in part { text.append(contentsOf: UTF8.encode(scalar) ?? .init()) }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
