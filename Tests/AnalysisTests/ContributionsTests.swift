import Analysis
import Tensors
import TestSupport
import Testing
import Tokenization
import Transformers

@Suite struct ContributionsTests {
  let model: Model
  let run: Run

  init() throws {
    model = try Model(folder: Fixtures.folder + "/models/bert", name: "bert")
    run = try model.run("The cat didn't cross the river.")
  }

  /// The weighted values of all heads and keys add up to the attention output without its bias.
  @Test func linksAddUpToTheAttentionOutput() throws {
    let values = try #require(run.trace[.value, layer: 1])
    let weights = try #require(run.trace[.weights, layer: 1])
    let query = 3
    var sum = [Double](repeating: 0, count: run.configuration.width)
    for head in 0..<run.configuration.heads {
      let projected = values.slice(head)
        .times(model.transformer.outputProjection(layer: 1, head: head))
      for key in 0..<run.count {
        for (index, number) in projected.slice(key).numbers.enumerated() {
          sum[index] += Double(weights[head, query, key]) * Double(number)
        }
      }
    }
    let output = try #require(run.trace[.attentionOutput, layer: 1])
    // The bias is what is left, and the same for every token.
    let bias = zip(output.slice(query).numbers, sum).map { Double($0) - $1 }
    let context = try #require(run.trace[.context, layer: 1])
    let zero = Tensor(Array(repeating: 0, count: context.count), shape: context.shape)
    var pass = Pass(edits: [Site(.context, layer: 1): { _ in zero }])
    try model.transformer(run.encoding.ids, types: run.encoding.typeIDs, &pass)
    let expected = try #require(pass.trace[.attentionOutput, layer: 1]).slice(query).numbers
    for (a, b) in zip(bias, expected) { #expect(abs(a - Double(b)) < 1e-4) }
  }

  @Test func lengthsAreThoseOfTheProjectedValues() throws {
    let contributions = try #require(Contributions(run, of: model.transformer))
    let values = try #require(run.trace[.value, layer: 0])
    let link = contributions.link(layer: 0, head: 2, query: 4, key: 5)
    let matrix = model.transformer.outputProjection(layer: 0, head: 2)
    var square = 0.0
    for output in 0..<run.configuration.width {
      let row = matrix.row(output).numbers
      let value = row.indices.reduce(0.0) { $0 + Double(row[$1]) * Double(values[2, 5, $1]) }
      square += value * value
    }
    let weight = try #require(run.trace[.weights, layer: 0])[2, 4, 5]
    #expect(link.weight == weight)
    #expect(abs(Double(link.length) - Double(weight) * square.squareRoot()) < 1e-4)
  }

  @Test func sharesOfAQuerySumToOne() throws {
    let contributions = try #require(Contributions(run, of: model.transformer))
    var sum: Float = 0
    for head in 0..<run.configuration.heads {
      for key in 0..<run.count {
        sum += contributions.link(layer: 1, head: head, query: 2, key: key).share
      }
    }
    #expect(abs(sum - 1) < 1e-5)
  }

  @Test func keysCanBeLeftOutOfOneHead() throws {
    let contributions = try #require(Contributions(run, of: model.transformer))
    let all = contributions.strongestLinks { $0 != $1 }
    let top = try #require(all.first)
    let rest = contributions.strongestLinks(
      where: { $0 != $1 },
      keys: { !($0 == top.key && $1 == top.layer && $2 == top.head) })
    #expect(!rest.contains { $0.layer == top.layer && $0.head == top.head && $0.key == top.key })
    #expect(rest.dropFirst().count == all.dropFirst().count)
    #expect(Set(rest.map(\.share)).isSuperset(of: all.dropFirst().map(\.share)))
  }

  @Test func strongestLinksObeyTheCondition() throws {
    let contributions = try #require(Contributions(run, of: model.transformer))
    let links = contributions.strongestLinks { $0 == 2 && $1 != 2 }
    #expect(links.count == run.configuration.layers * run.configuration.heads)
    #expect(links.allSatisfy { $0.query == 2 && $0.key != 2 })
    #expect(zip(links, links.dropFirst()).allSatisfy { $0.share >= $1.share })
    let top = try #require(links.first)
    for layer in 0..<run.configuration.layers {
      for head in 0..<run.configuration.heads {
        for key in 0..<run.count where key != 2 {
          let other = contributions.link(layer: layer, head: head, query: 2, key: key)
          #expect(other.share <= top.share)
        }
      }
    }
  }
}
