import Analysis
import Tensors
import TestSupport
import Testing
import Tokenization
import Transformers

@Suite struct SinksTests {
  /// A run whose maps are replaced by the given weights.
  func run(_ name: String, weights: [Float]) throws -> Run {
    let model = try Model(folder: Fixtures.folder + "/models/" + name, name: name)
    var run = try model.run("a")
    let n = Int(Double(weights.count).squareRoot())
    for layer in 0..<run.configuration.layers {
      run.trace.tensors[Site(.weights, layer: layer)] = Tensor(weights, shape: [1, n, n])
    }
    return run
  }

  @Test func leavesATokensOwnAttentionOut() throws {
    let sinks = Sinks(try run("bert", weights: [1, 0, 0, 0.5, 0.5, 0, 0.1, 0.2, 0.7]))
    #expect(sinks.received[0] == 0.3)
    #expect(sinks.received[1] == 0.1)
    #expect(sinks.received[2] == 0)
    #expect(sinks.positions == [0])
  }

  /// Column 1 gets .6 from every other token in this head; column 2 gets .3, less than 2/4.
  @Test func headsHaveSinksOfTheirOwn() throws {
    let row: [Float] = [0.1, 0.6, 0.3, 0]
    let sinks = Sinks(try run("bert", weights: row + row + row + row))
    #expect(sinks.isSink(1, layer: 0, head: 0))
    #expect(!sinks.isSink(2, layer: 0, head: 0) && !sinks.isSink(0, layer: 1, head: 0))
    #expect(!sinks.isSink(1, layer: 9, head: 0))
  }

  @Test func countsOnlyQueriesThatMayLook() throws {
    let sinks = Sinks(try run("gpt2", weights: [1, 0, 0, 0.8, 0.2, 0, 0.6, 0.4, 0]))
    #expect(abs(sinks.received[0] - 0.7) < 1e-6)
    #expect(abs(sinks.received[1] - 0.4) < 1e-6)
    #expect(sinks.positions == [0, 1])
  }

  /// Token 0 is out of sight of token 2: its mean is over one query.
  @Test func countsOnlyQueriesWithinTheWindow() throws {
    var run = try run("gpt2", weights: [1, 0, 0, 0.8, 0.2, 0, 0, 0.6, 0.4])
    for layer in 0..<run.configuration.layers {
      run.trace.masks[layer] = .causal(queries: 3, keys: 3, window: 2)
    }
    let sinks = Sinks(run)
    #expect(abs(sinks.received[0] - 0.8) < 1e-6 && abs(sinks.received[1] - 0.6) < 1e-6)
  }

  @Test func summariesAreThoseOfTheirDefinition() {
    let uniform = Tensor(Array(repeating: 0.25, count: 16), shape: [4, 4])
    let flat = HeadSummary(layer: 0, head: 0, weights: uniform, special: [0, 3])
    #expect(abs(flat.entropy - 1.3862944) < 1e-5)
    #expect(flat.specialShare == 0.5)
    let sharp = HeadSummary(
      layer: 0, head: 0, weights: Tensor([1, 0, 0, 1], shape: [2, 2]), special: [0])
    #expect(sharp.entropy == 0 && sharp.largest == 1 && sharp.specialShare == 0.5)
  }
}
