import Analysis
import Tensors
import TestSupport
import Testing
import Transformers

@Suite struct StreamSummaryTests {
  @Test(arguments: ["bert", "gpt2"]) func everyStepIsWhatTheTraceSays(_ name: String) throws {
    let model = try Model(folder: Fixtures.folder + "/models/" + name, name: name)
    let run = try model.run("The cat didn't cross the river.")
    let summary = try #require(StreamSummary(run))
    #expect(summary.steps.count == 2 * run.configuration.layers)
    for (index, step) in summary.steps.enumerated() {
      #expect(step.layer == index / 2 && step.isAttention == (index % 2 == 0))
      let before = try #require(
        index == 0
          ? run.trace[.embedding]
          : index % 2 == 1
            ? run.trace[.residual, layer: index / 2] : run.trace[.output, layer: index / 2 - 1])
      let after = try #require(
        run.trace[step.isAttention ? .residual : .output, layer: step.layer])
      for token in 0..<run.count {
        #expect(abs(step.before[token] - length(before, token)) < 1e-4)
        #expect(abs(step.after[token] - length(after, token)) < 1e-4)
        let cosine = product(before, after, token) / length(before, token) / length(after, token)
        #expect(abs(step.similarity[token] - cosine) < 1e-5)
        // Without a norm behind it, the sum is what comes out.
        if run.configuration.normPlacement == .before {
          #expect(abs(step.sum[token] - step.after[token]) < 1e-3)
        }
      }
    }
    #expect(summary.steps[0].similarity == summary.steps[0].similarityToInput)
  }

  @Test func nothingIsMadeOfARunThatKeptTooLittle() throws {
    let model = try Model(folder: Fixtures.folder + "/models/bert", name: "bert")
    let run = try model.run("a", pass: Pass(recording: Recording([.embedding, .output])))
    #expect(StreamSummary(run) == nil)
  }

  private func product(_ a: Tensor, _ b: Tensor, _ row: Int) -> Double {
    (0..<a.width).reduce(0) { $0 + Double(a[row, $1]) * Double(b[row, $1]) }
  }

  private func length(_ a: Tensor, _ row: Int) -> Double { product(a, a, row).squareRoot() }
}
