/// How a model writes a conversation down, for the formats that are common.
///
/// A model brings a Jinja template. It is not run: the strings in it tell which format it is and
/// how it is spelled. A template of another format, or one that does more, is an error.
public struct ChatFormat: Sendable {
  /// The known formats.
  public enum Kind: String, Sendable, CaseIterable {
    case chatML = "ChatML"
    case llama3 = "Llama 3"
    case gemma = "Gemma"
    case instruct = "Mistral and Llama 2"
    case phi3 = "Phi-3"
    case zephyr = "Zephyr"
  }

  /// Which format it is.
  public let kind: Kind
  /// What the template says as the system when nobody else does; in its own words.
  public let defaultSystem: String?
  /// The token before everything, where the template writes one.
  private let beginning: String
  /// The token that the template writes behind a turn, where that is not fixed.
  private let end: String
  /// What stands before and behind a message in the instruct format.
  private let brackets: (open: String, close: String)
  private let trims: Bool
  private let acceptsSystem: Bool

  /// Recognises the format of a template.
  ///
  /// - Parameters:
  ///   - template: The Jinja template.
  ///   - beginning: What the template calls `bos_token`.
  ///   - end: What the template calls `eos_token`.
  /// - Throws: `ModelError` when the format is not known, or the template does more than it.
  public init(template: String, beginning: String?, end: String?) throws {
    let kind = try Self.kind(of: template)
    let pieces = TemplateText(template).pieces
    self.kind = kind
    trims = template.contains("trim") || template.contains(".strip()")
    if template.contains("bos_token") || pieces.contains("<|begin_of_text|>") {
      guard let beginning = pieces.contains("<|begin_of_text|>") ? "<|begin_of_text|>" : beginning
      else { throw Self.lacking("bos_token") }
      self.beginning = beginning
    } else {
      self.beginning = ""
    }
    if kind == .zephyr {
      guard let end else { throw Self.lacking("eos_token") }
      self.end = end
    } else {
      self.end = ""
    }
    brackets = try kind == .instruct ? Self.brackets(pieces) : ("", "")
    defaultSystem = kind == .chatML ? Self.system(in: pieces) : nil
    acceptsSystem =
      switch kind {
      case .chatML, .llama3, .zephyr: true
      case .gemma: template.contains("first_user_prefix")
      case .instruct: template.contains("<<SYS>>")
      case .phi3: template.contains("<|system|>")
      }
  }

  /// The strings that mark turns; whoever could write them could speak for the model.
  public var markers: [String] {
    switch kind {
    case .chatML: ["<|im_start|>", "<|im_end|>"]
    case .llama3: ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
    case .gemma: ["<start_of_turn>", "<end_of_turn>"]
    case .instruct: ["[INST]", "[/INST]"] + (acceptsSystem ? ["<<SYS>>", "<</SYS>>"] : [])
    case .phi3: ["<|user|>", "<|assistant|>", "<|system|>", "<|end|>"]
    case .zephyr: ["<|user|>", "<|assistant|>", "<|system|>", end]
    }
  }

  /// The token that ends the model's turn, where the format has one of its own.
  public var endOfTurn: String? {
    switch kind {
    case .chatML: "<|im_end|>"
    case .llama3: "<|eot_id|>"
    case .gemma: "<end_of_turn>"
    case .phi3: "<|end|>"
    case .instruct, .zephyr: nil
    }
  }

  /// The conversation that begins with a message, up to where the model answers.
  ///
  /// - Parameters:
  ///   - user: The message.
  ///   - system: What the system says; the template's own words when `nil`.
  /// - Throws: `ModelError` when the format has no place for a system.
  public func prompt(_ user: String, system: String? = nil) throws -> ChatPrompt {
    if system != nil, !acceptsSystem {
      throw ModelError(.badModel, "the model's chat template has no place for a system message")
    }
    // Gemma and Llama 2 put the system into the first message, and what is trimmed is around both.
    let isJoined = kind == .gemma || kind == .instruct
    let isInside = kind == .instruct && system != nil
    let user = trims ? user.trimmed(start: !isInside) : user
    let system = trims && !isJoined ? system?.trimmed() : system
    var prompt = ChatPrompt()
    prompt.add(beginning)
    switch kind {
    case .chatML:
      turn("<|im_start|>system\n", system ?? defaultSystem, "<|im_end|>\n", &prompt)
      turn("<|im_start|>user\n", user, "<|im_end|>\n", &prompt)
      prompt.add("<|im_start|>assistant\n")
    case .llama3:
      let (open, close) = ("<|start_header_id|>", "<|end_header_id|>\n\n")
      turn(open + "system" + close, system, "<|eot_id|>", &prompt)
      turn(open + "user" + close, user, "<|eot_id|>", &prompt)
      prompt.add(open + "assistant" + close)
    case .gemma:
      prompt.add("<start_of_turn>user\n")
      turn("", system, "\n\n", &prompt)
      turn("", user, "<end_of_turn>\n", &prompt)
      prompt.add("<start_of_turn>model\n")
    case .instruct:
      prompt.add(brackets.open)
      turn("<<SYS>>\n", system, "\n<</SYS>>\n\n", &prompt)
      turn("", user, brackets.close, &prompt)
    case .phi3, .zephyr:
      let close = kind == .phi3 ? "<|end|>\n" : end + "\n"
      turn("<|system|>\n", system, close, &prompt)
      turn("<|user|>\n", user, close, &prompt)
      prompt.add("<|assistant|>\n")
    }
    return prompt
  }

  private func turn(
    _ open: String, _ words: String?, _ close: String, _ prompt: inout ChatPrompt
  ) {
    guard let words else { return }
    prompt.add(open)
    prompt.add(plain: words)
    prompt.add(close)
  }
}

// MARK: - reading a template

extension ChatFormat {
  /// What no known format has: dates, roles written as tokens, system prompts in brackets.
  private static let unknown = [
    "strftime_now", "date_string", "[SYSTEM_PROMPT]", "<|im_sep|>", "default_system_message",
  ]

  private static func kind(of template: String) throws -> Kind {
    if let word = unknown.first(where: template.contains) {
      throw ModelError(
        .badModel,
        "the model's chat template uses \(word), which --chat does not know; \(advice)")
    }
    if template.contains("<|im_start|>") { return .chatML }
    if template.contains("<|start_header_id|>") { return .llama3 }
    if template.contains("<start_of_turn>") { return .gemma }
    if template.contains("[INST]") { return .instruct }
    if template.contains("<|user|>") {
      if template.contains("<|end|>") { return .phi3 }
      if template.contains("eos_token") || template.contains("</s>") { return .zephyr }
    }
    let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
    throw ModelError(
      .badModel,
      "the model's chat template is none that --chat knows (\(known)); \(advice)")
  }

  /// What to do without a format.
  static let advice = "write the whole prompt yourself and leave --chat out"

  private static func lacking(_ name: String) -> ModelError {
    ModelError(
      .badModel,
      "the model's chat template uses \(name), which tokenizer_config.json does not give; \(advice)"
    )
  }

  private static func brackets(_ pieces: [String]) throws -> (open: String, close: String) {
    guard
      let open = pieces.first(where: { $0.contains("[INST]") && !$0.contains("[/INST]") }),
      let close = pieces.first(where: { $0.contains("[/INST]") && !$0.contains("[INST]") }),
      let start = open.firstRange(of: "[INST]"), let stop = close.firstRange(of: "[/INST]")
    else {
      throw ModelError(
        .badModel,
        "the model's chat template writes [INST] in a way --chat does not know; \(advice)")
    }
    return (String(open[start.lowerBound...]), String(close[..<stop.upperBound]))
  }

  /// The system message that a template has in its own words.
  private static func system(in pieces: [String]) -> String? {
    let opening = "<|im_start|>system\n"
    for piece in pieces where piece.contains(opening) {
      guard let start = piece.firstRange(of: opening), start.upperBound < piece.endIndex else {
        continue
      }
      let words = piece[start.upperBound...]
      guard let stop = words.firstRange(of: "<|im_end|>"), !words[..<stop.lowerBound].isEmpty else {
        continue
      }
      return String(words[..<stop.lowerBound])
    }
    return nil
  }
}

extension String {
  /// The text without white space at its ends, as Python's `strip` takes it off.
  fileprivate func trimmed(start: Bool = true) -> String {
    let isSpace: (Unicode.Scalar) -> Bool = {
      $0.properties.isWhitespace || (0x1C...0x1F).contains($0.value)
    }
    let rest = start ? unicodeScalars.drop(while: isSpace) : unicodeScalars[...]
    let end = rest.reversed().drop(while: isSpace)
    return String(String.UnicodeScalarView(end.reversed()))
  }
}
