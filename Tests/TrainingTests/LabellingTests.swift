import Files
import TestSupport
import Testing
import Training

@Suite struct LabellingTests {
  static func candidates(_ count: Int) -> [Comparison] {
    (0..<count).map {
      Comparison(
        number: $0, prompt: .init("p\($0)", ids: [$0]),
        left: .init(.init("a\($0)", ids: [1, $0]), policy: "one"),
        right: .init(.init("b\($0) 東京", ids: [2, $0]), policy: "two"), choice: .skip)
    }
  }

  /// The sides depend on the seed alone, and are about as often turned as not.
  @Test func sidesAreDrawn() {
    let all = Labelling(Self.candidates(400), seed: 3).candidates
    #expect(all == Labelling(Self.candidates(400), seed: 3).candidates)
    #expect(all != Labelling(Self.candidates(400), seed: 4).candidates)
    let turned = all.count { $0.left.policy == "two" }
    // Five standard deviations.
    #expect((150...250).contains(turned))
    #expect(all.allSatisfy { $0.left.text.text.hasPrefix($0.left.policy == "one" ? "a" : "b") })
  }

  @Test func answersAreUndone() {
    var labelling = Labelling(Self.candidates(3), seed: 0)
    let first = labelling.undo()
    #expect(!first)
    labelling.say(.left)
    labelling.say(.tie)
    #expect(labelling.next?.number == 2)
    let second = labelling.undo()
    #expect(second && labelling.next?.number == 1)
    labelling.say(.right)
    labelling.say(.skip)
    labelling.say(.left)
    #expect(labelling.next == nil && labelling.labels.count == 3)
    #expect(labelling.leftChoices == (1, 2))
  }

  /// What is written is read again, and a session goes on from it.
  @Test func goesOn() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/labels.jsonl"
      var labelling = Labelling(Self.candidates(5), seed: 1)
      for choice in [Comparison.Choice.left, .right, .tie, .skip] { labelling.say(choice) }
      try writeFile(path, Comparison.lines(labelling.labels))
      let read = try Comparison.read(path)
      #expect(read == labelling.labels)
      var next = Labelling(Self.candidates(5), seed: 1)
      try next.resume(read, path: path)
      #expect(next == labelling && next.next?.number == 4)
      // Sides that lay otherwise, and other texts.
      var other = Labelling(Self.candidates(5), seed: 2)
      #expect(throws: FileError.self) { try other.resume(read, path: path) }
      var fewer = Labelling(Self.candidates(2), seed: 1)
      #expect(throws: FileError.self) { try fewer.resume(read, path: path) }
    }
  }

  /// Choices are pairs for a reward model; ties and skips are not.
  @Test func choicesArePairs() {
    var labelling = Labelling(Self.candidates(4), seed: 1)
    for choice in Comparison.Choice.allCases { labelling.say(choice) }
    let pairs = labelling.labels.map(\.pair)
    #expect(pairs[2] == nil && pairs[3] == nil)
    #expect(pairs[0]?.chosen == labelling.labels[0].left.text)
    #expect(pairs[1]?.chosen == labelling.labels[1].right.text)
    #expect(pairs[1]?.rejected == labelling.labels[1].left.text)
  }

  static let broken = [
    "{", "[]", #"{"prompt": "a"}"#, #"{"prompt": "a", "left": "b"}"#,
    #"{"prompt": "a", "left": "b", "right": "c", "choice": "left"}"#,
    #"{"prompt": "a", "left": "b", "right": "c", "choice": "both"}"#,
    #"{"prompt": 3, "chosen": "b", "rejected": "c"}"#,
  ]

  @Test(arguments: broken) func brokenLinesAreErrors(_ line: String) throws {
    try withTemporaryFolder { folder in
      try writeFile(folder + "/a.jsonl", line + "\n")
      #expect(throws: FileError.self) { try Comparison.read(folder + "/a.jsonl") }
    }
  }

  /// Matches count choices and ties of two named policies.
  @Test func matchesOfComparisons() {
    var labelling = Labelling(Self.candidates(4), seed: 1)
    for choice in Comparison.Choice.allCases { labelling.say(choice) }
    var nameless = labelling.labels[0]
    nameless.left.policy = nil
    var alone = labelling.labels[0]
    alone.left.policy = alone.right.policy
    let matches = Matches(labelling.labels + [nameless, alone])
    #expect(matches.all.count == 3 && matches.ties == 1)
    #expect(Set(matches.names) == ["one", "two"])
  }
}
