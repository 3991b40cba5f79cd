import Files
import TensorFiles
import Tokenization

extension GGUF {
  /// Puts the tokenizer together that the metadata describes: a whole `tokenizer.json` where there
  /// is one, else lists and the names of rules.
  ///
  /// - Throws: `FileError` when something is missing, contradicts itself or is not known.
  func tokenizer() throws -> Tokenizer {
    if let text = self["tokenizer.huggingface.json"]?.string {
      return try Tokenizer(json: JSON(parsing: Array(text.utf8), path: path), path: path)
    }
    guard let model = value("model")?.string else { throw wrong("model", "a string") }
    guard let tokens = try value("tokens")?.list?.strings() else {
      throw wrong("tokens", "a list of strings")
    }
    var metadata = TokenizerMetadata(
      path: path, model: model, words: value("pre")?.string, tokens: tokens)
    metadata.merges =
      try list("merges", "a list of strings") { try $0.strings() } ?? []
    metadata.scores = try list("scores", "a list of floating-point numbers") { $0.numbers() } ?? []
    metadata.kinds =
      try list("token_type", "a list of numbers from 1 to 6") { list in
        let kinds = list.integers()?.map(TokenizerMetadata.Kind.init(rawValue:))
        return kinds.flatMap { $0.contains(nil) ? nil : $0.compactMap(\.self) }
      } ?? []
    metadata.beginning = try integer("bos_token_id")
    metadata.end = try integer("eos_token_id")
    metadata.unknown = try integer("unknown_token_id")
    metadata.addsBeginning = try flag("add_bos_token")
    metadata.addsEnd = try flag("add_eos_token")
    metadata.addsSpacePrefix = try flag("add_space_prefix")
    return try Tokenizer(metadata)
  }

  /// The tokens that end a text.
  func endTokens() throws -> Set<Int> {
    Set(try ["eos_token_id", "eot_token_id", "eom_token_id"].compactMap(integer))
  }

  private func value(_ key: String) -> Value? { self["tokenizer.ggml." + key] }

  private func integer(_ key: String) throws -> Int? {
    guard let value = value(key) else { return nil }
    guard let number = value.integer else { throw wrong(key, "a whole number") }
    return number
  }

  private func flag(_ key: String) throws -> Bool? {
    guard let value = value(key) else { return nil }
    guard let flag = value.bool else { throw wrong(key, "true or false") }
    return flag
  }

  private func list<Element>(
    _ key: String, _ expected: String, _ read: (List) throws -> [Element]?
  ) throws -> [Element]? {
    guard let value = value(key) else { return nil }
    guard let elements = try value.list.flatMap(read) else { throw wrong(key, expected) }
    return elements
  }

  private func wrong(_ key: String, _ expected: String) -> FileError {
    let found = value(key).map { $0.json.text().visible } ?? "missing"
    let shown = found.count > 60 ? "something else" : found
    return FileError(
      .badData, path, "\"tokenizer.ggml.\(key)\" is \(shown); \(expected) is expected")
  }
}
