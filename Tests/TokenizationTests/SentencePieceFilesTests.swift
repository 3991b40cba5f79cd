import Files
import TestSupport
import Testing
import Tokenization

/// Folders with a SentencePiece model and no `tokenizer.json`.
///
/// The fixtures are made by the package sentencepiece: see Tests/Fixtures/sentencepiece/make.py.
@Suite struct SentencePieceFilesTests {
  private static let folder = Fixtures.folder + "/sentencepiece/"

  @Test(arguments: ["unigram", "unigram_bytes", "unigram_spaces", "bpe", "bpe_bytes"])
  func agreesWithTheLibrary(_ name: String) throws {
    let tokenizer = try Tokenizer.load(folder: Self.folder + name)
    let rows = try #require(Fixtures.json(Self.folder + name + "/expected.json")["rows"]?.elements)
    #expect(rows.count > 100)
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

  private func copy(_ files: [String], from source: String, to folder: String) throws {
    for file in files { try writeFile(folder + "/" + file, readFile(source + "/" + file)) }
  }
}
