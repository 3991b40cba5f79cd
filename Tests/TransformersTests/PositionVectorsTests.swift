import Tensors
import TestSupport
import Testing
import Transformers

/// Without positions attention sees a set: equal tokens are equal, and the order does not matter.
@Suite struct PositionVectorsTests {
  private func model(_ name: String) throws -> Model {
    try Model(folder: Fixtures.folder + "/models/" + name, name: name)
  }

  private func largest(_ a: [Float], _ b: [Float]) -> Float {
    zip(a, b).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
  }

  @Test func equalTokensCoincideWithoutPositionsOnly() throws {
    let own = try model("bert").transformer
    let bare = try #require(own.withoutPositions)
    let ids = [2, 7, 9, 7, 3]
    for (isBare, transformer) in [(false, own), (true, bare)] {
      var pass = Pass()
      _ = try transformer(ids, &pass)
      for layer in 0..<transformer.configuration.layers {
        let output = try #require(pass.trace[.output, layer: layer])
        let difference = largest(output.rows(1..<2).numbers, output.rows(3..<4).numbers)
        #expect(isBare ? difference < 1e-5 : difference > 1e-3, "layer \(layer): \(difference)")
      }
    }
  }

  @Test func withoutPositionsTheOrderDoesNotMatter() throws {
    let transformer = try #require(try model("bert").transformer.withoutPositions)
    var (forwards, backwards) = (Pass(), Pass())
    let ids = [2, 7, 9, 11, 3]
    _ = try transformer(ids, &forwards)
    _ = try transformer(ids.reversed(), &backwards)
    let (a, b) = (
      try #require(forwards.trace[.finalHidden]), try #require(backwards.trace[.finalHidden])
    )
    for row in ids.indices {
      let other = ids.count - 1 - row
      #expect(largest(a.rows(row..<row + 1).numbers, b.rows(other..<other + 1).numbers) < 1e-5)
    }
  }

  @Test(arguments: ["bert", "gpt2"])
  func theVectorsAreWhatTheEmbeddingAdds(_ name: String) throws {
    let transformer = try model(name).transformer
    let vectors = try #require(transformer.positionVectors(6))
    #expect(vectors.shape == [6, transformer.configuration.width])
    guard name == "gpt2" else { return }
    // GPT-2 adds them and nothing else.
    var (own, bare) = (Pass(), Pass())
    _ = try transformer([5, 6, 7], &own)
    let plain = try #require(transformer.withoutPositions)
    _ = try plain([5, 6, 7], &bare)
    let (a, b) = (try #require(own.trace[.embedding]), try #require(bare.trace[.embedding]))
    #expect(largest(a.numbers, (b + vectors.rows(0..<3)).numbers) < 1e-6)
  }

  @Test func rotationsAreSwitchedOffToo() throws {
    let transformer = try model("llama").transformer
    #expect(transformer.positionVectors(4) == nil)
    for (isBare, transformer) in [
      (false, transformer), (true, try #require(transformer.withoutPositions)),
    ] {
      var pass = Pass()
      _ = try transformer([5, 6, 5], &pass)
      let keys = try #require(pass.trace[.key, layer: 0])
      let difference = largest(
        keys.slice(0).rows(0..<1).numbers, keys.slice(0).rows(2..<3).numbers)
      #expect(isBare ? difference < 1e-6 : difference > 1e-3)
    }
  }
}
