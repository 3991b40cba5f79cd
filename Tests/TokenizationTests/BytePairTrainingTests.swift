import Files
import TestSupport
import Testing
import Tokenization

/// The vocabulary that is learned, against that of Hugging Face's `tokenizers`: see
/// Fixtures/bytepair/make.py.
@Suite struct BytePairTrainingTests {
  static let special = ["<|endoftext|>", "[MASK]"]

  private func text() throws -> String {
    String(decoding: try readFile(Fixtures.folder + "/bytepair/text.txt"), as: UTF8.self)
  }

  @Test func learnsWhatTokenizersLearns() throws {
    let expected = try Fixtures.json(Fixtures.folder + "/bytepair/learned.json")
    let learned = try BytePairTraining(specialTokens: Self.special, vocabulary: 340)
      .learn(from: [text()])
    #expect(learned.tokens == expected["tokens"]?.elements?.compactMap(\.string))
    let merges = expected["merges"]?.elements?.map { $0.elements?.compactMap(\.string) ?? [] }
    #expect(learned.merges == merges)
  }

  @Test func theFileIsReadAndCutsTheSame() throws {
    let expected = try Fixtures.json(Fixtures.folder + "/bytepair/learned.json")
    let learned = try BytePairTraining(specialTokens: Self.special, vocabulary: 340)
      .learn(from: [text()])
    let file = learned.tokenizerFile(specialTokens: 2, before: nil, after: nil)
    let tokenizer = try Tokenizer(json: file, path: "tokenizer.json")
    let start = String(String.UnicodeScalarView(try text().unicodeScalars.prefix(400)))
    let ids = try tokenizer.encode(start).ids
    #expect(ids == expected["ids"]?.elements?.compactMap(\.integer))
    #expect(tokenizer.decode(ids) == start)
    #expect(tokenizer.isSpecial(1) && !tokenizer.isSpecial(2))
  }

  @Test func specialTokensGoAroundATextWhereTheyShould() throws {
    let learned = try BytePairTraining(specialTokens: ["[CLS]", "[SEP]"], vocabulary: 258)
      .learn(from: [""])
    let file = learned.tokenizerFile(specialTokens: 2, before: "[CLS]", after: "[SEP]")
    let tokenizer = try Tokenizer(json: file, path: "tokenizer.json")
    #expect(try tokenizer.encode("ab").tokens == ["[CLS]", "a", "b", "[SEP]"])
    #expect(learned.tokens.count == 258 && learned.merges.isEmpty)
  }

  /// ˈ, ɹ and ᵊ take two, two and three bytes, which are merged one by one; nothing is merged
  /// beyond a character, however often it stands there.
  @Test func spellingHasATokenForEachCharacter() throws {
    let learned = try BytePairTraining(specialTokens: [], vocabulary: 400, isSpelling: true)
      .learn(from: ["ɹˈaɹˈaᵊ", "the the the"])
    #expect(learned.tokens.count == 256 + 4)
    let file = learned.tokenizerFile(specialTokens: 0, before: nil, after: nil)
    let tokenizer = try Tokenizer(json: file, path: "tokenizer.json")
    #expect(
      try tokenizer.encode("theɹˈᵊa").ids.map { tokenizer.decode([$0]) } == [
        "t", "h", "e", "ɹ", "ˈ", "ᵊ", "a",
      ])
  }

  @Test func anotherModelsFileGetsOtherTokensAroundAText() throws {
    let learned = try BytePairTraining(specialTokens: ["[CLS]", "[SEP]"], vocabulary: 258)
      .learn(from: [""])
    let file = BytePairTraining.Result.tokenizerFile(
      learned.tokenizerFile(specialTokens: 2, before: "[CLS]", after: "[SEP]"), before: "[CLS]",
      after: nil, ids: { ["[CLS]": 0][$0] })
    let tokenizer = try Tokenizer(json: file, path: "tokenizer.json")
    #expect(try tokenizer.encode("ab").tokens == ["[CLS]", "a", "b"])
  }

  @Test func aHiddenWordTakesItsSpaceAlong() throws {
    let learned = try BytePairTraining(specialTokens: ["[MASK]"], vocabulary: 257)
      .learn(from: ["a b"])
    let file = learned.tokenizerFile(specialTokens: 1, before: nil, after: nil)
    let tokenizer = try Tokenizer(json: file, path: "tokenizer.json")
    let ids = ["a", "[MASK]", "Ġ", "b"].map(tokenizer.id)
    #expect(try tokenizer.encode("a [MASK] b").ids == ids)
  }
}
