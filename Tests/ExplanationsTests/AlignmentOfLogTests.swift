import Explanations
import Figures
import Files
import TestSupport
import Testing
import Training

/// The figures of an alignment show the numbers of its logs: those of the documentation.
@Suite struct AlignmentOfLogTests {
  private static let folder = Fixtures.folder + "/../../docs/traces/"

  private static func runs() throws -> AlignmentRuns {
    try AlignmentRuns(folder + "alignment.json")
  }

  private static func json() throws -> JSON {
    let path = folder + "alignment.json"
    return try JSON(parsing: try readFile(path), path: path)
  }

  /// What a file of several runs says is what it was made of, to the byte.
  @Test func runsAreReadAgain() throws {
    let runs = try Self.runs()
    #expect(runs.runs.count > 2 && runs.reward != nil && runs.rule != nil)
    #expect(
      String(decoding: try readFile(Self.folder + "alignment.json"), as: UTF8.self)
        == runs.json.text() + "\n")
    // A folder of the same logs has the same digest.
    try withTemporaryFolder { folder in
      let json = try Self.json()
      try createFolder(folder + "/reward")
      try writeFile(folder + "/reward/reward.json", (json["reward"] ?? .null).text())
      for run in json["runs"]?.elements ?? [] {
        let name = folder + "/" + (run["name"]?.string ?? "")
        try createFolder(name)
        try writeFile(name + "/alignment.json", (run["log"] ?? .null).text())
      }
      #expect(try AlignmentRuns(folder).digest == runs.digest)
    }
  }

  /// Shares, losses and counts are computed anew from the scores of the pairs.
  @Test func preferences() throws {
    let runs = try Self.runs()
    let reward = try #require(try Self.json()["reward"]?["evaluation"])
    let comparisons = try Comparison.read(Self.folder + "contest.jsonl")
    let figure = try Preference(of: runs, comparisons: comparisons)
    #expect(figure.pairs.count == reward["pairs"]?.integer)
    let accuracy = Double(figure.right) / Double(figure.pairs.count)
    #expect(abs(accuracy - (reward["accuracy"]?.number ?? 0)) < 1e-9)
    #expect(figure.bins.reduce(0) { $0 + $1.count } == figure.pairs.count)
    #expect(figure.bins.allSatisfy { $0.interval.contains($0.observed) })
    #expect(figure.links.contains { $0.correlation == reward["length_r"]?.number })
    // Every policy stood in as many comparisons as name it and are no skips.
    #expect(figure.policies.count > 2)
    for policy in figure.policies {
      let count = comparisons.count { comparison in
        [comparison.left.policy, comparison.right.policy].contains(policy.name)
      }
      #expect(policy.comparisons == count)
    }
    #expect(figure.policies.map(\.strength) == figure.policies.map(\.strength).sorted(by: >))
    #expect(figure.caption.title.contains("\(Int((100 * accuracy).rounded())) %"))
  }

  /// r = r_θ − λ k₁ in every step, and a dot for every run.
  @Test func policyUpdates() throws {
    let runs = try Self.runs()
    let run = try runs.run(nil)
    let figure = try PolicyUpdate(of: run, in: runs, isChosen: false)
    #expect(figure.penalty > 0 && figure.runs.count == runs.runs.count)
    #expect(figure.steps.count == run.log.iterations.count)
    for step in figure.steps {
      #expect(abs(step.total - (step.reward - figure.penalty * step.distance)) < 1e-6)
    }
    let ratios = run.log.iterations.compactMap(\.ratios).reduce(0) { $0 + $1.count }
    #expect(figure.bins.reduce(0) { $0 + $1.better + $1.worse } == ratios && ratios > 0)
    #expect(figure.runs.count(where: \.isShown) == 1)
    // Bins end where the clip begins.
    for edge in [figure.band.lowerBound, figure.band.upperBound] {
      #expect(figure.bins.contains { abs(($0.low ?? 9) - edge) < 1e-9 })
    }
  }

  @Test func theLoop() throws {
    let runs = try Self.runs()
    let run = try runs.run(nil)
    let last = try #require(run.log.iterations.last)
    let figure = try FeedbackLoop(of: run, in: runs)
    let words = figure.facts.values.joined().joined(separator: " ")
    for value in [last.reward, last.divergence.k1, last.total] {
      #expect(words.contains(NumberFormat.fixed(value, decimals: 2)))
    }
    #expect(Set(figure.facts.keys) == Set(FeedbackLoop.Part.allCases))
    #expect(Set(figure.numbers.keys) == Set(FeedbackLoop.Link.allCases))
  }

  @Test(arguments: [
    "{}", "[]", #"{"schema": "attnviz.alignment/1", "iterations": [{}]}"#,
    #"{"schema": "attnviz.alignments/1", "runs": [{}]}"#, #"{"schema": "attnviz.reward/1"}"#,
    #"{"schema": "attnviz.alignments/1", "runs": [{"name": "a", "log": 3}]}"#,
  ])
  func brokenLogsAreErrors(_ text: String) throws {
    try withTemporaryFolder { folder in
      try writeFile(folder + "/a.json", text)
      #expect(throws: FileError.self) { try AlignmentRuns(folder + "/a.json") }
      #expect(throws: FileError.self) { try AlignmentRuns(folder + "/none") }
      let empty = folder + "/empty"
      try createFolder(empty)
      #expect(throws: FileError.self) { try AlignmentRuns(empty) }
    }
  }

  /// Without a penalty there is a figure, without ratios or scores an error.
  @Test func logsThatLackSomething() throws {
    var runs = try Self.runs()
    runs.reward?.scores = []
    #expect(throws: FileError.self) { try Preference(of: runs) }
    runs.runs = []
    #expect(throws: FileError.self) { try runs.run(nil) }
  }
}
