import Files
import TestSupport
import Testing
import Tokenization

/// Files that are broken, hostile or odd.
@Suite struct TokenizerFileTests {
  /// One change to a sound file, and a word of the error that it must end in.
  struct Case: CustomTestStringConvertible, Sendable {
    var path: String
    var value: JSON
    var word: String
    var tokenizer = "gpt2"

    init(_ path: String, _ value: JSON, _ word: String, in tokenizer: String = "gpt2") {
      (self.path, self.value, self.word, self.tokenizer) = (path, value, word, tokenizer)
    }

    var testDescription: String { "\(path) is \(value.text().prefix(60))" }
  }

  static let unknownParts = [
    Case("model.type", "Oracle", "WordPiece"),
    Case("normalizer", ["type": "Telepathy"], "normalizer"),
    Case("pre_tokenizer", ["type": "Telepathy"], "pre_tokenizer"),
    Case("post_processor", ["type": "Telepathy"], "post_processor"),
    Case("decoder", ["type": "Telepathy"], "decoder"),
    Case(
      "pre_tokenizer", ["type": "Sequence", "pretokenizers": [["type": "Telepathy"]]], "Telepathy"),
  ]

  static let wrongKinds = [
    Case("model", .null, "model"),
    Case("model", 7, "model"),
    Case("model.vocab", ["a", "b"], "vocab"),
    Case("model.vocab", .null, "vocab"),
    Case("model.vocab.a", 1.5, "\"a\""),
    Case("model.vocab.a", "1", "\"a\""),
    Case("model.merges", .null, "merges"),
    Case("model.merges", [1, 2], "merge 1"),
    Case("model.merges", ["t h", "th"], "merge 2"),
    Case("model.merges", ["t h e"], "merge 1"),
    Case("model.merges", [["t", "h", "e"]], "merge 1"),
    Case("model.byte_fallback", "yes", "byte_fallback"),
    Case("pre_tokenizer", "ByteLevel", "pre_tokenizer"),
    Case("pre_tokenizer", [:], "type"),
    Case("pre_tokenizer.use_regex", 1, "use_regex"),
    Case("pre_tokenizer", ["type": "Sequence", "pretokenizers": 3], "pretokenizers"),
    Case("decoder", ["type": "Strip", "content": "ab"], "content"),
    Case("added_tokens", [:], "added_tokens"),
    Case("added_tokens.0.id", "380", "id"),
    Case("added_tokens.0.content", 1, "content"),
    Case("added_tokens.0.special", "true", "special"),
    Case("model.vocab.0", ["a"], "piece 0", in: "xlmr"),
    Case("model.vocab.0", ["a", "x"], "piece 0", in: "xlmr"),
    Case("model.unk_token", 5, "unk_token", in: "bert_uncased"),
    Case("model.max_input_chars_per_word", 0.5, "max_input", in: "bert_uncased"),
    Case("post_processor.cls", ["<s>"], "cls", in: "roberta"),
    Case("pre_tokenizer.prepend_scheme", "sometimes", "always, first, never", in: "xlmr_metaspace"),
  ]

  static let wrongIDs = [
    Case("model.vocab.a", -1, "-1"),
    Case("model.vocab.a", 2_147_483_648, "2147483648"),
    Case("model.vocab.a", .integer(.max), "\(Int.max)"),
    Case("model.vocab.a", .number(0x1p63), "\"a\""),
    Case("model.vocab.a", 65, "two tokens have the id 65"),
    Case("added_tokens.0.id", .integer(1 << 40), "\(1 << 40)"),
    Case("added_tokens.0.id", -1, "-1"),
    Case("added_tokens.0.id", 5, "in the vocabulary"),
    Case("model.unk_id", 1_000_000, "unk_id", in: "xlmr"),
    Case("model.unk_id", -1, "unk_id", in: "xlmr"),
    Case("model.vocab", [], "empty", in: "xlmr"),
    Case("post_processor.sep", ["</s>", 1_000_000_000], "1000000000", in: "roberta"),
    Case(
      "post_processor.special_tokens.[CLS].ids", [1_000_000_000], "1000000000",
      in: "bert_uncased"),
    Case("post_processor.special_tokens", [:], "[CLS]", in: "bert_uncased"),
    Case("post_processor.single", ["[CLS]"], "single", in: "bert_uncased"),
  ]

  static let wrongTokens = [
    Case("model.merges", ["Ġ t", "zzz yyy"], "merge 2"),
    Case("model.merges", ["z q"], "merge 1"),
    Case("model.vocab", [:], "merge 1"),
    Case("added_tokens.0.content", "", "empty"),
    Case("added_tokens.0.content", .string(String(repeating: "z", count: 1_000_000)), "1000"),
    Case(
      "added_tokens", [["id": 380, "content": "<x>"], ["id": 381, "content": "<x>"]], "<x>"),
    Case("added_tokens", [["id": 380, "content": "<x>"], ["id": 380, "content": "<y>"]], "<y>"),
  ]

  static let wrongPatterns =
    [
      "(?<", "(?<=a)b", "(a)\\1", "(a+)+$", "(.*)*y", "(x{1000}){1000}", "[a", "a)", "a**", "\\",
      "\\p{Klingon}", "[z-a]", "x{2,1}", "[[:alpha:]]", "[a&&b]",
      String(repeating: "(", count: 5000) + "a" + String(repeating: ")", count: 5000),
      String(repeating: "[", count: 5000), String(repeating: "(a|b)", count: 5000),
    ].map { regex in
      Case(
        "pre_tokenizer",
        ["type": "Split", "pattern": ["Regex": .string(regex)], "behavior": "Isolated"],
        "regular expression")
    } + [
      Case("pre_tokenizer", ["type": "Split", "pattern": "x", "behavior": "Isolated"], "pattern"),
      Case(
        "pre_tokenizer", ["type": "Split", "pattern": ["String": "x"], "behavior": "Eaten"],
        "behavior"),
    ]

  static let wrongMaps = [
    ("@@@", "base64"), ("AAA", "base64"), ("=AAA", "base64"), ("", "ends too early"),
    ("//8AAGFiYw==", "table"), ("AAAAAA==", "table"), ("BAAAAAAAAAD/", "UTF-8"),
  ].map { base64, word in
    Case(
      "normalizer", ["type": "Precompiled", "precompiled_charsmap": .string(base64)], word,
      in: "xlmr")
  }

  @Test(
    arguments: unknownParts + wrongKinds + wrongIDs + wrongTokens + wrongPatterns + wrongMaps)
  func refusesAndSaysWhy(_ broken: Case) throws {
    let json = try Self.sound(broken.tokenizer).replacing(broken.path, by: broken.value)
    let error = fileError { _ = try Tokenizer(json: json, path: "tokenizer.json") }
    let found = try #require(error)
    #expect(found.kind == .badData)
    #expect(found.description.hasPrefix("tokenizer.json: "))
    #expect(found.fact.contains(broken.word), "\(found)")
    #expect(found.fact.utf8.count < 600 && !found.fact.contains("\n"))
  }

  private static func sound(_ name: String) throws -> JSON {
    if name != "xlmr_metaspace" { return try Samples.json(name) }
    return try Samples.json("xlmr").replacing(
      "pre_tokenizer", by: ["type": "Metaspace", "replacement": "▁"])
  }

  @Test(arguments: [JSON.null, 1, "x", [], [:], [[:]]])
  func refusesWhatIsNoTokenizer(_ json: JSON) {
    #expect(fileError { _ = try Tokenizer(json: json, path: "t") }?.kind == .badData)
  }

  @Test func refusesDeepNesting() {
    let deep = "{\"model\":" + String(repeating: "[", count: 100_000)
    #expect(throws: FileError.self) { try JSON(parsing: Array(deep.utf8), path: "t") }
  }

  @Test func readsDeepSequences() throws {
    var part: JSON = ["type": "ByteLevel", "add_prefix_space": false]
    for _ in 0..<60 { part = ["type": "Sequence", "pretokenizers": [part]] }
    let nested = try Tokenizer(
      json: Samples.json("gpt2").replacing("pre_tokenizer", by: part), path: "t")
    let text = "Hello, World!"
    #expect(try nested.encode(text) == Samples.tokenizer("gpt2").encode(text))
  }

  @Test func readsMergesInBothLayouts() throws {
    let json = try Samples.json("gpt2")
    let merges = (json["model"]?["merges"]?.elements ?? []).map { merge -> JSON in
      if let line = merge.string {
        return .array(line.split(separator: " ").map { .string(String($0)) })
      }
      return .string((merge.elements ?? []).compactMap(\.string).joined(separator: " "))
    }
    #expect(!merges.isEmpty)
    let other = try Tokenizer(
      json: json.replacing("model.merges", by: .array(merges)), path: "t")
    let text = "The cat didn't cross the river"
    #expect(try other.encode(text) == Samples.tokenizer("gpt2").encode(text))
  }

  @Test func ignoresTruncationAndPadding() throws {
    let json = try Samples.json("bert_uncased")
      .replacing("truncation", by: ["max_length": 2, "strategy": "LongestFirst", "stride": 0])
      .replacing("padding", by: ["strategy": ["Fixed": 128], "pad_id": 0, "pad_token": "[PAD]"])
    let text = "one two three"
    #expect(
      try Tokenizer(json: json, path: "t").encode(text)
        == Samples.tokenizer("bert_uncased").encode(text))
  }

  /// Maps whose table points anywhere: nothing may be read outside, and the text must survive.
  @Test(arguments: [0x7FFF_FFFF, 0xFFFF_FFFF, 0x0000_0100, 0x0000_0365] as [UInt32])
  func survivesNoiseInCharacterMaps(_ unit: UInt32) throws {
    var state = UInt64(unit) | 1
    let units = (0..<256).flatMap { index -> [UInt8] in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let value = index % 2 == 0 ? unit : UInt32(truncatingIfNeeded: state >> 32)
      return (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let map = base64([0, 4, 0, 0] + units + [0x78, 0])
    let json = try Samples.json("xlmr").replacing(
      "normalizer", by: ["type": "Precompiled", "precompiled_charsmap": .string(map)])
    let encoding = try Tokenizer(json: json, path: "t").encode("héllo ﬁ Ａ\u{0}\u{301}猫🙂")
    #expect(encoding.ids.count > 2)
  }

  @Test func endsWhereATextGrowsWithoutBounds() throws {
    let step: JSON = [
      "type": "Replace", "pattern": ["String": "a"],
      "content": .string(String(repeating: "a", count: 1000)),
    ]
    let tokenizer = try Tokenizer(
      json: Samples.json("gpt2").replacing(
        "normalizer", by: ["type": "Sequence", "normalizers": [step, step, step, step]]), path: "t")
    #expect(throws: TokenizationError.self) { try tokenizer.encode("a") }
  }

  @Test(arguments: ["", "x*", "(?=a)", "$", "^"])
  func endsOnEmptyMatches(_ regex: String) throws {
    let tokenizer = try Tokenizer(
      json: Samples.json("gpt2").replacing(
        "pre_tokenizer",
        by: [
          "type": "Split", "pattern": ["Regex": .string(regex)], "behavior": "Isolated",
        ]), path: "t")
    #expect(try tokenizer.decode(tokenizer.encode("aaxxaa\naa").ids) == "aaxxaaaa")
  }

  @Test func saysWhenAPatternTakesTooManySteps() throws {
    let tokenizer = try Tokenizer(
      json: Samples.json("gpt2").replacing(
        "pre_tokenizer",
        by: [
          "type": "Split", "pattern": ["Regex": "a*a*a*a*a*a*b"], "behavior": "Isolated",
        ]), path: "t")
    #expect(throws: TokenizationError.self) {
      try tokenizer.encode(String(repeating: "a", count: 2000))
    }
  }

  @Test func refusesTextsItCannotExpress() throws {
    let noUnknown = try Tokenizer(
      json: Samples.json("bert_uncased").replacing("model.unk_token", by: "[NONE]"), path: "t")
    #expect(throws: TokenizationError.self) { try noUnknown.encode("\u{1F9FF}") }
    let unigram = try Tokenizer(
      json: Samples.json("xlmr").replacing("model.unk_id", by: .null), path: "t")
    #expect(throws: TokenizationError.self) { try unigram.encode("\u{1F9FF}") }
  }
}

/// Base64 of bytes (RFC 4648), for lengths that may need padding.
private func base64(_ bytes: [UInt8]) -> String {
  let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  var text = ""
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let group = bytes[start..<min(start + 3, bytes.count)]
    let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
    for place in 0..<4 {
      text.append(place <= group.count ? digits[bits >> (18 - 6 * place) & 63] : "=")
    }
  }
  return text
}
