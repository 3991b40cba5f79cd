import Files
import TestSupport
import Testing

/// The calls of the alignment lab, with the smallest of everything.
@Suite struct AlignTests {
  @Test func threeStepsGoThrough() throws {
    try withTemporaryFolder { folder in
      let small = [
        "--model", "tiny-gpt", "--length", "4", "--prompt-count", "6", "-q",
      ]
      let pairs = folder + "/pairs.jsonl"
      let made = try Program.run(
        ["align", "prefer", "--rule", "shorter", "--count", "8", "--noise", "0.1", "-o", pairs]
          + small)
      #expect(made.code == 0 && made.error.isEmpty)
      let learned = try Program.run([
        "align", "reward", "--model", "tiny-gpt", "--pairs", pairs, "--epochs", "1", "-o",
        folder + "/reward", "--json", "-q",
      ])
      #expect(learned.code == 0)
      let reward = try JSON(parsing: Array(learned.out.utf8), path: "out")
      #expect(reward["schema"] == "attnviz.reward/1" && reward["rule"] == "shorter")
      let call = [
        "align", "policy", "--reward", folder + "/reward", "--iterations", "2", "--batch", "4",
        "--epochs", "1", "-o", folder + "/policy",
      ]
      #expect(try Program.run(call + small).code == 0)
      let log = try Fixtures.json(folder + "/policy/alignment.json")
      #expect(log["schema"] == "attnviz.alignment/1" && log["iterations"]?.elements?.count == 2)
      // The folder holds a run already.
      #expect(try Program.run(call + small).code == 64)
      let next = try Program.run([
        "generate", "--model", folder + "/policy", "--greedy", "--max-new-tokens", "3", "lion:",
      ])
      #expect(next.code == 0)
    }
  }

  private static let wrong: [String] = [
    "64 prefer --rule nicer",
    "64 prefer --rule ends --noise 2",
    "65 prefer --rule ends --model tiny-bert",
    "64 prefer --rule ends --length 500 --model tiny-gpt",
    "66 reward --pairs /nowhere.jsonl -o /nowhere/x --model tiny-gpt",
    "64 policy -o /nowhere/run",
    "66 policy --reward /nowhere -o /nowhere/run --model tiny-gpt",
    "64 policy --resume -o /nowhere/run",
    "64 demo --kl 0,-1",
    "64 demo -o -",
  ]

  /// Calls, each behind its exit code.
  @Test(arguments: wrong)
  func whatIsWrongIsSaid(_ call: String) throws {
    let words = call.split(separator: " ").map(String.init)
    let code = Int32(words[0])
    let result = try Program.run(["align"] + words.dropFirst())
    #expect(result.code == code, "\(result.error)")
    #expect(!result.error.isEmpty && result.out.isEmpty)
  }

  @Test func brokenPairsAreNamedByTheirLine() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/pairs.jsonl"
      try writeFile(
        path, "{\"prompt\": \"a:\", \"chosen\": \"b\", \"rejected\": \"c\"}\n{\"prompt\": 3}\n")
      let result = try Program.run([
        "align", "reward", "--model", "tiny-gpt", "--pairs", path, "-o", folder + "/r",
      ])
      #expect(result.code == 65 && result.error.contains("line 2"))
    }
  }
}
