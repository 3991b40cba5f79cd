import Tensors
import TestSupport
import Testing
import Tokenization
import Transformers

/// Parts that a walk shows are those that ran.
@Suite struct WalkPartsTests {
  private func model(_ name: String) throws -> Model {
    try Model(folder: Fixtures.folder + "/models/" + name, name: name)
  }

  @Test(arguments: ["bert", "gpt2", "llama", "roberta", "distilbert"])
  func embeddingsAreTheSumOfTheirParts(name: String) throws {
    let model = try model(name)
    let run = try model.run("the cat sat")
    let parts = model.transformer.embeddingParts(run.encoding.ids, types: run.encoding.typeIDs)
    var sum = parts[0].rows
    for part in parts.dropFirst() { sum = sum + part.rows }
    if let norm = model.transformer.embeddingNorm() { sum = norm(sum) }
    #expect(sum == run.trace[.embedding])
    let kinds = parts.map(\.part)
    #expect(kinds.first == .word && kinds.contains(.position) == (name != "llama"))
  }

  @Test(arguments: ["bert", "gpt2", "llama"])
  func normsGiveTheRecordedStream(name: String) throws {
    let model = try model(name)
    let run = try model.run("the cat sat")
    let transformer = model.transformer
    let anatomy = transformer.anatomy(layer: 1)
    let x = try #require(run.trace[.output, layer: 0])
    let norm = transformer.norm(.before, .attention, layer: 1)
    #expect((norm != nil) == anatomy.attention.before)
    if let norm {
      #expect(norm(x) == transformer.seen(x, by: .attention, layer: 1))
      #expect(norm.scale.count == x.width && (norm.shift != nil) == (name != "llama"))
    }
    if let after = transformer.norm(.after, .attention, layer: 1) {
      let sum = x + (try #require(run.trace[.attentionOutput, layer: 1]))
      #expect(after(sum) == run.trace[.residual, layer: 1])
    }
    #expect(transformer.norm(.inside, .attention, layer: 1) == nil)
    #expect(transformer.norm(.before, .crossAttention, layer: 1) == nil)
    if let last = transformer.finalNorm() {
      let end = try #require(run.trace[.output, layer: model.configuration.layers - 1])
      #expect(last(end) == run.trace[.finalHidden])
    }
  }

  @Test(arguments: ["bert", "gpt2", "llama"])
  func aLogitIsAProductWithItsEntry(name: String) throws {
    let model = try model(name)
    let run = try model.run("the cat sat")
    let hidden = try #require(run.trace[.finalHidden])
    let input = model.transformer.headInput(hidden)
    let logits = try #require(run.trace[.logits])
    for id in [0, 7, model.configuration.vocabulary - 1] {
      let (weight, bias) = try #require(model.transformer.scoring(of: id))
      for row in 0..<hidden.rows {
        let product = zip(input.rows(row..<row + 1).numbers, weight.numbers)
          .reduce(Double(bias ?? 0)) { $0 + Double($1.0) * Double($1.1) }
        #expect(abs(product - Double(logits[row, id])) < 1e-3 * max(1, abs(product)))
      }
    }
    #expect(model.transformer.scoring(of: -1) == nil)
    #expect(model.transformer.scoring(of: model.configuration.vocabulary) == nil)
  }

  /// A decoder's look at its source has projections of its own.
  @Test func projectionsOfALookAtASource() throws {
    let model = try model("letters")
    let run = try model.run("bad head", target: .greedy(count: 5))
    let part = run.part(.cross)
    let source = try #require(run.trace[.finalHidden, of: .encoder])
    let projections = model.transformer.projections(layer: 1, head: 1, of: .cross)
    let key = try #require(part.trace[.key, layer: 1, head: 1])
    for row in 0..<source.rows {
      for d in 0..<key.width {
        let product = zip(
          source.rows(row..<row + 1).numbers, projections.key.weight.slice(d).numbers
        )
        .reduce(Double(projections.key.bias?.numbers[d] ?? 0)) { $0 + Double($1.0) * Double($1.1) }
        #expect(abs(product - Double(key[row, d])) < 1e-4 * max(1, abs(product)))
      }
    }
  }
}
