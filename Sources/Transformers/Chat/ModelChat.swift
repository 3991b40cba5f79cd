import Files
import TensorFiles
public import Tokenization

extension Model {
  /// The format in which the model was taught to converse.
  ///
  /// - Throws: `ModelError` when the model brings no template, or one that is not known.
  public func chatFormat() throws -> ChatFormat {
    guard let chatTemplate else {
      throw ModelError(
        .badModel,
        "\(name) brings no chat template, so it was not taught to converse; "
          + ChatFormat.advice)
    }
    return try ChatFormat(
      template: chatTemplate, beginning: word("bos_token"), end: word("eos_token"))
  }

  /// The tokens of a conversation. What a person wrote stays text, whatever it looks like.
  ///
  /// - Throws: `ModelError` when a person's words contain what marks turns and the tokenizer has
  ///   no token for it: the model could not tell them from a turn.
  public func encode(_ prompt: ChatPrompt, of format: ChatFormat) throws -> Encoding {
    let scalars = Array(prompt.text.unicodeScalars)
    for range in prompt.plain {
      let words = String(String.UnicodeScalarView(scalars[range]))
      for marker in format.markers where words.utf8.contains(marker.utf8) {
        guard try tokenizer.addedTokens(in: marker) == [marker] else {
          throw ModelError(
            .badText,
            "the text contains \(marker), which marks turns in this model's chats and would be read as one; write it differently"
          )
        }
      }
    }
    return try tokenizer.encode(prompt.text, plain: prompt.plain)
  }

  /// The special token that a template calls `bos_token` or `eos_token`.
  private func word(_ key: String) throws -> String? {
    if let file = checkpoint as? GGUF {
      let place = "tokenizer.ggml.\(key)_id"
      return file[place]?.integer.flatMap(tokenizer.token)
    }
    let value = try Self.tokenizerSettings(files)?[key]
    return value?.string ?? value?["content"]?.string
  }

  /// The chat template of a folder: `chat_template.jinja`, else the default one of
  /// `tokenizer_config.json`.
  static func chatTemplate(_ files: InputFolder) throws -> String? {
    let name = "chat_template.jinja"
    if files.contains(name) {
      let bytes = try files.read(name, limit: 10_000_000)
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw FileError(.badData, files.path(of: name), "is not UTF-8 text")
      }
      return text
    }
    guard let template = try tokenizerSettings(files)?["chat_template"] else { return nil }
    let named = template.elements ?? []
    return template.string
      ?? (named.first { $0["name"]?.string == "default" } ?? named.first)?["template"]?.string
  }

  private static func tokenizerSettings(_ files: InputFolder) throws -> JSON? {
    let name = "tokenizer_config.json"
    return files.contains(name) ? try files.json(name, limit: 10_000_000) : nil
  }
}
