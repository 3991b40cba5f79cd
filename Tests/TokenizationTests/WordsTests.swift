import Files
import Testing
import Tokenization

@Suite struct WordsTests {
  private func split(_ text: String, _ behavior: String, inverted: Bool = false) throws -> [String]
  {
    try SmallTokenizers.pieces(
      of: text,
      preTokenizer: [
        "type": "Split", "pattern": ["String": "-"], "behavior": .string(behavior),
        "invert": .bool(inverted),
      ])
  }

  /// The examples in the reference's documentation of its split behaviors.
  @Test(arguments: [
    ("Removed", ["the", "final", "countdown"]),
    ("Isolated", ["the", "-", "final", "-", "-", "countdown"]),
    ("MergedWithPrevious", ["the-", "final-", "-", "countdown"]),
    ("MergedWithNext", ["the", "-final", "-", "-countdown"]),
    ("Contiguous", ["the", "-", "final", "--", "countdown"]),
  ])
  func splitsAsDocumented(_ behavior: String, _ expected: [String]) throws {
    #expect(try split("the-final--countdown", behavior) == expected)
  }

  @Test func invertsMatches() throws {
    #expect(try split("the-final--countdown", "Removed", inverted: true) == ["-", "-", "-"])
    #expect(try split("", "Isolated").isEmpty)
    #expect(try split("--", "Removed").isEmpty)
  }

  @Test func emptyMatchesCutAndEnd() throws {
    for behavior in ["Isolated", "MergedWithNext", "MergedWithPrevious", "Contiguous"] {
      let pieces = try SmallTokenizers.pieces(
        of: "axb",
        preTokenizer: [
          "type": "Split", "pattern": ["Regex": "x*"], "behavior": .string(behavior),
        ])
      #expect(pieces.joined() == "axb")
    }
  }

  @Test func cutsWordsFromSymbols() throws {
    let pieces = try SmallTokenizers.pieces(
      of: "Hi, you_2!? né", preTokenizer: ["type": "Whitespace"])
    #expect(pieces == ["Hi", ",", "you_2", "!?", "né"])
  }

  @Test func cutsDigits() throws {
    for (individually, expected) in [(true, ["a", "1", "2", "b"]), (false, ["a", "12", "b"])] {
      #expect(
        try SmallTokenizers.pieces(
          of: "a12b",
          preTokenizer: ["type": "Digits", "individual_digits": .bool(individually)]) == expected)
    }
  }

  @Test func cutsAsBERTDoes() throws {
    let pieces = try SmallTokenizers.pieces(
      of: "Hey friend!     How's it…", preTokenizer: ["type": "BertPreTokenizer"])
    #expect(pieces == ["Hey", "friend", "!", "How", "'", "s", "it", "…"])
  }

  /// The example in the reference's tests of `Metaspace`.
  @Test func spacesBeginWords() throws {
    let metaspace: JSON = ["type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"]
    #expect(
      try SmallTokenizers.pieces(of: "Hey   friend!", preTokenizer: metaspace)
        == ["Hey", " ", " ", " friend!"])
  }

  /// "first" means the first scalar of the original: not where a space was stripped before it.
  @Test func onlyTheFirstWordGetsAMark() throws {
    let tokenizer = try SmallTokenizers.make(
      model: ["type": "WordLevel", "vocab": ["a": 0, "▁a": 1, "?": 2], "unk_token": "?"],
      normalizer: ["type": "Strip"],
      preTokenizer: [
        "type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": false,
      ])
    #expect(try tokenizer.encode(" a").ids == [0])
    #expect(try tokenizer.encode("a").ids == [1])
  }

  @Test func steps() throws {
    let pieces = try SmallTokenizers.pieces(
      of: "a-1 b2",
      preTokenizer: [
        "type": "Sequence",
        "pretokenizers": [
          ["type": "WhitespaceSplit"], ["type": "Digits"],
          ["type": "CharDelimiterSplit", "delimiter": "-"],
        ],
      ])
    #expect(pieces == ["a", "1", "b", "2"])
  }
}
