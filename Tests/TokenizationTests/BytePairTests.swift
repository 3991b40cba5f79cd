import Files
import Testing
import Tokenization

@Suite struct BytePairTests {
  private static let merges = ["a b", "b c", "ab c", "c c", "cc a", "a a", "aa aa", "abc cc"]

  private static func tokenizer(_ options: [JSON.Member] = []) throws -> Tokenizer {
    var tokens = ["a", "b", "c"]
    for merge in merges { tokens.append(merge.filter { $0 != " " }) }
    let vocabulary = tokens.enumerated().map { JSON.Member($1, .integer($0)) }
    return try SmallTokenizers.make(
      model: .object(
        [
          JSON.Member("type", "BPE"), JSON.Member("vocab", .object(vocabulary)),
          JSON.Member("merges", .array(merges.map(JSON.string))),
        ] + options))
  }

  /// The definition, followed literally: while there are pairs that can be merged, merge the
  /// leftmost one of the lowest rank.
  private func mergedLiterally(_ text: String) -> [String] {
    var parts = text.map(String.init)
    while true {
      let pairs = zip(parts, parts.dropFirst()).map { Self.merges.firstIndex(of: $0 + " " + $1) }
      guard let best = pairs.compactMap(\.self).min(), let place = pairs.firstIndex(of: best)
      else { return parts }
      parts.replaceSubrange(place...place + 1, with: [parts[place] + parts[place + 1]])
    }
  }

  @Test func followsTheDefinition() throws {
    let tokenizer = try Self.tokenizer()
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<500 {
      let length = Int.random(in: 1...30, using: &generator)
      let text = String((0..<length).map { _ in "abc".randomElement(using: &generator) ?? "a" })
      #expect(try tokenizer.encode(text).tokens == mergedLiterally(text), "\(text)")
    }
  }

  @Test func mergesAsPairsAreTheSame() throws {
    let pairs = Self.merges.map { merge in
      JSON.array(merge.split(separator: " ").map { .string(String($0)) })
    }
    let vocabulary = Self.merges.map { $0.filter { $0 != " " } }.enumerated()
    let tokenizer = try SmallTokenizers.make(
      model: [
        "type": "BPE", "merges": .array(pairs),
        "vocab": .object(
          ["a", "b", "c"].enumerated().map { JSON.Member($1, .integer($0)) }
            + vocabulary.map { JSON.Member($1, .integer($0 + 3)) }),
      ])
    #expect(try tokenizer.encode("abcccaaaa").tokens == Self.tokenizer().encode("abcccaaaa").tokens)
  }

  @Test func unknownCharactersAreFusedWhenAsked() throws {
    let unknown = JSON.Member("unk_token", "a")
    #expect(try Self.tokenizer([unknown]).encode("xxb").tokens == ["a", "ab"])
    let fused = try Self.tokenizer([unknown, JSON.Member("fuse_unk", true)])
    #expect(try fused.encode("xxb").tokens == ["ab"])
    #expect(try Self.tokenizer().encode("xxb").tokens == ["b"])
  }

  @Test func prefersWholeWordsWhenAsked() throws {
    let model: JSON = [
      "type": "BPE", "vocab": ["a": 0, "b": 1, "ab": 2, "abb": 3], "merges": ["a b"],
      "ignore_merges": true,
    ]
    #expect(try SmallTokenizers.make(model: model).encode("abb").tokens == ["abb"])
  }

  @Test func marksBeginningsAndEnds() throws {
    let model: JSON = [
      "type": "BPE", "vocab": ["a": 0, "#a": 1, "#a.": 2, "a#a.": 3, "aa.": 4],
      "merges": [["a", "#a."]], "continuing_subword_prefix": "#", "end_of_word_suffix": ".",
    ]
    #expect(try SmallTokenizers.make(model: model).encode("aaa").tokens == ["a", "#a", "#a."])
    #expect(try SmallTokenizers.make(model: model).encode("aa").tokens == ["aa."])
  }
}
