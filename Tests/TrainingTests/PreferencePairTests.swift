import Files
import TestSupport
import Testing
import Tokenization
import Training

@Suite struct PreferencePairTests {
  static let pair = PreferencePair(
    prompt: .init("löwe:", ids: [2, 5, 6]), chosen: .init(" a \"cat\"\n", ids: [7, 3]),
    rejected: .init(" a", ids: [8]), source: .rule("animals"), isFlipped: true)

  @Test func whatIsWrittenIsRead() throws {
    var mine = Self.pair
    (mine.source, mine.isFlipped) = (.person, nil)
    try withTemporaryFolder { folder in
      let path = folder + "/pairs.jsonl"
      try writeFile(path, PreferencePair.lines([Self.pair, mine]) + "\n  \n")
      let tokenizer = try AlignmentFixture.start(steps: 1).tokenizer
      #expect(
        try PreferencePair.read(path, tokenizer: tokenizer, endToken: 3) == [Self.pair, mine])
    }
  }

  @Test func textsWithoutTokensAreCut() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/pairs.jsonl"
      try writeFile(path, #"{"prompt": "it:", "chosen": " a cat", "rejected": " a"}"#)
      let start = try AlignmentFixture.start(steps: 1)
      let (tokenizer, end) = (start.tokenizer, try #require(start.ends.min()))
      let pair = try #require(
        try PreferencePair.read(path, tokenizer: tokenizer, endToken: end).first)
      #expect(pair.prompt.ids == (try tokenizer.encode("it:").ids))
      #expect(pair.chosen.ids.last == end)
      #expect(tokenizer.decode(pair.chosen.ids) == " a cat")
      #expect(pair.source == .person)
    }
  }

  @Test(arguments: [
    #"{"prompt": "a", "chosen": "b"}"#, #"{"prompt": "a", "chosen": "b", "rejected": "b"}"#,
    #"{"prompt": "a", "chosen": "b", "rejected": "c", "chosen_ids": [1, "x"]}"#,
    #"{"prompt": "a", "chosen": "b", "rejected": "c", "chosen_ids": [-1]}"#,
    #"{"prompt": "a", "chosen": "b", "rejected": "c", "source": "oracle"}"#, "[]", "{",
  ])
  func brokenLinesAreRefused(_ line: String) throws {
    #expect(throws: FileError.self) {
      try PreferencePair(JSON(parsing: Array(line.utf8), path: "line"), path: "line")
    }
  }
}
