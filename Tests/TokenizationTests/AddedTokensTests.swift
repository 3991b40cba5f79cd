import Files
import Testing
import Tokenization

@Suite struct AddedTokensTests {
  private func tokens(_ text: String, _ added: JSON, normalizer: JSON = .null) throws -> [String] {
    let tokenizer = try SmallTokenizers.make(
      model: SmallTokenizers.words, normalizer: normalizer,
      preTokenizer: ["type": "WhitespaceSplit"], addedTokens: added)
    let scalars = Array(text.unicodeScalars)
    let encoding = try tokenizer.encode(text)
    return zip(encoding.tokens, encoding.offsets).map {
      $0 + ":" + String(String.UnicodeScalarView(scalars[$1]))
    }
  }

  private func token(
    _ id: Int, _ content: String, word: Bool = false, left: Bool = false, right: Bool = false,
    normalized: Bool = false
  ) -> JSON {
    [
      "id": .integer(id), "content": .string(content), "single_word": .bool(word),
      "lstrip": .bool(left), "rstrip": .bool(right), "normalized": .bool(normalized),
      "special": false,
    ]
  }

  @Test func takesTheLongestOfTheLeftmost() throws {
    let added: JSON = [token(1, "ab"), token(2, "abcd"), token(3, "bcde")]
    #expect(try tokens("abcde", added) == ["abcd:abcd", "?:e"])
    #expect(try tokens("abce", added) == ["ab:ab", "?:ce"])
  }

  @Test func takesWhiteSpaceAlong() throws {
    let added: JSON = [token(1, "<m>", left: true, right: true)]
    #expect(try tokens("a  <m>\t b", added) == ["?:a", "<m>:  <m>\t ", "?:b"])
    #expect(try tokens("<m> <m>", added) == ["<m>:<m> ", "<m>:<m>"])
  }

  @Test func findsSingleWordsOnlyAlone() throws {
    let added: JSON = [token(1, "ny", word: true)]
    #expect(try tokens("ny, any ny_", added) == ["ny:ny", "?:,", "?:any", "?:ny_"])
  }

  @Test func findsNormalizedTokensInNormalizedText() throws {
    let lower: JSON = ["type": "Lowercase"]
    #expect(
      try tokens("My x", [token(1, "MY", normalized: true)], normalizer: lower)
        == ["MY:My", "?:x"])
    #expect(try tokens("my", [token(1, "MY")], normalizer: lower) == ["?:my"])
  }

  @Test func refusesContradictions() {
    for added: JSON in [
      [token(1, "")], [token(-1, "a")], [token(1 << 40, "a")], [token(0, "a")],
      [token(1, "a"), token(2, "a")], [token(1, "a"), token(1, "b")], [token(5, "?")],
      [token(1, String(repeating: "z", count: 100_000))], ["a"], [["id": 1]], "a",
    ] {
      #expect(throws: FileError.self) { try tokens("a", added) }
    }
  }
}
