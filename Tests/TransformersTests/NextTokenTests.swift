import Foundation
import Tensors
import TestSupport
import TensorFiles
import Testing
import Transformers

@Suite struct NextTokenTests {
  /// Softmax with τ of the last row's logits, in the plain form and with the system's exponential.
  @Test func recordsTheSoftmaxOfTheLastRow() throws {
    let model = try Model(folder: Fixtures.folder + "/models/gpt2", name: "gpt2")
    var run = try model.run("The cat sat")
    try run.recordNextToken(at: [0, 0.5, 1, .infinity])
    #expect(run.trace[.nextTemperatures]?.numbers == [0, 0.5, 1, .infinity])
    let found = try #require(run.trace[.nextProbabilities])
    let logits = try #require(run.trace[.logits])
    let last = logits.slice(logits.rows - 1).numbers.map(Double.init)
    #expect(found.shape == [4, last.count])
    let top = last.max() ?? 0
    for (row, tau) in [(1, 0.5), (2, 1.0)] {
      let powers = last.map { exp(($0 - top) / tau) }
      let sum = powers.reduce(0, +)
      for (p, power) in zip(found.slice(row).numbers, powers) {
        #expect(abs(Double(p) - power / sum) < 1e-7)
      }
    }
    #expect(found.slice(0).numbers == last.map { $0 == top ? 1 : 0 })
    #expect(found.slice(3).numbers.allSatisfy { $0 == 1 / Float(last.count) })
  }

  @Test func isInTheArchiveOnlyWhenAskedFor() throws {
    let model = try Model(folder: Fixtures.folder + "/models/gpt2", name: "gpt2")
    var run = try model.run("The cat")
    #expect(!run.archive().arrays.contains { $0.name.hasPrefix("next.") })
    try run.recordNextToken(at: [1])
    let names = run.archive().arrays.map(\.name)
    #expect(names.contains("next.tau") && names.contains("next.probabilities"))
  }

  @Test func needsLogits() throws {
    let model = try Model(folder: Fixtures.folder + "/models/bert_base_model", name: "bert")
    var run = try model.run("The cat")
    #expect(throws: ModelError.self) { try run.recordNextToken(at: [1]) }
  }
}
