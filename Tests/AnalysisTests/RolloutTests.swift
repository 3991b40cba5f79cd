import Analysis
import Tensors
import TestSupport
import Testing
import Transformers

@Suite struct RolloutTests {
  @Test(arguments: AttributionSample.names) func itIsThatOfNumpy(name: String) throws {
    let sample = try AttributionSample(name)
    let found = try #require(Rollout(sample.run)).shares
    #expect(deviation(found.numbers.map(Double.init), try sample.numbers("rollout")) < 1e-5)
  }

  /// Rows sum to 1, and a decoder's hold nothing of what comes later.
  @Test(arguments: AttributionSample.names) func rowsAreShares(name: String) throws {
    let sample = try AttributionSample(name)
    let found = try #require(Rollout(sample.run)).shares
    for row in 0..<found.rows {
      let numbers = found.slice(row).numbers
      #expect(abs(numbers.reduce(0, +) - 1) < 1e-5 && numbers.allSatisfy { $0 >= 0 })
      if name != "bert" { #expect(numbers[(row + 1)...].allSatisfy { $0 == 0 }) }
    }
  }

  /// Two layers by hand: uniform weights over what a decoder may see.
  @Test func twoUniformLayers() throws {
    var run = try AttributionSample("gpt2").run
    let map = Tensor([1, 0, 0.5, 0.5], shape: [1, 2, 2])
    run.trace.tensors = [Site(.weights, layer: 0): map, Site(.weights, layer: 1): map]
    // Row 1 keeps ¾ of itself in each layer: ¾² = 9/16 is its own, the rest the first token's.
    #expect(Rollout(run)?.shares.numbers == [1, 0, 0.4375, 0.5625])
    run.trace.tensors[Site(.weights, layer: 1)] = nil
    #expect(Rollout(run) == nil)
  }

  /// A row that may look at nothing stays what it is.
  @Test func aRowWithoutWeightsKeepsItself() throws {
    var run = try AttributionSample("gpt2").run
    let map = Tensor([0, 0, 0.5, 0.5], shape: [1, 2, 2])
    run.trace.tensors = [Site(.weights, layer: 0): map, Site(.weights, layer: 1): map]
    #expect(Rollout(run)?.shares.numbers == [1, 0, 0.4375, 0.5625])
  }
}
