import Files
import TestSupport
import Testing
import Tokenization

@Suite struct TokenizerTests {
  // MARK: laws

  /// Byte-level vocabularies can say everything, and say it back byte for byte.
  @Test(arguments: ["gpt2", "roberta"])
  func byteLevelTextComesBack(_ name: String) throws {
    let tokenizer = try Samples.tokenizer(name)
    for text in try Samples.texts(name) + [randomText(seed: 7), randomText(seed: 8)] {
      // The mask token of RoBERTa takes the space on its left along.
      if name == "roberta", text.contains("<mask>") { continue }
      let ids = try tokenizer.encode(text, addSpecialTokens: false).ids
      let decoded = tokenizer.decode(ids, skipSpecialTokens: false)
      #expect(bytesEqual(decoded, text), "\(text.debugDescription)")
    }
  }

  /// Offsets lie in the text, never run backwards, and leave out white space only.
  @Test(arguments: ["gpt2", "llama_spm"])
  func offsetsCoverTheText(_ name: String) throws {
    let tokenizer = try Samples.tokenizer(name)
    for text in [randomText(seed: 3), "Hello, naïve 東京 🙂 שלום"] {
      let scalars = Array(text.unicodeScalars)
      let offsets = try tokenizer.encode(text, addSpecialTokens: false).offsets
      var covered = Array(repeating: false, count: scalars.count)
      for (range, next) in zip(offsets, offsets.dropFirst()) {
        #expect(range.lowerBound <= next.lowerBound && range.upperBound <= next.upperBound)
      }
      for range in offsets { for place in range { covered[place] = true } }
      for (scalar, isCovered) in zip(scalars, covered) where !isCovered {
        #expect(scalar.properties.isWhitespace, "\(scalar.debugDescription) has no token")
      }
    }
  }

  @Test func canonicallyEquivalentTextsAreNotEqual() throws {
    let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
    #expect(composed == decomposed)
    for name in ["gpt2", "roberta", "llama_spm"] {
      let tokenizer = try Samples.tokenizer(name)
      let (first, second) = (try tokenizer.encode(composed), try tokenizer.encode(decomposed))
      #expect(first.ids != second.ids, "\(name)")
      #expect(bytesEqual(tokenizer.decode(first.ids), composed))
      #expect(bytesEqual(tokenizer.decode(second.ids), decomposed))
      let mixed = try tokenizer.encode("\(composed) \(decomposed)", addSpecialTokens: false).ids
      let other = try tokenizer.encode("\(decomposed) \(composed)", addSpecialTokens: false).ids
      #expect(mixed != other, "\(name): words are remembered by their bytes")
    }
  }

  @Test func vocabulariesKeepEquivalentTokensApart() throws {
    let json = try Samples.json("bert_uncased")
      .replacing("normalizer", by: .null)
      .replacing("model.vocab.caf\u{E9}", by: 5000)
      .replacing("model.vocab.cafe\u{301}", by: 5001)
    let tokenizer = try Tokenizer(json: json, path: "t")
    #expect(tokenizer.id("caf\u{E9}") == 5000)
    #expect(tokenizer.id("cafe\u{301}") == 5001)
    #expect(
      try tokenizer.encode("cafe\u{301} caf\u{E9}", addSpecialTokens: false).ids == [5001, 5000])
  }

  @Test func addedTokensKeepEquivalentSpellingsApart() throws {
    let json = try Samples.json("gpt2").replacing(
      "added_tokens",
      by: [
        ["id": 400, "content": "<\u{E9}>", "normalized": false],
        ["id": 401, "content": "<e\u{301}>", "normalized": false],
      ])
    let tokenizer = try Tokenizer(json: json, path: "t")
    #expect(try tokenizer.encode("<e\u{301}><\u{E9}>").ids == [401, 400])
    #expect(tokenizer.id("<e\u{301}>") == 401)
  }

  // MARK: vocabulary

  @Test func knowsItsVocabulary() throws {
    let tokenizer = try Samples.tokenizer("roberta")
    let mask = try #require(tokenizer.id("<mask>"))
    #expect(tokenizer.model == "BPE")
    #expect(mask == 380 && tokenizer.isSpecial(mask))
    #expect(tokenizer.vocabularySize == 381)
    #expect(tokenizer.token(mask) == "<mask>")
    #expect(tokenizer.token(-1) == nil && tokenizer.token(381) == nil)
    #expect(tokenizer.token(.max) == nil && tokenizer.id("no such token") == nil)
    #expect(tokenizer.decode([-5, 9_999_999]).isEmpty)
  }

  @Test func leavesSpecialTokensOutWhenAsked() throws {
    let tokenizer = try Samples.tokenizer("bert_uncased")
    let with = try tokenizer.encode("the [MASK]")
    let without = try tokenizer.encode("the [MASK]", addSpecialTokens: false)
    #expect(with.tokens == ["[CLS]"] + without.tokens + ["[SEP]"])
    #expect(with.isSpecial.first == true && with.sequence.first == .some(nil))
    #expect(without.isSpecial == Array(repeating: false, count: without.ids.count))
    #expect(tokenizer.decode(with.ids) == "the")
    #expect(tokenizer.decode(with.ids, skipSpecialTokens: false) == "[CLS] the [MASK] [SEP]")
  }

  // MARK: long texts

  /// Quadratic work on these texts would take minutes to hours; the tests would never end.
  @Test(
    .timeLimit(.minutes(5)),
    arguments: ["bert_uncased", "gpt2", "llama_spm", "qwen2", "xlmr"])
  func endsOnLongTexts(_ name: String) throws {
    let tokenizer = try Samples.tokenizer(name)
    let texts = [
      String(repeating: "ab", count: 500_000),
      "a" + String(repeating: "\u{301}", count: 20_000),
      "a" + String(repeating: "\u{301}\u{323}", count: 10_000),
      String(repeating: " ", count: 200_000),
      String(repeating: "\n", count: 100_000) + "x",
      String(repeating: "<", count: 100_000),
    ]
    for text in texts {
      let encoding = try tokenizer.encode(text)
      let count = text.unicodeScalars.count
      #expect(encoding.offsets.allSatisfy { $0.upperBound <= count })
    }
  }
}

/// Text of many scripts, the same for every seed.
private func randomText(seed: UInt64) -> String {
  let ranges: [ClosedRange<UInt32>] = [
    0x20...0x7E, 0x20...0x20, 0xA0...0x24F, 0x300...0x36F, 0x391...0x3C9, 0x5D0...0x5EA,
    0x4E00...0x4F00, 0x1F600...0x1F64F, 0x0...0x1F,
  ]
  var state = seed
  func next(_ count: UInt32) -> UInt32 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return UInt32(truncatingIfNeeded: state >> 33) % count
  }
  var text = String.UnicodeScalarView()
  for _ in 0..<3000 {
    let range = ranges[Int(next(UInt32(ranges.count)))]
    if let scalar = Unicode.Scalar(range.lowerBound + next(UInt32(range.count))) {
      text.append(scalar)
    }
  }
  return String(text)
}
