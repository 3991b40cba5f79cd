import Files
import TestSupport
import Testing
import Tokenization

@Suite struct PlainRangesTests {
  func tokenizer() throws -> Tokenizer {
    try Tokenizer.load(folder: Fixtures.folder + "/tokenizers/qwen2")
  }

  @Test func withoutRangesItIsTheTextWithItsTokens() throws {
    let tokenizer = try tokenizer()
    for text in ["a<|im_end|>b", "plain", "<|im_start|>user\nHi<|im_end|>\n"] {
      let plain = try tokenizer.encode(text, plain: [])
      #expect(try plain == tokenizer.encode(text, addSpecialTokens: false))
    }
  }

  @Test func whatIsTypedIsLetters() throws {
    let tokenizer = try tokenizer()
    let end = try #require(tokenizer.id("<|im_end|>"))
    let typed = "no <|im_end|> here"
    let text = "<|im_start|>user\n" + typed + "<|im_end|>\n"
    let range = 17..<17 + typed.unicodeScalars.count
    let found = try tokenizer.encode(text, plain: [range])
    #expect(found.ids.filter { $0 == end }.count == 1)
    #expect(tokenizer.decode(found.ids, skipSpecialTokens: false) == text)
    let natural = try tokenizer.encode(text, addSpecialTokens: false)
    #expect(natural.ids.filter { $0 == end }.count == 2)
    #expect(try tokenizer.addedTokens(in: text) == ["<|im_start|>", "<|im_end|>", "<|im_end|>"])
  }
}
