import Files
import TestSupport
import Testing

/// `attnviz align label` and what is made of it.
@Suite struct AlignLabelTests {
  private static func texts(_ count: Int) -> String {
    (0..<count).map { number in
      """
      {"prompt": "lion \(number):", "left": "it ran 東京 \(number) and slept under a very large old tree until the evening", \
      "right": "it sat.", "left_policy": "before", "right_policy": "after"}

      """
    }.joined()
  }

  /// Choices, a tie, a skip, taking back, a wrong key and stopping; the same call goes on.
  @Test func aPersonCompares() throws {
    try withTemporaryFolder { folder in
      let (texts, labels) = (folder + "/texts.jsonl", folder + "/mine.jsonl")
      try writeFile(texts, Self.texts(4))
      let call = ["align", "label", texts, "-o", labels, "--seed", "5"]
      let first = try PseudoTerminal.run(call, typing: "l\nx\nt\nu\nr\nq\n")
      #expect(first.code == 0, "\(first)")
      #expect(first.out.contains("please type one of") && first.out.contains("pair 3 of 4"))
      let lines = first.out.split(whereSeparator: \.isNewline)
      #expect(lines.allSatisfy { $0.count <= 80 } && !first.out.contains("\u{1B}"))
      #expect(try Self.choices(labels) == ["left", "right"])
      let second = try PseudoTerminal.run(call, typing: "tie\nS\n")
      #expect(second.code == 0 && second.error.contains("going on after 2 of 4"), "\(second)")
      #expect(second.error.contains("4 of 4 compared"))
      #expect(try Self.choices(labels) == ["left", "right", "tie", "skip"])
      // Two choices and a tie between two policies.
      let scores = try Program.run(["align", "scores", "--json", labels])
      let json = try JSON(parsing: Array(scores.out.utf8), path: "scores")
      #expect(json["comparisons"] == 3 && json["ties"] == 1, "\(scores)")
      // Other sides are other labels.
      let other = try PseudoTerminal.run(
        ["align", "label", texts, "-o", labels, "--seed", "6"], typing: "q\n")
      #expect(other.code == 65 && other.error.contains("another --seed"), "\(other)")
    }
  }

  /// A tie that is taken back at the end of the input is gone.
  @Test func theEndOfInputStops() throws {
    try withTemporaryFolder { folder in
      let (texts, labels) = (folder + "/texts.jsonl", folder + "/mine.jsonl")
      try writeFile(texts, Self.texts(3))
      let run = try PseudoTerminal.run(
        ["align", "label", texts, "-o", labels], typing: "u\nt\nu\n\u{4}")
      #expect(run.code == 0 && run.out.contains("there is nothing to take back"), "\(run)")
      #expect(try readFile(labels).isEmpty)
    }
  }

  /// Nothing is asked where nobody can answer.
  @Test func asksOnlyOnATerminal() throws {
    try withTemporaryFolder { folder in
      let texts = folder + "/texts.jsonl"
      try writeFile(texts, Self.texts(2))
      let run = try Program.run(
        ["align", "label", texts, "-o", folder + "/mine.jsonl"], input: "l\nl\n")
      #expect(run.code == 69 && run.out.isEmpty && run.error.contains("no terminal"), "\(run)")
      #expect(!fileExists(folder + "/mine.jsonl"))
    }
  }

  @Test func mistakesAreSaid() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a.jsonl"
      try writeFile(path, "{\"prompt\": \"a\"}\n")
      let calls: [([String], Int32, String)] = [
        (["label", path, "-o", "-"], 64, "-o names a file"),
        (["label", path, "-o", folder + "/b"], 65, "line 1"),
        (["label", folder + "/none", "-o", folder + "/b"], 66, "no such file"),
        (["scores", path], 65, "line 1"), (["scores", "--factor", "0", path], 64, "--factor"),
        (["contest", "tiny-gpt"], 64, "two models"),
        (["budget", "--rule", "shorter", "--budgets", "3,x"], 64, "--budgets"),
      ]
      for (arguments, code, words) in calls {
        let run = try Program.run(["align"] + arguments)
        #expect(run.code == code && run.error.contains(words), "\(arguments): \(run)")
      }
    }
  }

  private static func choices(_ path: String) throws -> [String] {
    try readFile(path).split(separator: 0x0A).map {
      try JSON(parsing: Array($0), path: path)["choice"]?.string ?? ""
    }
  }
}
