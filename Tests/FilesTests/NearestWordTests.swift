import Files
import Testing

/// The words of a mistyped one.
@Suite struct NearestWordTests {
  static let commands = ["explain", "draw", "trace", "train", "models", "temperature", "help"]

  @Test(arguments: [
    ("hepl", "help"), ("explian", "explain"), ("dra", "draw"), ("drwa", "draw"),
    ("model", "models"), ("trcae", "trace"), ("Draw", "draw"), ("temp", "temperature"),
    ("temperatrue", "temperature"), ("trian", "train"),
  ])
  func slipsAreMended(word: String, meant: String) {
    #expect(nearestWord(to: word, among: Self.commands) == meant)
  }

  @Test(arguments: ["xyz", "d", "te", "", "banana", "draw", String(repeating: "draw", count: 9999)])
  func othersAreNot(word: String) {
    #expect(nearestWord(to: word, among: Self.commands) == nil)
  }

  @Test func oneLetterIsNotNearAnother() {
    #expect(nearestWord(to: "x", among: ["q", "k", "v"]) == nil)
    #expect(nearestWord(to: "viz", among: ["grey", "vik"]) == "vik")
  }

  @Test func theNearestGoesFirst() {
    // One slip from "trace", two from "train".
    #expect(nearestWord(to: "trac", among: ["train", "trace"]) == "trace")
    #expect(nearestWord(to: "anything", among: []) == nil)
  }

  @Test func hintsAreQuestions() {
    #expect(Self.commands.hint(for: "hepl", otherwise: "see --help") == "did you mean help?")
    #expect(Self.commands.hint(for: "xyz", otherwise: "see --help") == "see --help")
  }
}
