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

  @Test(arguments: [
    ["ribbon", "--tau", "0,1"], ["ribbon", "--greedy", "--tau", "1"], ["ribbon", "--at", "L0H0"],
    ["heatmap", "--seed", "1"], ["surprise", "--greedy"], ["gibbs", "--tau", "1"],
    ["annealing", "--anneal", "linear:1"],
  ])
  func usage(arguments: [String]) throws {
    let result = try Self.draw(arguments)
    #expect(result.code == 64 && result.out.isEmpty && !result.error.isEmpty)
  }
}
