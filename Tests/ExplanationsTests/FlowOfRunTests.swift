import Explanations
import Figures
import TensorFiles
import Tensors
import TestSupport
import Testing
import Transformers

/// Every number of a flow is one of the trace, or follows from it.
@Suite struct FlowOfRunTests {
  static let text = "The cat sat."
  static let long = Array(repeating: "the cat sat on the mat", count: 6).joined(separator: " ")

  private func model(_ name: String) throws -> Model {
    try Model(folder: Fixtures.folder + "/models/" + name, name: name)
  }

  private func flow(
    _ run: Run, _ model: Model, layer: Int = 1, head: Int = 2, token: Int? = nil
  ) throws -> HeadFlow {
    let choice = try HeadChoice(layer: layer, head: head, run, model.transformer)
    return try HeadFlow(choice, token: token, of: run, by: model.transformer)
  }

  private func numbers(_ figure: HeadFlow, _ name: String) -> [Double?]? {
    guard let panel = figure.tokenPanels.first(where: { $0.heading.name == name }) else {
      return nil
    }
    switch panel.content {
    case .numbers(let values, _, _): return values
    case .shares(let values): return values
    default: return nil
    }
  }

  private func vector(_ figure: HeadFlow, _ name: String, last: Bool = false) throws -> [Float] {
    let found = figure.vectorPanels.filter { $0.heading.name.hasPrefix(name) }
    return try #require((last ? found.last : found.first)?.values, "\(name)")
  }

  private func agree(_ a: [Float], _ b: [Float], _ tolerance: Float = 1e-5) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
  }

  @Test(arguments: ["bert", "gpt2", "llama"])
  func scoresAndWeightsAreTheRecordedOnes(name: String) throws {
    let model = try model(name)
    let run = try model.run(Self.text)
    let focus = run.count - 2
    let figure = try flow(run, model, token: focus)
    let (q, k) = (
      try #require(run.trace[.query, layer: 1, head: 2]),
      try #require(run.trace[.key, layer: 1, head: 2])
    )
    let scores = try #require(run.trace[.scores, layer: 1, head: 2])
    let weights = try #require(run.trace[.weights, layer: 1, head: 2])
    let isCausal = name != "bert"
    let products = try #require(numbers(figure, "Scores"))
    let shares = try #require(numbers(figure, "Softmax"))
    for key in 0..<run.count {
      let product = (0..<q.width).reduce(0.0) { $0 + Double(q[focus, $1]) * Double(k[key, $1]) }
      #expect(abs(try #require(products[key]) - product) < 1e-9)
      #expect(numbers(figure, "Scaled")?[key] == Double(scores[focus, key]))
      let isHidden = isCausal && key > focus
      #expect(figure.rows[key].isMasked == isHidden)
      #expect(shares[key] == (isHidden ? nil : Double(weights[focus, key])))
    }
    #expect((numbers(figure, "Mask") != nil) == isCausal)
    let strings = figure.scene(in: Style()).text
    for key in 0..<run.count where !figure.rows[key].isMasked {
      let score = NumberFormat.fixed(Double(scores[focus, key]), decimals: 2)
      #expect(strings.contains("“\(score)”"))
    }
  }

  @Test(arguments: ["bert", "gpt2", "llama"])
  func vectorsAreTheRecordedOnes(name: String) throws {
    let model = try model(name)
    let run = try model.run(Self.text)
    let focus = 2
    let figure = try flow(run, model, token: focus)
    func recorded(_ value: Site.Value, _ layer: Int = 1) throws -> [Float] {
      try #require(run.trace[value, layer: layer]).rows(focus..<focus + 1).numbers
    }
    #expect(try vector(figure, "Attention output") == recorded(.attentionOutput))
    #expect(try vector(figure, "Layer input") == recorded(.output, 0))
    #expect(try vector(figure, "Add") == recorded(.residual))
    #expect(try vector(figure, "Back to") == recorded(.feedForwardOutput))
    #expect(try vector(figure, "Add", last: true) == recorded(.output))
    let heads = try #require(run.trace[.context, layer: 1]).joined(focus)
    #expect(try vector(figure, "All heads") == heads)
    let first = try flow(run, model, layer: 0, token: focus)
    let embedding = try #require(run.trace[.embedding])
    #expect(
      try vector(first, "Layer input") == embedding.rows(focus..<focus + 1).numbers)
    // What is added to a stream that is not normalised afterwards is the difference.
    guard name != "bert" else { return }
    let (x, o) = (try vector(figure, "Layer input"), try vector(figure, "Attention output"))
    #expect(agree(zip(x, o).map { $0 + $1 }, try vector(figure, "Add")))
    let names = figure.vectorPanels.map(\.heading.name)
    #expect(names.contains("Norm") && !names.contains("Add & Norm"))
  }

  /// The inside of the network is computed again: times the last matrix of the file it is what the
  /// run recorded.
  @Test(arguments: [
    ("bert", "encoder.layer.1.output.dense"), ("gpt2", "h.1.mlp.c_proj"),
    ("llama", "layers.1.mlp.down_proj"),
  ])
  func theInsideOfTheNetworkGivesWhatItAdds(name: String, matrix: String) throws {
    let model = try model(name)
    let file = try SafeTensors(Fixtures.folder + "/models/\(name)/model.safetensors")
    func stored(_ suffix: String) throws -> Tensor? {
      let entry = file.entries.first { $0.name.hasSuffix(matrix + suffix) }
      return try entry.flatMap { try file.tensor($0.name) }
    }
    let (weight, bias) = (try #require(try stored(".weight")), try stored(".bias"))
    let run = try model.run(Self.text)
    for token in [0, 2] {
      let figure = try flow(run, model, token: token)
      let hidden = try vector(figure, "Feed-forward")
      #expect(hidden.count == run.configuration.hidden)
      let expected = (0..<run.configuration.width).map { output in
        hidden.indices.reduce(bias.map { Double($0[output]) } ?? 0) { sum, inner in
          let factor = name == "gpt2" ? weight[inner, output] : weight[output, inner]
          return sum + Double(hidden[inner]) * Double(factor)
        }
      }
      #expect(agree(try vector(figure, "Back to"), expected.map(Float.init)))
      let panel = try #require(figure.vectorPanels.first { $0.heading.name == "Feed-forward" })
      let positive = Double(hidden.count { $0 > 0 }) / Double(hidden.count)
      let fact = "\(NumberFormat.fixed(100 * positive, decimals: 0)) % above 0"
      #expect(panel.fact == (name == "llama" ? nil : fact))
    }
  }

  @Test(arguments: ["bert", "gpt2"])
  func aLongTextShowsTheLargestWeightsAndTheSumOfTheRest(name: String) throws {
    let model = try model(name)
    let run = try model.run(Self.long)
    let focus = run.count - 4
    let figure = try flow(run, model, token: focus)
    #expect(run.count > 24 && figure.rows.count <= 24)
    let weights = try #require(run.trace[.weights, layer: 1, head: 2]).slice(focus).numbers
    let shares = try #require(numbers(figure, "Softmax")).compactMap(\.self)
    #expect(abs(shares.reduce(0, +) - 1) < 1e-5)
    let isSum = figure.rows.map(\.isSum)
    #expect(isSum.filter { $0 }.count == 1 && isSum.last == true)
    let shown = shares.dropLast().sorted(by: >)
    #expect(zip(shown, weights.map(Double.init).sorted(by: >)).prefix(19).allSatisfy { $0 == $1 })
    guard case .summed(let values, let sum) = try #require(figure.tokenPanels.last).content else {
      Issue.record("no sum")
      return
    }
    let added = sum.indices.map { index in values.compactMap { $0?[index] }.reduce(0, +) }
    #expect(agree(added, sum))
  }

  @Test func stepsAreCountedWithoutAGap() throws {
    for name in ["bert", "gpt2", "llama"] {
      let model = try model(name)
      let figure = try flow(model.run(Self.text), model)
      let steps = (figure.tokenPanels.map(\.heading) + figure.vectorPanels.map(\.heading))
        .compactMap(\.step)
      #expect(steps == Array(2...steps.count + 1))
    }
  }

  @Test func aDecoderLooksAtItsSourceOnTheWay() throws {
    let model = try model("letters")
    let run = try model.run("bad head")
    let part = run.part(.decoder)
    let figure = try flow(part, model, layer: 0, head: 0, token: 2)
    let c = try #require(run.trace[.attentionOutput, layer: 0, of: .cross])
    #expect(try vector(figure, "Look at the source") == c.rows(2..<3).numbers)
    #expect(throws: ModelError.self) {
      try flow(run.part(.cross), model, layer: 0, head: 0)
    }
    #expect(try flow(run.part(.encoder), model, layer: 0, head: 0).rows.count == run.count)
  }

  @Test func refusesTokensThatAreNotThere() throws {
    let model = try model("bert")
    let run = try model.run("The cat")
    #expect(throws: ModelError.self) { try flow(run, model, token: 99) }
  }

  @Test func onlyTheLayersItNeedsAreRecorded() throws {
    let model = try model("gpt2")
    let recording = Recording(HeadFlow.recorded, layers: HeadFlow.layers(of: 1))
    let run = try model.run(Self.text, pass: Pass(recording: recording))
    let whole = try model.run(Self.text)
    #expect(
      try flow(run, model).scene(in: Style()).text == flow(whole, model).scene(in: Style()).text)
    #expect(run.trace[.logits] == nil)
  }
}

extension Tensor {
  /// The rows of all heads of one token, one behind the other.
  fileprivate func joined(_ row: Int) -> [Float] {
    (0..<shape[0]).flatMap { slice($0).rows(row..<row + 1).numbers }
  }
}
