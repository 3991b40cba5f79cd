public import Files
public import Tokenization
public import Transformers

/// The tokens that a new vocabulary has besides text, by the kind of model, and the keys of
/// `config.json` that name them.
public struct SpecialTokens: Sendable {
  /// The tokens in the order of their numbers.
  public let tokens: [String]
  /// The token before a text.
  public let before: String?
  /// The token behind it.
  public let after: String?
  /// The token that ends what a model writes.
  public let end: String?
  /// The tokens before the first line of a text of lines, and behind each.
  private let ends: (before: String, after: String)
  private let keys: [(String, Int)]

  /// The tokens of an encoder, a decoder or an encoder–decoder.
  public init(_ kind: Configuration.Kind) {
    switch kind {
    case .decoder:
      tokens = ["<|endoftext|>"]
      (before, after, end) = (nil, nil, "<|endoftext|>")
      keys = [("bos_token_id", 0), ("eos_token_id", 0)]
      ends = ("<|endoftext|>", "<|endoftext|>")
    case .encoder:
      tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
      (before, after, end) = ("[CLS]", "[SEP]", nil)
      keys = [("pad_token_id", 0)]
      ends = ("[CLS]", "[SEP]")
    case .seq2seq:
      tokens = ["<pad>", "</s>"]
      (before, after, end) = (nil, "</s>", "</s>")
      keys = [("decoder_start_token_id", 0), ("eos_token_id", 1), ("pad_token_id", 0)]
      ends = ("<pad>", "</s>")
    }
  }

  /// The tokens of a vocabulary that another model has already: a decoder that shares an encoder's
  /// reads the token before a text and ends with the one behind it.
  public init(_ kind: Configuration.Kind, sharing tokenizer: Tokenizer) {
    let own = SpecialTokens(kind)
    guard kind == .decoder, let first = tokenizer.id("[CLS]"), let last = tokenizer.id("[SEP]")
    else {
      self = own
      return
    }
    tokens = []
    (before, after, end) = ("[CLS]", nil, "[SEP]")
    keys = [("bos_token_id", first), ("eos_token_id", last)]
    ends = ("[CLS]", "[SEP]")
  }

  /// The tokens before the first line of a text of lines, and behind each; `nil` when the vocabulary
  /// lacks one.
  public func lineEnds(_ tokenizer: Tokenizer) -> (before: Int, after: Int)? {
    guard let before = tokenizer.id(ends.before), let after = tokenizer.id(ends.after) else {
      return nil
    }
    return (before, after)
  }

  /// A configuration with the size of a vocabulary and the numbers of its tokens.
  public func completing(_ config: JSON, vocabulary: Int) -> JSON {
    let new = keys + [("vocab_size", vocabulary)]
    let others = (config.members ?? []).filter { member in !new.contains { $0.0 == member.key } }
    return .object(others + new.map { JSON.Member($0, .integer($1)) })
  }

  /// A configuration without what says something of a vocabulary: enough for the kind of model.
  public static func shapeOnly(_ config: JSON) -> JSON {
    let others = (config.members ?? []).filter { member in
      member.key != "vocab_size" && !member.key.hasSuffix("_token_id")
    }
    return config.members == nil ? config : .object(others)
  }

  /// How a model of the kind learns.
  ///
  /// - Returns: `nil` when the vocabulary lacks one of the tokens.
  public static func objective(
    _ shape: Configuration, _ tokenizer: Tokenizer
  ) -> Objective? {
    switch shape.kind {
    case .decoder: return .nextToken
    case .encoder:
      guard let mask = tokenizer.id("[MASK]"), let before = tokenizer.id("[CLS]"),
        let after = tokenizer.id("[SEP]")
      else { return nil }
      return .maskedToken(mask: mask, before: before, after: after)
    case .seq2seq: return shape.startToken.map { .translation(start: $0) }
    }
  }
}
