import Files
import TestSupport
import Testing

@Suite struct GenerationFigureTests {
  static func draw(_ arguments: [String]) throws -> Program.Result {
    try Program.run(
      ["draw"] + arguments + ["--model", Program.model("gpt2"), "-o", "-", "The cat"])
  }

  @Test(arguments: [
    ["ribbon", "--greedy"], ["ribbon", "--tau", "0.7", "--top-k", "5", "--seed", "2"],
    ["annealing", "--anneal", "geometric:2..0.1"], ["surprise"],
    ["evidence"], ["evidence", "--token", "0", "--theme", "dark", "--width", "60mm"],
  ])
  func drawsEachFigure(arguments: [String]) throws {
    let result = try Self.draw(arguments)
    #expect(result.code == 0, "\(result.error)")
    #expect(result.out.contains("<svg") && result.out.contains("attnviz.provenance/1"))
  }

  /// The same seed draws the same picture, another one another.
  @Test func provenanceHoldsTheSeed() throws {
    let first = try Self.draw(["ribbon", "--seed", "5"])
    #expect(first.out.contains("\"seed\":5") || first.out.contains("&quot;seed&quot;:5"))
    #expect(try Self.draw(["ribbon", "--seed", "5"]).out == first.out)
    #expect(try Self.draw(["ribbon", "--seed", "6"]).out != first.out)
  }

  /// What one prediction rests on does not depend on how many threads measure it.
  @Test func evidenceIsTheSameOnOneThread() throws {
    let many = try Self.draw(["evidence"])
    #expect(try Self.draw(["evidence", "--threads", "1"]).out == many.out)
  }

  @Test func evidenceSaysWhatAModelLacks() throws {
    for (model, code, words) in [("bert", 65, "[MASK]"), ("bert_base_model", 64, "a decoder")] {
      let result = try Program.run(
        ["draw", "evidence", "--model", Program.model(model), "-o", "-", "The cat"])
      #expect(result.code == Int32(code) && result.out.isEmpty && result.error.contains(words))
      #expect(result.error.split(separator: "\n").count == 1)
    }
  }

  @Test(arguments: [
    ["ribbon", "--tau", "0,1"], ["ribbon", "--greedy", "--tau", "1"], ["ribbon", "--at", "L0H0"],
    ["heatmap", "--seed", "1"], ["surprise", "--greedy"], ["gibbs", "--tau", "1"],
    ["annealing", "--anneal", "linear:1"], ["evidence", "--token", "9"],
    ["evidence", "--layer", "0"],
  ])
  func usage(arguments: [String]) throws {
    let result = try Self.draw(arguments)
    #expect(result.code == 64 && result.out.isEmpty && !result.error.isEmpty)
  }
}
