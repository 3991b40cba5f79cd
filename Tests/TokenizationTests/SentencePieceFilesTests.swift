import Files
import TestSupport
import Testing
import Tokenization

/// Folders with a SentencePiece model and no `tokenizer.json`.
///
/// The fixtures are made by the package sentencepiece: see Tests/Fixtures/sentencepiece/make.py.
@Suite struct SentencePieceFilesTests {
  private static let folder = Fixtures.folder + "/sentencepiece/"

  @Test(arguments: ["unigram", "unigram_bytes", "unigram_spaces", "bpe", "bpe_bytes", "marian"])
  func agreesWithTheLibrary(_ name: String) throws {
    let tokenizer = try Tokenizer.load(folder: Self.folder + name)
    let rows = try #require(Fixtures.json(Self.folder + name + "/expected.json")["rows"]?.elements)
    #expect(rows.count > 70)
    for row in rows {
      let text = try #require(row["text"]?.string)
      let ids = try #require(row["ids"]?.elements).compactMap(\.integer)
      #expect(try tokenizer.encode(text).ids == ids, "\(name): \(text.debugDescription)")
    }
  }

  /// The classes of the parity set, read from their models, against the `tokenizer.json` that the
  /// reference made of them.
  @Test(
    .enabled(if: Fixtures.parity != nil, "the shared parity set is not here"),
    arguments: [
      ("albert", "spiece.model"), ("deberta", "spm.model"), ("gemma", "tokenizer.model"),
      ("llama_spm", "tokenizer.model"), ("llama_spm_new", "tokenizer.model"),
      ("t5", "spiece.model"), ("xlmr", "sentencepiece.bpe.model"),
    ])
  func agreesWithTheReference(_ name: String, _ model: String) throws {
    let source = try #require(Fixtures.parity) + "/tokenizers/" + name
    try withTemporaryFolder { folder in
      try copy(
        [model, "tokenizer_config.json", "special_tokens_map.json"], from: source, to: folder)
      try Expectations.check(
        Tokenizer.load(folder: folder), Fixtures.json(source + "/expected.json"), name: name)
    }
  }

  /// Guessing rules would give wrong tokens without a word.
  @Test func refusesRulesItDoesNotKnow() throws {
    try withTemporaryFolder { folder in
      try copy(["tokenizer.model"], from: Self.folder + "bpe", to: folder)
      try writeFile(folder + "/tokenizer_config.json", #"{"tokenizer_class": "OddTokenizer"}"#)
      let error = fileError { _ = try Tokenizer.load(folder: folder) }
      #expect(error?.kind == .badData && error?.fact.contains("OddTokenizer") == true)
      try writeFile(folder + "/tokenizer_config.json", #"{"tokenizer_class": "MarianTokenizer"}"#)
      let other = fileError { _ = try Tokenizer.load(folder: folder) }
      #expect(other?.fact.contains("does not go with") == true)
    }
  }

  @Test func readsTheSettings() throws {
    try withTemporaryFolder { folder in
      try copy(["tokenizer.model"], from: Self.folder + "bpe_bytes", to: folder)
      try writeFile(
        folder + "/tokenizer_config.json",
        #"{"tokenizer_class": "LlamaTokenizer", "add_bos_token": false, "add_eos_token": true}"#)
      try writeFile(folder + "/added_tokens.json", #"{"<|end|>": 600}"#)
      try writeFile(folder + "/special_tokens_map.json", #"{"eos_token": {"content": "<|end|>"}}"#)
      let added = try Tokenizer.load(folder: folder).encode("the")
      #expect(added.ids.last == 600)
      try writeFile(folder + "/special_tokens_map.json", #"{"eos_token": "absent"}"#)
      let error = fileError { _ = try Tokenizer.load(folder: folder) }
      #expect(error?.fact.contains("eos_token") == true)
      try writeFile(folder + "/special_tokens_map.json", #"{"eos_token": "</s>"}"#)
      let encoding = try Tokenizer.load(folder: folder).encode("the<|end|>")
      #expect(encoding.ids.last == 2 && encoding.ids.dropLast().last == 600)
    }
  }

  /// Model files by hand, and a word of the reason why they are refused.
  @Test(
    arguments: [
      ([], "no pieces"), ([0x0A], "ends too early"), ([0x0A, 0x7F, 0x00], "127 bytes"),
      ([0x0A, 0x00], "piece 0 is empty"), ([0x0A, 0x03, 0x0A, 0x01, 0xFF], "not UTF-8"),
      ([0x0A, 0x05, 0x0A, 0x01, 0x61, 0x18, 0x09], "unknown kind 9"),
      ([0x0A, 0x08, 0x0A, 0x01, 0x61, 0x15, 0, 0, 0xC0, 0x7F], "no number"),
      ([0x0B], "unknown kind 3"), ([0x02, 0x00], "without a number"),
      ([UInt8](repeating: 0xFF, count: 11), "more than ten bytes"),
      ([0x0A] + [UInt8](repeating: 0xFF, count: 9) + [0x01], "bytes, 0 are left"),
      ([0x0A, 0x03, 0x0A, 0x01, 0x61, 0x12, 0x02, 0x18, 0x04], "kind 4"),
      ([0x0A, 0x03, 0x0A, 0x01, 0x61], "0 pieces for the unknown"),
      ([0x0A, 0x03, 0x0A, 0x01, 0x61, 0x1A, 0x02, 0x28, 0x00], "marks spaces"),
      ([0x0A, 0x05, 0x0A, 0x01, 0x61, 0x18, 0x02, 0x1A, 0x03, 0x12, 0x01, 0x61], "ends too early"),
    ] as [([UInt8], String)])
  func refuses(_ bytes: [UInt8], _ word: String) throws {
    try withTemporaryFolder { folder in
      try writeFile(folder + "/tokenizer.model", bytes)
      let error = try #require(fileError { _ = try Tokenizer.load(folder: folder) })
      #expect(error.kind == .badData && error.fact.contains(word), "\(error)")
    }
  }

  /// No prefix and no wrong byte crashes the reader or the tokenizer.
  @Test func survivesDamage() throws {
    let whole = try readFile(Self.folder + "bpe_bytes/tokenizer.model")
    try withTemporaryFolder { folder in
      let path = folder + "/tokenizer.model"
      for place in stride(from: 0, to: whole.count, by: 11) {
        var bytes = whole
        bytes[place] ^= 0x55
        try writeFile(path, bytes)
        _ = try? Tokenizer.load(folder: folder).encode("the cat  sät")
        try writeFile(path, Array(whole[..<place]))
        _ = try? Tokenizer.load(folder: folder).encode("the cat  sät")
      }
    }
  }

  private func copy(_ files: [String], from source: String, to folder: String) throws {
    for file in files { try writeFile(folder + "/" + file, readFile(source + "/" + file)) }
  }
}
