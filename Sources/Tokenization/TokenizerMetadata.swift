internal import Files

/// A tokenizer as the metadata of a GGUF file describes it: its vocabulary in lists, its rules by
/// a name.
public struct TokenizerMetadata: Sendable {
  /// What a token is (`tokenizer.ggml.token_type`).
  public enum Kind: Int, Sendable {
    case normal = 1
    case unknown, control, userDefined, unused, byte
  }

  /// The file, for messages.
  public var path: String
  /// `gpt2` or `llama`: which kind of byte-pair encoding it is.
  public var model: String
  /// The name of the rules by which a text is cut into words.
  public var words: String?
  /// The tokens by their ids.
  public var tokens: [String]
  /// What each token is; all normal when empty.
  public var kinds: [Kind] = []
  /// The scores of the tokens, of the model `llama`.
  public var scores: [Double] = []
  /// The merges, most important first, of the model `gpt2`.
  public var merges: [String] = []
  /// The token that begins a text.
  public var beginning: Int?
  /// Whether it is put before every text; the rules say when the file does not.
  public var addsBeginning: Bool?
  /// The token that ends a text.
  public var end: Int?
  /// Whether it is put behind every text.
  public var addsEnd: Bool?
  /// The token for what the vocabulary lacks.
  public var unknown: Int?
  /// Whether a text gets a space in front.
  public var addsSpacePrefix: Bool?

  /// Describes a tokenizer without special tokens.
  public init(path: String, model: String, words: String? = nil, tokens: [String]) {
    self.path = path
    self.model = model
    self.words = words
    self.tokens = tokens
  }
}

extension Tokenizer {
  /// Puts a tokenizer together from the metadata of a GGUF file.
  ///
  /// - Throws: `FileError` of kind `badData` for rules that are not known, or lists that do not
  ///   belong together.
  public init(_ metadata: TokenizerMetadata) throws {
    let known = ["gpt2": Tokenizer.bytes, "llama": Tokenizer.pieces]
    guard let make = known[metadata.model] else {
      throw metadata.failure(
        "model",
        "is \(metadata.model.quoted), which is not supported; known: "
          + known.keys.sorted().joined(separator: ", "))
    }
    guard !metadata.tokens.isEmpty else { throw metadata.failure("tokens", "is empty") }
    for (name, count) in [("token_type", metadata.kinds.count), ("scores", metadata.scores.count)]
    where count != 0 && count != metadata.tokens.count {
      throw metadata.failure(name, "has \(count) values for \(metadata.tokens.count) tokens")
    }
    let vocabulary = try Vocabulary(
      metadata.tokens.enumerated().map { (token: $1, id: $0) }, path: metadata.path)
    self = try make(metadata, vocabulary)
  }

  /// Byte-level encoding with merges, as GPT-2 has it.
  private static func bytes(
    _ metadata: TokenizerMetadata, _ vocabulary: Vocabulary
  ) throws -> Tokenizer {
    let rules = try WordRules(metadata)
    var options = BytePair.Options()
    options.prefersWholeWords = rules.prefersWholeWords
    let merges = try metadata.merges.enumerated().map { index, line in
      guard let merge = BytePair.Merge(line: line) else {
        throw metadata.failure("merges", "has no pair of tokens in place \(index + 1)")
      }
      return merge
    }
    return Tokenizer(
      addedTokens: try metadata.addedTokens(vocabulary, normalizer: rules.normalizer),
      normalizer: rules.normalizer, preTokenizer: rules.preTokenizer,
      tokenModel: try BytePair(
        vocabulary: vocabulary, merges: merges, options: options, path: metadata.path),
      postProcessing: try metadata.postProcessing(
        trimsOffsets: rules.trimsOffsets, addsBeginning: rules.addsBeginning),
      decoder: .byteLevel)
  }

  /// Pieces with scores, as SentencePiece has them.
  private static func pieces(
    _ metadata: TokenizerMetadata, _ vocabulary: Vocabulary
  ) throws -> Tokenizer {
    guard metadata.scores.count == metadata.tokens.count,
      metadata.scores.allSatisfy(\.isFinite)
    else { throw metadata.failure("scores", "has no number for every token") }
    let mark: Unicode.Scalar = "▁"
    let spaces = Normalizer.replace(Pattern(literal: " "), [mark])
    let addsSpace = metadata.addsSpacePrefix ?? true
    let normalizer: Normalizer = addsSpace ? .sequence([.prepend([mark]), spaces]) : spaces
    var options = BytePair.Options()
    options.unknownToken = vocabulary.token(metadata.unknown ?? 0)
    options.fusesUnknown = true
    options.fallsBackToBytes = true
    let joined = metadata.tokens.indices.filter { metadata.kind($0) == .normal }
    let text: Decoder = .replace(Pattern(literal: String(mark)), [" "])
    return Tokenizer(
      addedTokens: try metadata.addedTokens(vocabulary, normalizer: normalizer),
      normalizer: normalizer, preTokenizer: nil,
      tokenModel: try BytePair(
        vocabulary: vocabulary, scores: joined.map { ($0, metadata.scores[$0]) },
        options: options, path: metadata.path),
      postProcessing: try metadata.postProcessing(trimsOffsets: false, addsBeginning: true),
      decoder: .sequence(
        [text, .byteFallback, .fuse] + (addsSpace ? [.strip(" ", start: 1, stop: 0)] : [])))
  }
}

extension TokenizerMetadata {
  /// What a token is.
  func kind(_ id: Int) -> Kind { kinds.isEmpty ? .normal : kinds[id] }

  /// The tokens that are found in a text before the model sees it.
  func addedTokens(_ vocabulary: Vocabulary, normalizer: Normalizer?) throws -> AddedTokens {
    let added = tokens.indices.filter { id in
      [.unknown, .control, .userDefined].contains(kind(id)) && !tokens[id].isEmpty
    }
    return try AddedTokens(
      added.map { id in
        AddedToken(id: id, content: tokens[id], isSpecial: kind(id) != .userDefined)
      }, vocabulary: vocabulary, normalizer: normalizer, path: path)
  }

  /// The special tokens around a text.
  func postProcessing(trimsOffsets: Bool, addsBeginning standard: Bool) throws -> PostProcessing {
    func special(_ id: Int?, _ key: String, _ isAdded: Bool) throws -> [(id: Int, token: String)] {
      guard isAdded else { return [] }
      guard let id, tokens.indices.contains(id) else {
        throw failure(key, "names no token of the \(tokens.count), and one is to be added")
      }
      return [(id, tokens[id])]
    }
    return PostProcessing(
      before: try special(beginning, "bos_token_id", addsBeginning ?? standard),
      behind: try special(end, "eos_token_id", addsEnd ?? false), trimsOffsets: trimsOffsets)
  }

  func failure(_ key: String, _ fact: String) -> FileError {
    FileError(.badData, path, "\"tokenizer.ggml.\(key)\" \(fact)")
  }
}
