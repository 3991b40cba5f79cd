import Files
import Testing
import Training

@Suite struct CorpusTests {
  @Test func linesThatAreNoPairsAreNamed() {
    #expect(throws: FileError.self) { try Corpus.pairs(in: "a\tb\nc", path: "pairs") }
    #expect(throws: FileError.self) { try Corpus.pairs(in: "a\tb\tc", path: "pairs") }
    #expect(throws: FileError.self) { try Corpus.pairs(in: "\tb", path: "pairs") }
    let error = #expect(throws: FileError.self) {
      try Corpus.pairs(in: "a\tb\n\nc\n", path: "pairs")
    }
    #expect(error?.description.contains("line 3") == true)
  }

  @Test func linesMayEndAsOnWindows() throws {
    let pairs = try Corpus.pairs(in: "a b\tc\r\nd\te\r\n", path: "pairs")
    #expect(pairs.map(\.source) == ["a b", "d"] && pairs.map(\.target) == ["c", "e"])
  }

  @Test func everyPairComesOnceARound() {
    let pairs = (0..<35).map { Corpus.Pair(source: [$0 + 1], target: [0]) }
    let batches = Batches(
      .pairs(pairs, kept: []), .translation(start: 0), context: 8, vocabulary: 40, seed: 5)
    let drawn = (0..<14).flatMap { batches.batch(step: $0, count: 5) }.map { $0.source[0] }
    #expect(drawn.prefix(35).sorted() == Array(1...35))
    #expect(drawn.suffix(35).sorted() == Array(1...35))
    #expect(drawn.prefix(35) != drawn.suffix(35))
  }

  @Test func windowsAreOfTheText() {
    let tokens = (0..<200).map { $0 * 3 }
    let batches = Batches(
      .text(tokens: tokens, kept: tokens), .nextToken, context: 10, vocabulary: 600, seed: 1)
    for example in batches.batch(step: 3, count: 20) + batches.kept(most: 4) {
      #expect(example.tokens.count == 10)
      #expect(zip(example.tokens, example.answers).allSatisfy { $1 == $0 + 3 })
    }
    #expect(batches.batch(step: 3, count: 20) == batches.batch(step: 3, count: 20))
    #expect(batches.batch(step: 3, count: 20) != batches.batch(step: 4, count: 20))
  }

  @Test func someTokensAreHidden() {
    let batches = Batches(
      .text(tokens: Array(repeating: 50, count: 4000), kept: []),
      .maskedToken(mask: 1, before: 2, after: 3), context: 42, vocabulary: 40, seed: 1)
    let examples = (0..<100).flatMap { batches.batch(step: $0, count: 5) }
    let places = examples.reduce(0) { $0 + $1.places.count }
    #expect(abs(Double(places) / 20_000 - 0.15) < 0.01)
    var counts = (masked: 0, same: 0)
    for example in examples {
      #expect(example.tokens.first == 2 && example.tokens.last == 3)
      #expect(example.answers.allSatisfy { $0 == 50 })
      for place in example.places {
        counts.masked += example.tokens[place] == 1 ? 1 : 0
        counts.same += example.tokens[place] == 50 ? 1 : 0
      }
    }
    #expect(abs(Double(counts.masked) / Double(places) - 0.8) < 0.03)
    #expect(abs(Double(counts.same) / Double(places) - 0.1) < 0.02)
  }

  static let lines = Corpus.Lines(
    texts: (1...50).map { [$0 * 10, $0 * 10 + 1, $0 * 10 + 2] },
    kept: [[600, 601, 602], [610, 611, 612]], before: 1, after: 2)

  @Test func linesFollowEachOther() {
    let batches = Batches(.lines(Self.lines), .nextToken, context: 10, vocabulary: 700, seed: 1)
    var alone = 0
    for example in (0..<20).flatMap({ batches.batch(step: $0, count: 10) }) {
      let read = example.tokens + example.answers.suffix(1)
      #expect(read[0] == 1 && read.count <= 11 && example.answers == Array(read.dropFirst()))
      let first = read[1]
      #expect(first % 10 == 0)
      let expected = Self.lines.texts.dropFirst(first / 10 - 1).flatMap { $0 + [2] }
      #expect(read.dropFirst().elementsEqual(expected.prefix(read.count - 1)))
      alone += read.count == 5 && first != 500 ? 1 : 0
    }
    #expect(abs(Double(alone) / 200 - 0.25) < 0.1)
    #expect(batches.kept(most: 5).map(\.tokens) == [[1, 600, 601, 602], [1, 610, 611, 612]])
  }

  @Test func wordsOfLinesAreHiddenAndWhatEndsThemIsNot() {
    let batches = Batches(
      .lines(Self.lines), .maskedToken(mask: 3, before: 1, after: 2), context: 10,
      vocabulary: 700, seed: 1)
    for example in (0..<20).flatMap({ batches.batch(step: $0, count: 10) }) {
      #expect(example.tokens[0] == 1 && example.tokens.count <= 10)
      #expect(!example.places.isEmpty && example.answers.allSatisfy { $0 >= 10 })
      for (place, token) in example.tokens.enumerated() where !example.places.contains(place) {
        #expect(place % 4 == 0 ? token == (place == 0 ? 1 : 2) : token >= 10)
      }
    }
  }

  @Test func aCorpusOfNothingIsAProblem() {
    let nothing = Corpus.Lines(texts: [], kept: [], before: 1, after: 2)
    #expect(Batches(.lines(nothing), .nextToken, context: 8, vocabulary: 9, seed: 0).problem != nil)
  }
}
