internal import Files

/// The tokenizer of a folder from before `tokenizer.json`: a vocabulary in its own file, and the
/// rules in the name of the tokenizer's class. It is written as the `tokenizer.json` that the
/// class stands for, so there is one reader.
struct VocabularyFiles {
  private let folder: InputFolder
  private let settings: TokenizerSettings
  /// The class without its "Fast", or the kind of the model where no class is named.
  private let kind: String

  /// Opens a folder; nil when it has no vocabulary of a kind that is read.
  ///
  /// - Throws: `FileError` when the rules are not known: guessing would give wrong tokens.
  init?(folder: InputFolder) throws {
    let hasPieces = folder.contains("vocab.txt")
    let hasMerges = folder.contains("vocab.json") && folder.contains("merges.txt")
    guard hasPieces || hasMerges else { return nil }
    self.folder = folder
    settings = try TokenizerSettings(folder: folder)
    kind = settings.kind ?? "no name"
    let known =
      hasPieces
      ? [
        "BertTokenizer", "DistilBertTokenizer", "ElectraTokenizer", "bert", "distilbert", "electra",
      ] : []
    let others =
      hasMerges
      ? [
        "GPT2Tokenizer", "RobertaTokenizer", "BartTokenizer", "Qwen2Tokenizer", "gpt2", "roberta",
        "bart", "qwen2", "qwen3",
      ] : []
    guard (known + others).contains(kind) else {
      throw settings.unknownRules(kind)
    }
  }

  /// The content of `tokenizer.json`.
  func tokenizer() throws -> JSON {
    switch kind {
    case "GPT2Tokenizer", "gpt2":
      return try bytePairs(
        specials: ["<|endoftext|>"],
        post: ["type": "ByteLevel", "add_prefix_space": true, "trim_offsets": false])
    case "Qwen2Tokenizer", "qwen2", "qwen3": return try qwen()
    case "RobertaTokenizer", "roberta", "BartTokenizer", "bart":
      let vocabulary = try readObject("vocab.json", in: folder)
      return try bytePairs(
        specials: ["<s>", "<pad>", "</s>", "<unk>", "<mask>"],
        post: [
          "type": "RobertaProcessing", "add_prefix_space": flag("add_prefix_space", or: false),
          "cls": .array(["<s>", try Self.id("<s>", vocabulary, folder.path)]),
          "sep": .array(["</s>", try Self.id("</s>", vocabulary, folder.path)]),
        ])
    default: return try wordPieces()
    }
  }

  // MARK: kinds

  private func bytePairs(specials: [String], post: JSON) throws -> JSON {
    let vocabulary = try readObject("vocab.json", in: folder)
    let merges = try lines(of: "merges.txt").filter { !$0.isEmpty }
    return [
      "model": ["type": "BPE", "vocab": vocabulary, "merges": .array(merges.map(JSON.string))],
      "pre_tokenizer": [
        "type": "ByteLevel", "add_prefix_space": flag("add_prefix_space", or: false),
      ],
      "post_processor": post, "decoder": ["type": "ByteLevel"],
      "added_tokens": try addedTokens(specials, vocabulary),
    ]
  }

  /// Byte-pair encoding of words that the pattern of Qwen cuts.
  private func qwen() throws -> JSON {
    let bytes: JSON = ["type": "ByteLevel", "add_prefix_space": false, "use_regex": false]
    let post: JSON = ["type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false]
    let words: JSON = [
      "type": "Split", "pattern": ["Regex": .string(WordRules.words(digits: #"\p{N}"#))],
      "behavior": "Isolated",
    ]
    let tokenizer = try bytePairs(specials: ["<|endoftext|>"], post: post)
    let others = (tokenizer.members ?? []).filter { $0.key != "pre_tokenizer" }
    return .object(
      others + [
        JSON.Member("normalizer", ["type": "NFC"]),
        JSON.Member(
          "pre_tokenizer", ["type": "Sequence", "pretokenizers": [words, bytes]]),
      ])
  }

  private func wordPieces() throws -> JSON {
    let name = "vocab.txt"
    let path = folder.path(of: name)
    var ids: [ByteString: Int] = [:]  // of lines that stand twice the last counts
    var order: [String] = []
    for (id, line) in try lines(of: name).enumerated() {
      if ids.updateValue(id, forKey: ByteString(line)) == nil { order.append(line) }
    }
    let vocabulary = JSON.object(
      order.map { JSON.Member($0, .integer(ids[ByteString($0)] ?? 0)) })
    let first = try Self.id("[CLS]", vocabulary, path)
    let separator = try Self.id("[SEP]", vocabulary, path)
    return [
      "normalizer": [
        "type": "BertNormalizer", "lowercase": flag("do_lower_case", or: true),
        "strip_accents": settings["strip_accents"] ?? .null,
        "handle_chinese_chars": flag("tokenize_chinese_chars", or: true),
      ],
      "pre_tokenizer": ["type": "BertPreTokenizer"],
      "model": ["type": "WordPiece", "unk_token": "[UNK]", "vocab": vocabulary],
      "post_processor": [
        "type": "BertProcessing", "cls": .array(["[CLS]", first]),
        "sep": .array(["[SEP]", separator]),
      ],
      "decoder": ["type": "WordPiece", "prefix": "##"],
      "added_tokens": try addedTokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], vocabulary),
    ]
  }

  // MARK: parts

  /// The special tokens as `tokenizer_config.json` lists them, or by their usual names.
  private func addedTokens(_ usual: [String], _ vocabulary: JSON) throws -> JSON {
    if let listed = try settings.listing() { return listed }
    let others = settings.added.members ?? []
    let specials = usual.compactMap { name in vocabulary[name].map { JSON.Member(name, $0) } }
    let extra = others.filter { other in !specials.contains { bytesEqual($0.key, other.key) } }
    return .array(
      (specials + extra).map { token in
        [
          "id": token.value, "content": .string(token.key), "normalized": false,
          "special": .bool(usual.contains { bytesEqual($0, token.key) }),
          "lstrip": .bool(token.key == "<mask>"),
        ]
      })
  }

  private func flag(_ key: String, or standard: Bool) -> JSON {
    settings[key] ?? .bool(standard)
  }

  private static func id(_ token: String, _ vocabulary: JSON, _ path: String) throws -> JSON {
    guard let id = vocabulary[token] else {
      throw FileError(.badData, path, "the vocabulary has no \(token)")
    }
    return id
  }

  // MARK: files

  /// The lines of a file without white space at their ends.
  private func lines(of name: String) throws -> [String] {
    guard let text = String(validating: try folder.read(name), as: UTF8.self) else {
      throw FileError(.badData, folder.path(of: name), "is not UTF-8")
    }
    var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { line in
      String(line[..<(line.lastIndex { !$0.isSpace }.map(line.index(after:)) ?? line.startIndex)])
    }
  }
}
