import Files
import Testing
import Tokenization

@Suite struct DisplayTests {
  private func show(
    _ name: String, _ text: String, pair: String? = nil
  ) throws -> [DisplayToken] {
    let tokenizer = try Samples.tokenizer(name)
    return tokenizer.display(try tokenizer.encode(text, pair: pair), text: text, pair: pair)
  }

  // MARK: words

  @Test func wordPiecesShowNoMarksAndShareTheirWord() throws {
    let tokens = try show("bert_uncased", "the walking river")
    #expect(tokens.map(\.text) == ["[CLS]", "the", "w", "al", "k", "ing", "river", "[SEP]"])
    #expect(tokens.map(\.raw)[2...5] == ["w", "##al", "##k", "##ing"])
    #expect(tokens.map(\.word) == [0, 1, 2, 2, 2, 2, 3, 4])
    #expect(tokens.map(\.kind) == [.special] + Array(repeating: .word, count: 6) + [.special])
  }

  @Test func normalizedTextKeepsItsSource() throws {
    let tokens = try show("bert_uncased", "Naïve")[1...].dropLast()
    #expect(tokens.map(\.text).joined() == "naive")
    #expect(tokens.map(\.source).joined() == "Naïve")
    #expect(Set(tokens.map(\.word)) == [1])
    let json = try Samples.json("bert_uncased").replacing("model.vocab.naive", by: 5000)
    let tokenizer = try Tokenizer(json: json, path: "t")
    let whole = tokenizer.display(try tokenizer.encode("Naïve"), text: "Naïve")
    #expect(whole.count == 3 && whole[1].text == "naive" && whole[1].source == "Naïve")
  }

  @Test func byteLevelWordsBeginAtSpaces() throws {
    let tokens = try show("gpt2", "The walking")
    #expect(tokens.map(\.text) == ["The", "␣wa", "l", "k", "ing"])
    #expect(tokens.map(\.raw) == ["The", "Ġwa", "l", "k", "ing"])
    #expect(tokens.map(\.source).joined() == "The walking")
    #expect(tokens.map(\.word) == [0, 1, 1, 1, 1])
  }

  @Test func metaspaceWordsBeginAtSpaces() throws {
    let tokens = try show("llama_spm", "the walk")
    #expect(tokens.map(\.text) == ["<s>", "␣the", "␣wa", "l", "k"])
    #expect(tokens.map(\.raw) == ["<s>", "▁the", "▁wa", "l", "k"])
    #expect(tokens.map(\.word) == [0, 1, 2, 2, 2])
  }

  @Test func wordSuffixesAreNotShown() throws {
    let tokens = try show("clip", "the river rain")
    #expect(tokens[1...3].map(\.raw) == ["the</w>", "river</w>", "rain</w>"])
    #expect(tokens[1...3].map(\.text) == ["the", "river", "rain"])
    #expect(tokens.map(\.word) == [0, 1, 2, 3, 4])
  }

  @Test func textsOfAPairHaveTheirOwnSourcesAndWords() throws {
    let tokens = try show("bert_uncased", "Rain", pair: "RIVER")
    #expect(tokens.map(\.text) == ["[CLS]", "rain", "[SEP]", "river", "[SEP]"])
    #expect(tokens.map(\.source) == ["", "Rain", "", "RIVER", ""])
    #expect(tokens.map(\.word) == [0, 1, 2, 3, 4])
  }

  // MARK: kinds

  @Test func unknownTokensShowTheirSource() throws {
    let tokens = try show("bert_uncased", "the \u{1F9FF} river")
    #expect(tokens[2].kind == .unknown && tokens[2].text == "[UNK]")
    #expect(tokens[2].source == "\u{1F9FF}")
    #expect(tokens.map(\.word) == [0, 1, 2, 3, 4])
  }

  @Test func specialTokensInTheTextHaveASource() throws {
    let tokens = try show("bert_uncased", "the [MASK]")
    #expect(tokens.map(\.kind) == [.special, .word, .special, .special])
    #expect(tokens.map(\.source) == ["", "the", "[MASK]", ""])
    let end = try show("gpt2", "a<|endoftext|>b")
    #expect(end.map(\.text) == ["a", "<|endoftext|>", "b"])
    #expect(end.map(\.kind) == [.word, .special, .word])
    #expect(end.map(\.word) == [0, 1, 2])
  }

  @Test func punctuationIsToldApart() throws {
    let tokens = try show("bert_uncased", "the, (river)!")
    #expect(tokens.map(\.text) == ["[CLS]", "the", ",", "(", "river", ")", "!", "[SEP]"])
    #expect(
      tokens.map(\.kind) == [
        .special, .word, .punctuation, .punctuation, .word, .punctuation, .punctuation, .special,
      ])
    #expect(Set(tokens.map(\.word)).count == tokens.count)
    let spaced = try show("gpt2", "a + b")
    #expect(spaced.map(\.text) == ["a", "␣+", "␣b"])
    #expect(spaced.map(\.kind) == [.word, .punctuation, .word])
  }

  // MARK: characters

  @Test func whiteSpaceIsShown() throws {
    #expect(try show("gpt2", "a\n\tb ").map(\.text) == ["a", "⏎", "⇥", "b", "␣"])
    #expect(try show("llama_spm", "a\n\tb").map(\.text) == ["<s>", "␣a", "⏎", "⇥", "b"])
    let spaces = try tokenizer(adding: ["  \n  a  "])
    #expect(spaces.display(ids: [600]).map(\.text) == ["␣␣⏎  a␣␣"])
  }

  @Test func partsOfACharacterShowTheirBytesAndItsSource() throws {
    let tokens = try show("gpt2", "a\u{1F642}b")
    #expect(tokens.map(\.text) == ["a", "<F0 9F>", "<99>", "<82>", "b"])
    #expect(tokens.map(\.kind) == [.word, .partial, .partial, .partial, .word])
    #expect(tokens.map(\.source) == ["a", "\u{1F642}", "\u{1F642}", "\u{1F642}", "b"])
    #expect(tokens.map(\.word) == [0, 1, 1, 1, 2])
    let letters = try show("gpt2", "naïve")
    #expect(letters.map(\.text) == ["n", "a", "<C3>", "<AF>", "ve"])
    #expect(letters.map(\.source) == ["n", "a", "ï", "ï", "ve"])
    #expect(Set(letters.map(\.word)) == [0])
    let fallback = try show("llama_spm", "\u{1F642}")
    #expect(fallback.map(\.text) == ["<s>", "␣", "<F0>", "<9F>", "<99>", "<82>"])
    #expect(fallback.map(\.kind)[2...] == [.partial, .partial, .partial, .partial])
    #expect(fallback[2...].allSatisfy { $0.source == "\u{1F642}" && $0.word == fallback[2].word })
  }

  @Test func neighbouringCharactersOfPartsStayApart() throws {
    let tokens = try show("gpt2", "\u{1F642}\u{1F642}")
    let words = tokens.map(\.word)
    #expect(tokens.count == 6 && Set(words[..<3]).count == 1 && Set(words[3...]).count == 1)
    #expect(words.first != words.last)
  }

  @Test func controlsAndDirectionMarksAreShown() throws {
    let shown = [
      "\u{202E}": "<U+202E>", "x\u{202E}y": "x<U+202E>y", "\u{1B}[31m": "<U+001B>[31m",
      "\u{9B}2J": "<U+009B>2J", "\u{200B}": "<U+200B>", "\u{FE0F}": "<U+FE0F>",
      "\u{A0}": "<U+00A0>", "a\u{3000}b": "a<U+3000>b", "\r": "<U+000D>", "\u{0}": "<U+0000>",
      "a\u{61C}b": "a<U+061C>b", "\u{2028}": "<U+2028>", "\u{301}": "◌\u{301}",
      "e\u{301}": "e\u{301}", "\u{E0067}": "<U+E0067>",
    ]
    for (content, text) in shown {
      for isSpecial in [false, true] {
        let token = try tokenizer(adding: [content], isSpecial: isSpecial).display(ids: [600])[0]
        #expect(bytesEqual(token.text, text), "\(token.text.debugDescription)")
        #expect(bytesEqual(token.raw, content))
      }
    }
  }

  @Test(arguments: ["bert_uncased", "clip", "gpt2", "llama_spm", "qwen2", "roberta", "xlmr"])
  func noTextIsEmptyOrHidden(_ name: String) throws {
    let tokenizer = try Samples.tokenizer(name)
    for text in try Samples.texts(name) + ["##", "a ## b", "▁▁"] {
      let encoding = try tokenizer.encode(text)
      let tokens = tokenizer.display(encoding, text: text)
      #expect(tokens.count == encoding.ids.count)
      for token in tokens {
        #expect(!token.text.isEmpty && token.text.visible == token.text)
        #expect(!token.text.hasPrefix(" ") && !token.text.hasSuffix(" "))
      }
      for (token, next) in zip(tokens, tokens.dropFirst()) {
        #expect(next.word == token.word || next.word == token.word + 1)
      }
      #expect(tokens.first?.word ?? 0 == 0)
    }
    let all = tokenizer.display(ids: Array(-1...tokenizer.vocabularySize))
    #expect(all.allSatisfy { !$0.text.isEmpty && $0.text.visible == $0.text })
    #expect(all.first?.text == "<-1>")
  }

  // MARK: generated tokens

  @Test func generatedTokensHaveTheTextTheyStandForAsSource() throws {
    let tokenizer = try Samples.tokenizer("gpt2")
    let text = "The walking 🙂!"
    let tokens = tokenizer.display(
      ids: try tokenizer.encode(text, addSpecialTokens: false).ids + [380])
    #expect(
      tokens.map(\.text) == [
        "The", "␣wa", "l", "k", "ing", "␣<F0 9F>", "<99>", "<82>", "!", "<|endoftext|>",
      ])
    #expect(tokens[..<5].map(\.source).joined() == "The walking")
    #expect(tokens[5...7].map(\.kind) == [.partial, .partial, .partial])
    #expect(tokens[5...7].allSatisfy { $0.source.hasSuffix("🙂") })
    #expect(tokens[8].kind == .punctuation && tokens[9].kind == .special)
    #expect(tokenizer.display(ids: []).isEmpty)
  }

  @Test func bytesThatNeverBecomeACharacterAreShown() throws {
    let tokenizer = try Samples.tokenizer("gpt2")
    let half = try #require(tokenizer.id("ðŁ"))
    let tokens = tokenizer.display(ids: [half, 64])
    #expect(tokens.map(\.text) == ["<F0 9F>", "a"])
    #expect(tokens.map(\.kind) == [.partial, .word])
  }

  /// GPT-2's tokenizer with other added tokens, from id 600.
  private func tokenizer(adding tokens: [String], isSpecial: Bool = false) throws -> Tokenizer {
    let added = tokens.enumerated().map { index, content -> JSON in
      ["id": .integer(600 + index), "content": .string(content), "special": .bool(isSpecial)]
    }
    return try Tokenizer(
      json: Samples.json("gpt2").replacing("added_tokens", by: .array(added)), path: "t")
  }
}
