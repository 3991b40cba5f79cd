import Files
import Testing
import Tokenization

@Suite struct UnigramTests {
  /// The example in the reference's documentation of its Unigram model.
  private static let pieces: [(String, Double)] = [
    ("<unk>", 0), ("a", 0), ("b", 0), ("c", 0), ("d", 0), ("cd", 1), ("ab", 2), ("abc", 5),
    ("abcd", 10),
  ]

  private static func model(_ pieces: [(String, Double)], unknown: JSON = 0) -> JSON {
    [
      "type": "Unigram", "unk_id": unknown,
      "vocab": .array(pieces.map { [.string($0.0), .number($0.1)] }),
    ]
  }

  @Test func takesTheBestCut() throws {
    let tokenizer = try SmallTokenizers.make(model: Self.model(Self.pieces))
    let encoding = try tokenizer.encode("abcdacdxx")
    #expect(encoding.tokens == ["abcd", "a", "cd", "<unk>"])
    #expect(encoding.offsets == [0..<4, 4..<5, 5..<7, 7..<9])
  }

  /// The best sum of scores over all ways to cut a word, found by trying them all.
  private func bestScore(_ word: Substring, _ scores: [String: Double]) -> Double {
    guard !word.isEmpty else { return 0 }
    return (1...word.count).compactMap { length -> Double? in
      scores[String(word.prefix(length))].map { $0 + bestScore(word.dropFirst(length), scores) }
    }.max() ?? -.infinity
  }

  @Test func noCutIsBetter() throws {
    let pieces: [(String, Double)] = [
      ("a", -2.5), ("b", -3), ("c", -2), ("ab", -4), ("bc", -4.25), ("ca", -4.5), ("abc", -6.75),
      ("bca", -6), ("<unk>", -20),
    ]
    let scores = Dictionary(uniqueKeysWithValues: pieces)
    let tokenizer = try SmallTokenizers.make(model: Self.model(pieces, unknown: 8))
    for _ in 0..<200 {
      let text = String((0..<Int.random(in: 1...9)).map { _ in "abc".randomElement() ?? "a" })
      let tokens = try tokenizer.encode(text).tokens
      #expect(tokens.joined() == text)
      #expect(tokens.compactMap { scores[$0] }.reduce(0, +) == bestScore(text[...], scores))
    }
  }

  @Test func spellsUnknownPiecesAsBytes() throws {
    let pieces: [(String, Double)] = [
      ("<unk>", 0), ("a", -1), ("<0xC3>", 0), ("<0xA9>", 0),
    ]
    var members = try #require(Self.model(pieces).members)
    members.append(JSON.Member("byte_fallback", true))
    let tokenizer = try SmallTokenizers.make(model: .object(members))
    let encoding = try tokenizer.encode("aéx")
    #expect(encoding.tokens == ["a", "<unk>"])
    #expect(try tokenizer.encode("aé").tokens == ["a", "<0xC3>", "<0xA9>"])
    #expect(try tokenizer.encode("aé").offsets == [0..<1, 1..<2, 1..<2])
  }

  @Test func refusesWhatDoesNotFit() {
    for model in [
      Self.model([]), Self.model(Self.pieces, unknown: 9), Self.model(Self.pieces, unknown: -1),
      ["type": "Unigram", "unk_id": 0, "vocab": [["a", "x"]]],
      ["type": "Unigram", "unk_id": 0, "vocab": ["a": 1]],
    ] {
      #expect(throws: FileError.self) { try SmallTokenizers.make(model: model) }
    }
    #expect(throws: TokenizationError.self) {
      try SmallTokenizers.make(model: Self.model(Self.pieces, unknown: .null)).encode("x")
    }
  }
}
