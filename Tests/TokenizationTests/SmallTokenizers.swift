import Files
import Tokenization

/// Small tokenizers, described in place.
enum SmallTokenizers {
  /// A tokenizer of these parts.
  static func make(
    model: JSON, normalizer: JSON = .null, preTokenizer: JSON = .null, postProcessor: JSON = .null,
    decoder: JSON = .null, addedTokens: JSON = []
  ) throws -> Tokenizer {
    try Tokenizer(
      json: [
        "model": model, "normalizer": normalizer, "pre_tokenizer": preTokenizer,
        "post_processor": postProcessor, "decoder": decoder, "added_tokens": addedTokens,
      ], path: "t.json")
  }

  /// Where `?` is the token for every word, so that the ranges of tokens are those of words.
  static let words: JSON = ["type": "WordLevel", "vocab": ["?": 0], "unk_token": "?"]

  /// The pieces of `text` that the words stand for.
  static func pieces(
    of text: String, normalizer: JSON = .null, preTokenizer: JSON
  ) throws -> [String] {
    let tokenizer = try make(model: words, normalizer: normalizer, preTokenizer: preTokenizer)
    let scalars = Array(text.unicodeScalars)
    return try tokenizer.encode(text).offsets.map {
      String(String.UnicodeScalarView(scalars[$0]))
    }
  }

  /// What a normalizer makes of a text, by a model that spells every character as its bytes.
  static func normalized(_ text: String, _ normalizer: JSON) throws -> String {
    let bytes = (0..<256).map { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      return ("<0x" + (byte < 16 ? "0" : "") + digits + ">", JSON.integer(byte))
    }
    let tokenizer = try make(
      model: [
        "type": "BPE", "byte_fallback": true, "merges": [],
        "vocab": .object(bytes.map { JSON.Member($0.0, $0.1) }),
      ], normalizer: normalizer, decoder: ["type": "ByteFallback"])
    return tokenizer.decode(try tokenizer.encode(text).ids)
  }
}
