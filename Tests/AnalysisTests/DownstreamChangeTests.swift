import Analysis
import Foundation
import TestSupport
import Tensors
import Testing
import Transformers

@Suite struct DownstreamChangeTests {
  let model: Model
  static let text = "The cat didn't cross the river."

  init() throws { model = try Model(folder: Fixtures.folder + "/models/gpt2", name: "gpt2") }

  func run(_ temperature: AttentionTemperature) throws -> Run {
    try model.run(Self.text, pass: Pass(attentionTemperature: temperature))
  }

  func last(_ run: Run) throws -> [Double] {
    try #require(run.trace[.logits]).slice(run.count - 1).numbers.map(Double.init)
  }

  func change(_ temperature: AttentionTemperature) throws -> DownstreamChange {
    let (own, changed) = (try run(AttentionTemperature()), try run(temperature))
    let before = try #require(Distribution(logits: last(own)))
    let after = try #require(Distribution(logits: last(changed)))
    return try #require(
      DownstreamChange(row: own.count - 1, from: before, to: after, runs: (own, changed)))
  }

  @Test func theModelsOwnTemperatureChangesNothing() throws {
    let change = try change(AttentionTemperature(1))
    #expect(change.layers == [0, 0])
    #expect(change.divergence == 0 && change.totalVariation == 0)
  }

  /// A head of layer 1 changes nothing before it.
  @Test func changesBeginWhereTheTemperatureIs() throws {
    var temperature = AttentionTemperature()
    temperature.set(0, layers: 1..<2, heads: 2..<3)
    let change = try change(temperature)
    #expect(change.layers[0] == 0 && change.layers[1] > 0)
  }

  /// The plain formulas, with the system's functions.
  @Test func agreesWithTheDefinitions() throws {
    let (own, changed) = (try run(AttentionTemperature()), try run(AttentionTemperature(.infinity)))
    func softmax(_ z: [Double]) -> [Double] {
      let powers = z.map { exp($0 - (z.max() ?? 0)) }
      return powers.map { $0 / powers.reduce(0, +) }
    }
    let (p, q) = (softmax(try last(own)), softmax(try last(changed)))
    let divergence = zip(p, q).reduce(0) { $0 + $1.0 * log($1.0 / $1.1) }
    let moved = zip(p, q).reduce(0) { $0 + max($1.0 - $1.1, 0) }
    let found = try change(AttentionTemperature(.infinity))
    #expect(abs(found.divergence - divergence) < 1e-10)
    #expect(abs(found.totalVariation - moved) < 1e-10)
    #expect(found.divergence > 0)
    for layer in 0..<2 {
      let row = own.count - 1
      let x = try #require(own.trace[.output, layer: layer]).slice(row).numbers
      let y = try #require(changed.trace[.output, layer: layer]).slice(row).numbers
      let distance = zip(x, y).reduce(0) { $0 + pow(Double($1.0 - $1.1), 2) }.squareRoot()
      let length = x.reduce(0) { $0 + pow(Double($1), 2) }.squareRoot()
      #expect(abs(found.layers[layer] - distance / length) < 1e-6)
    }
  }
}
