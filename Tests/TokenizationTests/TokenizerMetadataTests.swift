import Files
import Testing
import Tokenization

/// Tokenizers from lists, as GGUF files have them, give what the reference gives for the
/// `tokenizer.json` with the same content.
@Suite struct TokenizerMetadataTests {
  /// The lists of a fixture.
  private func metadata(_ name: String, model: String, words: String?) throws -> TokenizerMetadata {
    let json = try Samples.json(name)
    let vocabulary = try #require(json["model"]?["vocab"]?.members)
    let added = try #require(json["added_tokens"]?.elements)
    var entries = vocabulary.map { ($0.key, $0.value.integer ?? 0) }
    entries += added.map { ($0["content"]?.string ?? "", $0["id"]?.integer ?? 0) }
    var tokens = Array(repeating: "", count: (entries.map(\.1).max() ?? 0) + 1)
    for (token, id) in entries { tokens[id] = token }
    var metadata = TokenizerMetadata(path: name, model: model, words: words, tokens: tokens)
    let specials = added.filter { $0["special"]?.bool == true }.compactMap { $0["id"]?.integer }
    let others = added.compactMap { $0["id"]?.integer }
    metadata.kinds = tokens.indices.map {
      specials.contains($0) ? .control : others.contains($0) ? .userDefined : .normal
    }
    metadata.merges = try #require(json["model"]?["merges"]?.elements).map { merge in
      merge.string ?? "\(merge[0]?.string ?? "") \(merge[1]?.string ?? "")"
    }
    return metadata
  }

  @Test(arguments: [("gpt2", "gpt-2"), ("qwen2", "qwen2")])
  func byteLevelEncodingAgrees(name: String, words: String) throws {
    let tokenizer = try Tokenizer(try metadata(name, model: "gpt2", words: words))
    #expect(tokenizer.model == "BPE")
    try Expectations.check(tokenizer, try Samples.expected(name), name: name)
  }

  /// Scores in place of merges: the first merge that makes a piece has the highest.
  @Test func piecesWithScoresAgree() throws {
    var metadata = try metadata("llama_spm", model: "llama", words: "default")
    var scores = Array(repeating: -1000.0, count: metadata.tokens.count)
    for (rank, merge) in metadata.merges.enumerated().reversed() {
      let piece = String(merge.filter { $0 != " " })
      if let id = metadata.tokens.firstIndex(where: { bytesEqual($0, piece) }) {
        scores[id] = -Double(rank)
      }
    }
    metadata.merges = []
    metadata.scores = scores
    metadata.beginning = 1
    metadata.end = 2
    metadata.unknown = 0
    for id in metadata.tokens.indices where metadata.tokens[id].hasPrefix("<0x") {
      metadata.kinds[id] = .byte
    }
    metadata.kinds[0] = .unknown
    let tokenizer = try Tokenizer(metadata)
    try Expectations.check(tokenizer, try Samples.expected("llama_spm"), name: "llama_spm")

    metadata.addsBeginning = false
    metadata.addsEnd = true
    metadata.addsSpacePrefix = false
    let bare = try Tokenizer(metadata).encode("the")
    #expect(bare.tokens.first == "t" || bare.tokens.first == "the")
    #expect(bare.ids.last == 2 && bare.ids.first != 1)
  }

  /// Llama 3 takes a word that is a token whatever the merges say, and SmolLM sets digits apart.
  @Test func rulesDiffer() throws {
    var metadata = TokenizerMetadata(
      path: "t", model: "gpt2", words: "llama-bpe",
      tokens: ["a", "b", "c", "abc", "1", "11", "<s>"])
    metadata.merges = ["1 1"]
    metadata.beginning = 6
    metadata.kinds = Array(repeating: .normal, count: 6) + [.control]
    #expect(try Tokenizer(metadata).encode("abc11").ids == [6, 3, 5])
    metadata.words = "smollm"
    #expect(try Tokenizer(metadata).encode("abc11<s>").ids == [0, 1, 2, 4, 4, 6])
    #expect(try Tokenizer(metadata).decode([3, 5, 6]) == "abc11")
    metadata.words = "gpt-2"
    #expect(try Tokenizer(metadata).encode("abc11").ids == [0, 1, 2, 5])
  }

  /// What is wrong, and a word of the message.
  static let faults: [(word: String, change: @Sendable (inout TokenizerMetadata) -> Void)] = [
    ("mystery", { $0.model = "mystery" }),
    ("smollm", { $0.words = "mystery" }),
    ("not there", { $0.words = nil }),
    ("empty", { $0.tokens = [] }),
    ("token_type", { $0.kinds = [.normal] }),
    ("scores", { $0.model = "llama" }),
    (
      "scores",
      {
        $0.model = "llama"
        $0.scores = [0, .nan, 0]
      }
    ),
    ("place 1", { $0.merges = ["x"] }),
    ("vocabulary", { $0.merges = ["a z"] }),
    ("bos_token_id", { $0.addsBeginning = true }),
    (
      "eos_token_id",
      {
        $0.addsEnd = true
        $0.end = 99
      }
    ),
  ]

  @Test(arguments: faults.indices)
  func saysWhatIsWrong(fault: Int) throws {
    var metadata = TokenizerMetadata(
      path: "t.gguf", model: "gpt2", words: "gpt-2", tokens: ["a", "b", "ab"])
    metadata.merges = ["a b"]
    #expect(try Tokenizer(metadata).encode("ab").ids == [2])
    Self.faults[fault].change(&metadata)
    let error = #expect(throws: FileError.self) { try Tokenizer(metadata) }
    #expect(error?.fact.contains(Self.faults[fault].word) == true, "\(error?.fact ?? "")")
  }
}
