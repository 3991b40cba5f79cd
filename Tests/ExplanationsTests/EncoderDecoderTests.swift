import Explanations
import Figures
import Files
import Tensors
import TestSupport
import Testing
import Tokenization
import Transformers

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Words and figures of an encoder–decoder: each part speaks of its own tokens.
@Suite struct EncoderDecoderTests {
  private func letters() throws -> Model {
    try Model(folder: Fixtures.folder + "/models/letters", name: "letters")
  }

  private func told(_ text: String) throws -> (ToldGeneration, Model) {
    let model = try letters()
    let told = try ExplainerTests.told(model, text) { [tokenizer = model.targetTokenizer] in
      tokenizer.display(id: $0)
    }
    return (told, model)
  }

  @Test func partsHaveTheirOwnTokens() throws {
    let (told, model) = try told("bad head")
    let run = told.run
    let target = try #require(run.target)
    let (encoder, decoder, cross) = (run.part(.encoder), run.part(.decoder), run.part(.cross))
    #expect(encoder.tokens == run.tokens && encoder.keys.tokens == run.tokens)
    #expect(decoder.tokens == target.tokens && decoder.keys.tokens == target.tokens)
    #expect(cross.tokens == target.tokens && cross.keys.tokens == run.tokens)
    #expect(encoder.configuration.layers == 1 && decoder.configuration.layers == 2)
    #expect(encoder.trace.masks.isEmpty && cross.trace.masks.isEmpty)
    #expect(decoder.trace.masks.count == 2 && decoder.configuration.kind == .decoder)
    #expect(
      cross.trace[.weights, layer: 1]
        == run.trace.tensors[Site(.weights, layer: 1, of: .cross)])
    // A run of one stack is its own part.
    let plain = try Model(folder: Fixtures.folder + "/models/gpt2", name: "gpt2").run("a b")
    #expect(plain.part(.cross).stack == .sole && model.configuration.stacks.count == 3)
  }

  /// Every part of the explanation is there, and speaks of links from the target to the source.
  @Test func tellsBothSides() throws {
    let (explanation, run) = try ExplainerTests.explain("letters", "a bad head")
    let headings = explanation.sections.map(\.heading)
    for part in ["What the model reads", "What the model writes", "Three attentions"] {
      #expect(headings.contains(part))
    }
    #expect(headings.contains { $0.hasSuffix("of the cross-attention") })
    let drawn = explanation.figures.map(\.name)
    #expect(Set(drawn).count == drawn.count && drawn.contains("translation"))
    #expect(explanation.figures.first { $0.name == "ribbon" }?.told != nil)
    let target = try #require(run.target)
    #expect(explanation.facts["target_ids"]?.elements?.count == target.count)
    for link in explanation.facts["links"]?.elements ?? [] {
      let query = try #require(link["query"]?.integer)
      let key = try #require(link["key"]?.integer)
      let layer = try #require(link["layer"]?.integer)
      let head = try #require(link["head"]?.integer)
      #expect(!target.encoding.isSpecial[query] && !run.encoding.isSpecial[key])
      let map = try #require(run.trace[.weights, layer: layer, head: head, of: .cross])
      #expect(link["weight"]?.number == Double(map[query, key]))
    }
  }

  /// The share of a link is ‖a v W_O‖ over the sum of all of its row and layer, in double precision.
  @Test func sharesOfCrossLinksAreMeasured() throws {
    let (told, model) = try told("bad head")
    let choice = try HeadChoice(layer: nil, head: nil, told.run.part(.cross), model.transformer)
    let query = try #require(choice.focus)
    let heads = model.configuration.heads
    var lengths: [(head: Int, key: Int, length: Double)] = []
    for head in 0..<heads {
      let weights = try #require(
        told.run.trace[.weights, layer: choice.layer, head: head, of: .cross])
      let values = try #require(
        told.run.trace[.value, layer: choice.layer, head: head, of: .cross])
      let projected = values.times(
        model.transformer.outputProjection(layer: choice.layer, head: head, of: .cross))
      for key in 0..<told.run.count {
        let squares = projected.slice(key).numbers.reduce(0) { $0 + Double($1) * Double($1) }
        lengths.append((head, key, Double(weights[query, key]) * squares.squareRoot()))
      }
    }
    let own = lengths.filter { $0.head == choice.head }.max { $0.length < $1.length }
    let share = try #require(own).length / lengths.reduce(0) { $0 + $1.length }
    let facts = try ExplainerTests.explain("letters", "bad head").0.facts
    let first = try #require(facts["links"]?[0])
    #expect(first["query"]?.integer == query)
    if first["key"]?.integer == own?.key {
      #expect(abs((first["share"]?.number ?? 0) - share) < 1e-5)
    }
  }

  @Test func figuresShowTheirPart() throws {
    let (told, model) = try told("bad head")
    let (run, target) = (told.run, try #require(told.run.target))
    let figure = try Translation(of: run, transformer: model.transformer, layer: 0, head: 1)
    #expect(figure.heads == ["L0H1", "L0H1", "L0H1"])
    #expect(figure.source.count == run.count && figure.target.count == target.count)
    let cross = try #require(run.trace[.weights, layer: 0, head: 1, of: .cross])
    #expect(figure.cross.values == cross.numbers && figure.cross.mask == nil)
    #expect(figure.decoder.mask?.filter(\.self).count == target.count * (target.count - 1) / 2)
    let gallery = try Gallery(of: run.part(.cross), transformer: model.transformer)
    #expect(gallery.rows == target.count && gallery.columns == run.count)
    let ribbon = Ribbon(told)
    #expect(ribbon.prompt.map(\.text) == ["<s>"])
    let head = try #require(told.head)
    let map = try #require(
      run.trace[.weights, layer: head.layer, head: head.head, of: .cross])
    #expect(ribbon.source?.weights == map.numbers)
    let keys = try Heatmap(.k, layer: 0, head: 0, of: run.part(.cross), choice: [])
    #expect(keys.rows.count == run.count)
    let single = try Model(folder: Fixtures.folder + "/models/gpt2", name: "gpt2")
    #expect(throws: ModelError.self) {
      try Translation(of: try single.run("a b"), transformer: single.transformer)
    }
  }

  @Test func surpriseIsThatOfTheTarget() throws {
    let (told, model) = try told("bad head")
    let figure = try Surprise(of: told.run.part(.decoder)) { [tokenizer = model.targetTokenizer] in
      tokenizer.display(id: $0)
    }
    #expect(figure.positions.count == told.run.target?.count)
    for (position, step) in zip(figure.positions.dropFirst(), told.generation.steps) {
      let surprise = try #require(position.prediction?.surprise)
      #expect(abs(surprise + log(step.probability)) < 1e-6)
    }
  }
}
