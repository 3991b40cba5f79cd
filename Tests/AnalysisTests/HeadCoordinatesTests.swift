import Analysis
import Foundation
import Tensors
import TestSupport
import Testing
import Tokenization
import Transformers

/// A head in few coordinates is the recorded head: nothing is rounded here.
@Suite struct HeadCoordinatesTests {
  private func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).map(*).reduce(0, +)
  }

  private func rows(_ tensor: Tensor) -> [[Double]] {
    (0..<tensor.rows).map { tensor.rows($0..<$0 + 1).numbers.map(Double.init) }
  }

  /// The chain from x to z in n coordinates against what the run recorded.
  private func check(_ model: Model, _ run: Run, _ transformer: Transformer) throws {
    let shape = run.configuration
    for layer in 0..<shape.layers {
      for head in 0..<shape.heads {
        let own = try HeadCoordinates(layer: layer, head: head, of: run, transformer)
        let n = run.count
        for row in 0..<n {
          #expect(own.input[row].count == n && own.keys[row].count == n)
          for column in row + 1..<max(n, row + 1) {
            #expect(abs(own.input[row][column]) < 1e-4 && abs(own.keys[row][column]) < 1e-4)
          }
        }
        for (projection, made) in [
          (own.query, own.queries), (own.key, own.keys), (own.value, own.values),
        ] {
          guard let projection else { continue }
          for (x, expected) in zip(own.input, made) {
            for column in 0..<n {
              let sum =
                dot(x, projection.weight.map { $0[column] }) + (projection.bias?[column] ?? 0)
              #expect(abs(sum - expected[column]) < 1e-4 * max(1, abs(sum)), "\(model.name)")
            }
          }
        }
        let recorded = rows(try #require(run.trace[.scores, layer: layer, head: head]))
        let context = rows(try #require(run.trace[.context, layer: layer, head: head]))
        for i in 0..<n {
          var powers = [Double](repeating: 0, count: n)
          for j in 0..<n where own.isAllowed[i][j] {
            var score = dot(own.queries[i], own.keys[j]) / own.divisor + (own.bias?[i][j] ?? 0)
            if let cap = own.cap { score = cap * tanh(score / cap) }
            #expect(abs(score - recorded[i][j]) < 1e-4 * max(1, abs(score)), "\(model.name)")
            powers[j] = exp(score - (recorded[i].max() ?? 0))
          }
          let weights = powers.map { $0 / powers.reduce(0, +) }
          for (a, b) in zip(weights, own.weights[i]) { #expect(abs(a - b) < 1e-4) }
          let z = (0..<n).map { column in dot(weights, own.values.map { $0[column] }) }
          let (length, whole) = (dot(z, z).squareRoot(), dot(context[i], context[i]).squareRoot())
          #expect(abs(length - whole) < 1e-4 * max(1, whole))
        }
      }
    }
  }

  @Test(arguments: ["bert", "distilbert", "roberta", "gpt2", "llama"])
  func scoresAndWeightsAreKept(_ name: String) throws {
    let model = try Model(folder: Fixtures.folder + "/models/" + name, name: name)
    for text in ["a", "ab", "a c"] {
      let run = try model.run(text)
      try check(model, run, model.transformer)
    }
  }

  @Test(
    .enabled(if: Fixtures.parity != nil, "the shared parity set is not here"),
    arguments: [
      "albert", "deberta_v2", "gemma2", "gemma3_text", "gpt_neo", "gpt_neox", "mistral",
      "modernbert", "mpnet", "olmo2", "opt", "phi", "qwen2", "qwen3",
    ])
  func scoresAndWeightsAreKeptInEveryFamily(_ name: String) throws {
    let model = try Model(folder: (Fixtures.parity ?? "") + "/models/" + name, name: name)
    let run = try model.run("ab c")
    try check(model, run, model.transformer)
    #expect(run.configuration.hasDistanceBias == ["deberta_v2", "mpnet"].contains(name))
  }

  /// Equal rows span fewer directions than there are tokens: what is left over is 0.
  @Test(arguments: ["bert", "gpt2"]) func equalTokensWithoutPositions(_ name: String) throws {
    let model = try Model(folder: Fixtures.folder + "/models/" + name, name: name)
    let bare = try #require(model.transformer.withoutPositions)
    var run = try model.run("a a a", addSpecialTokens: false)
    run.encoding.ids = run.encoding.ids.map { _ in run.encoding.ids[0] }
    var pass = Pass()
    try bare(run.encoding.ids, types: run.encoding.typeIDs, &pass)
    (run.trace, run.configuration) = (pass.trace, bare.configuration)
    try check(model, run, bare)
    let own = try HeadCoordinates(layer: 0, head: 0, of: run, bare)
    #expect(own.input.allSatisfy { $0[0] > 0 && $0.dropFirst().allSatisfy { $0 == 0 } })
    let printed = try #require(HandCalculation(own))
    #expect(printed.deviation <= HandCalculation.tolerance)
  }

  @Test func whatWasNotRecordedIsAnError() throws {
    let model = try Model(folder: Fixtures.folder + "/models/bert", name: "bert")
    let run = try model.run("a", pass: Pass(recording: Recording([.weights])))
    for (layer, head) in [(0, 0), (9, 0), (0, 9)] {
      #expect(throws: ModelError.self) {
        try HeadCoordinates(layer: layer, head: head, of: run, model.transformer)
      }
    }
  }
}
