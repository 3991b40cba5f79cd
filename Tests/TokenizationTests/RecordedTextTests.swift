import Testing
import Tokenization

@Suite struct RecordedTextTests {
  private func words(_ text: RecordedText) -> [Int] { text.tokens.map(\.word) }

  @Test func seesBytesInTheTokens() {
    let text = RecordedText(["The", "Ġca", "t", "Ġæ", "Ŀ", "±", "äº¬", "."])
    #expect(text.text == "The cat 東京.")
    #expect(text.tokens.map(\.text) == ["The", "␣ca", "t", "␣<E6>", "<9D>", "<B1>", "京", "."])
    #expect(text.tokens[4].kind == .partial && text.tokens[4].source == "東")
    #expect(text.tokens[7].kind == .punctuation)
    #expect(words(text)[1] == words(text)[2] && words(text)[0] != words(text)[1])
    // Without Ġ, characters that make sense as bytes only are bytes; others are themselves.
    #expect(RecordedText(["æĿ±", "äº¬"]).text == "東京")
    #expect(RecordedText(["é", "東"]).tokens.map(\.text) == ["é", "東"])
  }

  @Test func seesPiecesOfWords() {
    let text = RecordedText(["[CLS]", "The", "ri", "##ver", ",", "[UNK]", "[SEP]"])
    #expect(text.text == "The river , [UNK]")
    #expect(text.encoding.isSpecial == [true, false, false, false, false, false, true])
    #expect(text.tokens.map(\.kind).suffix(2) == [.unknown, .special])
    #expect(words(text)[2] == words(text)[3] && words(text)[1] != words(text)[2])
    #expect(text.encoding.sequence == [nil, 0, 0, 0, 0, 0, nil])
  }

  @Test func seesSpacesOfBothKinds() {
    let pieces = RecordedText(["▁good", "▁mor", "ning", "<0xF0>", "</s>"])
    #expect(pieces.tokens.map(\.text) == ["␣good", "␣mor", "ning", "<F0>", "</s>"])
    #expect(pieces.tokens[4].kind == .special)
    let plain = RecordedText(["<|endoftext|>", "The", " cat", " sat"])
    #expect(plain.text == "The cat sat")
    #expect(plain.tokens.map(\.text) == ["<|endoftext|>", "The", "␣cat", "␣sat"])
    #expect(plain.encoding.ids == [-1, -1, -1, -1])
  }

  @Test func findsTokensInTheText() {
    let text = RecordedText(["[CLS]", "naive", "cat", "[SEP]"], text: "NAIVE  Cat")
    #expect(text.text == "NAIVE  Cat")
    #expect(text.encoding.offsets == [0..<0, 0..<5, 7..<10, 0..<0])
    #expect(text.tokens[2].source == "Cat")
    // A text that does not have them is put together from the tokens.
    #expect(RecordedText(["naive", "cat"], text: "naïve cat").text == "naive cat")
  }

  @Test func takesRecordedOffsets() {
    let text = RecordedText(
      ["^", "ca", "##t", "$", "dog"], ids: [1, 2, 3, 4, 5],
      offsets: [0..<0, 0..<2, 2..<3, 0..<0, 0..<9_999], text: "CAT", pair: "dog")
    #expect(text.encoding.isSpecial == [true, false, false, true, false])
    #expect(text.encoding.sequence == [nil, 0, 0, nil, 1])
    #expect(text.tokens.map(\.source) == ["", "CA", "T", "", "dog"])
    #expect(text.encoding.ids == [1, 2, 3, 4, 5])
  }
}
