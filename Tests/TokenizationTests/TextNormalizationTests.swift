import Files
import Testing
import Tokenization

@Suite struct TextNormalizationTests {
  private func normalized(_ text: String, _ type: String) throws -> String {
    try SmallTokenizers.normalized(text, ["type": .string(type)])
  }

  /// From the table of examples in Unicode Standard Annex 15.
  @Test(arguments: [
    ("\u{FB01}", "\u{FB01}", "\u{FB01}", "fi", "fi"),
    ("2\u{2075}", "2\u{2075}", "2\u{2075}", "25", "25"),
    (
      "\u{1E9B}\u{323}", "\u{17F}\u{323}\u{307}", "\u{1E9B}\u{323}", "s\u{323}\u{307}", "\u{1E69}"
    ),
    ("\u{212B}", "A\u{30A}", "\u{C5}", "A\u{30A}", "\u{C5}"),
    ("\u{1E0B}\u{323}", "d\u{323}\u{307}", "\u{1E0D}\u{307}", "d\u{323}\u{307}", "\u{1E0D}\u{307}"),
    ("\u{AC01}", "\u{1100}\u{1161}\u{11A8}", "\u{AC01}", "\u{1100}\u{1161}\u{11A8}", "\u{AC01}"),
    (
      "a\u{5AE}\u{300}\u{315}b", "a\u{5AE}\u{300}\u{315}b", "\u{E0}\u{5AE}\u{315}b",
      "a\u{5AE}\u{300}\u{315}b", "\u{E0}\u{5AE}\u{315}b"
    ),
  ])
  func canonicalForms(
    _ text: String, _ nfd: String, _ nfc: String, _ nfkd: String, _ nfkc: String
  ) throws {
    for (form, expected) in [("NFD", nfd), ("NFC", nfc), ("NFKD", nfkd), ("NFKC", nfkc)] {
      #expect(try bytesEqual(normalized(text, form), expected), "\(form)")
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func ordersLongRunsOfMarks() throws {
    let marks = String(repeating: "\u{301}\u{323}", count: 10_000)
    let expected =
      "a" + String(repeating: "\u{323}", count: 10_000)
      + String(repeating: "\u{301}", count: 10_000)
    #expect(try bytesEqual(normalized("a" + marks, "NFD"), expected))
  }

  @Test func lowersScalarByScalar() throws {
    #expect(try bytesEqual(normalized("ΑΣ İ ß É", "Lowercase"), "ας i\u{307} ß é") == false)
    #expect(try bytesEqual(normalized("ΑΣ İ ß É", "Lowercase"), "ασ i\u{307} ß é"))
  }

  @Test func cleansAsBERTDoes() throws {
    let uncased: JSON = ["type": "BertNormalizer"]
    #expect(
      try SmallTokenizers.normalized("Na\u{EF}ve\u{0}\u{200B}\u{FFFD}\t中É\u{A0}x", uncased)
        == "naive  中 e x")
    let cased: JSON = ["type": "BertNormalizer", "lowercase": false]
    #expect(try SmallTokenizers.normalized("Naïve", cased) == "Naïve")
  }

  @Test func stripsReplacesAndPrepends() throws {
    let strip: JSON = ["type": "Strip", "strip_left": false]
    #expect(try SmallTokenizers.normalized(" a\u{3000}\n", strip) == " a")
    let replace: JSON = ["type": "Replace", "pattern": ["Regex": " {2,}"], "content": "▁"]
    #expect(try SmallTokenizers.normalized("a   b c", replace) == "a▁b c")
    let prepend: JSON = ["type": "Prepend", "prepend": "▁"]
    #expect(try SmallTokenizers.normalized("a", prepend) == "▁a")
    #expect(try SmallTokenizers.normalized("", prepend) == "")
    #expect(try normalized("e\u{301}a\u{5B0}", "StripAccents") == "ea")
    #expect(try normalized("a\u{1}\u{200B}b", "Nmt") == "a b")
  }

  /// A composed character stands for the first of its parts, as in the reference.
  @Test func keepsOrigins() throws {
    let pieces = try SmallTokenizers.pieces(
      of: "ﬁe\u{301} İx",
      normalizer: [
        "type": "Sequence",
        "normalizers": [
          ["type": "NFKC"], ["type": "Lowercase"],
        ],
      ],
      preTokenizer: ["type": "Split", "pattern": ["Regex": "."], "behavior": "Isolated"])
    #expect(pieces == ["ﬁ", "ﬁ", "e", " ", "İ", "İ", "x"])
  }

  /// The spaces around an ideograph stand for the ideograph, at the beginning too.
  @Test func spacesAroundIdeographsShareTheirOrigin() throws {
    let tokenizer = try SmallTokenizers.make(
      model: SmallTokenizers.words, normalizer: ["type": "BertNormalizer"],
      preTokenizer: ["type": "Split", "pattern": ["Regex": "."], "behavior": "Isolated"])
    #expect(try tokenizer.encode("中x").offsets == [0..<1, 0..<1, 0..<1, 1..<2])
  }

  @Test func refusesEndlessGrowth() throws {
    let grow: JSON = [
      "type": "Replace", "pattern": ["String": "a"],
      "content": .string(String(repeating: "a", count: 1000)),
    ]
    let tokenizer = try SmallTokenizers.make(
      model: SmallTokenizers.words,
      normalizer: ["type": "Sequence", "normalizers": [grow, grow, grow, grow]])
    #expect(throws: TokenizationError.self) { try tokenizer.encode("a") }
  }
}
