internal import Files

/// How a GGUF file's name for it (`tokenizer.ggml.pre`) says that a text is cut into words.
struct WordRules {
  var normalizer: Normalizer?
  var preTokenizer: PreTokenizer
  /// A word that is a token is that token, whatever the merges say.
  var prefersWholeWords = false
  /// Whether the white space of a token does not count to its range.
  var trimsOffsets = false
  /// Whether a text begins with a special token when the file does not say.
  var addsBeginning = false

  /// The names of each kind of rules.
  private static let names: [(kind: Kind, names: [String])] = [
    (.gpt2, ["gpt-2", "gpt2", "jais", "mpt", "olmo"]),
    (.singleDigits, ["codeshell", "command-r", "exaone", "refact", "smollm", "starcoder"]),
    (.llama3, ["llama-bpe", "llama-v3", "llama3"]),
    (.qwen2, ["qwen2", "stablelm2"]),
  ]

  private enum Kind {
    case gpt2, singleDigits, llama3, qwen2
  }

  /// The words of Llama 3, and of Qwen 2 with one digit instead of three.
  static func words(digits: String) -> String {
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"# + digits
      + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  }

  /// Finds the rules of a file.
  ///
  /// - Throws: `FileError` for a name that is not known: guessing would give wrong tokens.
  init(_ metadata: TokenizerMetadata) throws {
    let name = metadata.words ?? "not there"
    guard let kind = Self.names.first(where: { $0.names.contains(name) })?.kind else {
      throw metadata.failure(
        "pre",
        "is \(name.quoted), which is not supported; known: "
          + Self.names.flatMap(\.names).sorted().joined(separator: ", "))
    }
    let bytes = PreTokenizer.byteLevel(addsPrefixSpace: false, words: nil)
    func split(digits: String) throws -> PreTokenizer {
      let words = try Pattern(regex: Self.words(digits: digits), path: metadata.path)
      return .sequence([.split(words, .isolated, isInverted: false), bytes])
    }
    let gpt2 = PreTokenizer.byteLevel(
      addsPrefixSpace: false,
      words: try Pattern(regex: PreTokenizer.gpt2Words, path: metadata.path))
    switch kind {
    case .gpt2: preTokenizer = gpt2
    case .singleDigits: preTokenizer = .sequence([.digits(individually: true), gpt2])
    case .llama3:
      preTokenizer = try split(digits: #"\p{N}{1,3}"#)
      prefersWholeWords = true
      trimsOffsets = true
      addsBeginning = true
    case .qwen2:
      preTokenizer = try split(digits: #"\p{N}"#)
      normalizer = .form(.nfc)
    }
  }
}
