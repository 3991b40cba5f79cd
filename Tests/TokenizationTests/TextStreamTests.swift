import Files
import TestSupport
import Testing
import Tokenization

@Suite struct TextStreamTests {
  static let names = ["gpt2", "llama_spm", "qwen2", "xlmr", "bert_uncased"]
  static let texts = [
    "Hello world.", " leading, and  two spaces", "naïve 日本語 🙂👩‍👩‍👧 é̃", "a\nb\t\u{FFFD}c", "नमस्ते דוגמה",
    "",
  ]

  func tokenizer(_ name: String) throws -> Tokenizer {
    try Tokenizer.load(folder: Fixtures.folder + "/tokenizers/" + name)
  }

  @Test(arguments: names)
  func allPiecesAreTheText(name: String) throws {
    let tokenizer = try tokenizer(name)
    for text in Self.texts {
      let ids = try tokenizer.encode(text, addSpecialTokens: false).ids
      for cut in 0...ids.count {
        var stream = TextStream(tokenizer)
        let pieces = ids.prefix(cut).map { stream.append($0) }
        // Nothing that is given out has to be taken back.
        #expect(tokenizer.decode(Array(ids.prefix(cut))).utf8.starts(with: pieces.joined().utf8))
        #expect(pieces.joined() + stream.finish() == tokenizer.decode(Array(ids.prefix(cut))))
      }
    }
  }

  @Test func givesOutWholeCharacters() throws {
    let tokenizer = try tokenizer("gpt2")
    let ids = try tokenizer.encode("a日b", addSpecialTokens: false).ids
    var stream = TextStream(tokenizer)
    let pieces = ids.map { stream.append($0) }
    #expect(pieces.filter { !$0.isEmpty }.allSatisfy { !$0.contains("\u{FFFD}") })
    #expect(pieces.contains { $0.hasSuffix("日") } && pieces.contains(""))
  }

  /// A text cut into a prompt and generated tokens keeps its characters and where they are.
  @Test(arguments: ["gpt2", "llama_spm"])
  func continuesAnEncoding(name: String) throws {
    let tokenizer = try tokenizer(name)
    let text = "Hello wide 日本 world"
    let whole = try tokenizer.encode(text)
    for prompt in ["Hello", "Hello wide"] {
      let start = try tokenizer.encode(prompt)
      guard whole.ids.starts(with: start.ids) else { continue }
      let rest = Array(whole.ids.dropFirst(start.ids.count))
      let found = tokenizer.continuing(start, of: prompt, with: rest)
      #expect(found.text == text)
      #expect(found.encoding.ids == whole.ids && found.encoding.tokens == whole.tokens)
      #expect(found.encoding.offsets.last?.upperBound == text.unicodeScalars.count)
      for (a, b) in zip(found.encoding.offsets, found.encoding.offsets.dropFirst()) {
        #expect(a == b || a.upperBound == b.lowerBound || a.isEmpty)
      }
    }
  }

  @Test func specialTokensStandForNoText() throws {
    let tokenizer = try tokenizer("gpt2")
    let special = try #require(tokenizer.id("<|endoftext|>"))
    let start = try tokenizer.encode("Hi")
    let found = tokenizer.continuing(start, of: "Hi", with: [special])
    #expect(found.text == "Hi")
    #expect(found.encoding.offsets.last == 2..<2 && found.encoding.isSpecial.last == true)
  }
}
