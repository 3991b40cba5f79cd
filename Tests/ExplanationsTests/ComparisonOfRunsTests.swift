import Analysis
import Explanations
import Figures
import Tensors
import TestSupport
import Testing
import Tokenization
import Transformers

/// Maps of two runs, their differences computed anew in double precision.
@Suite struct ComparisonOfRunsTests {
  let bert: Model
  let gpt2: Model

  init() throws {
    func model(_ name: String) throws -> Model {
      try Model(folder: Fixtures.folder + "/models/" + name, name: name)
    }
    (bert, gpt2) = (try model("bert"), try model("gpt2"))
  }

  static let text = "The cat didn't cross the river."

  private func map(
    _ run: Run, _ model: Model, _ layer: Int = 1, _ head: Int = 2, _ edits: MapEdits = MapEdits()
  ) throws -> ComparedMap {
    try ComparedMap(
      HeadChoice(layer: layer, head: head, run, model.transformer, isOutlined: false), of: run,
      edits: edits)
  }

  /// The values of a heatmap, row by row; `nil` where masked.
  private func values(_ figure: Heatmap) -> [Double?] {
    let matrix = figure.matrix
    return (0..<matrix.rows).flatMap { row in
      (0..<matrix.columns).map { matrix.value(row, $0) }
    }
  }

  @Test(arguments: ["bert", "gpt2"]) func aRunDiffersNowhereFromItself(name: String) throws {
    let model = name == "bert" ? bert : gpt2
    let run = try model.run(Self.text)
    let (a, b) = try #require(
      ComparedMap.matched(map(run, model), map(model.run(Self.text), model)))
    let figure = Heatmap(a, minus: b)
    #expect(figure.quantity == .difference)
    #expect(values(figure).allSatisfy { $0 == nil || $0 == 0 })
    #expect(figure.caption.title.hasPrefix("No weight differs"))
    #expect(values(figure).contains(nil) == (name == "gpt2"))
  }

  @Test func theDifferenceIsOfTheRecordedWeights() throws {
    let run = try gpt2.run(Self.text)
    let (a, b) = try #require(
      ComparedMap.matched(map(run, gpt2, 0, 1), map(run, gpt2, 1, 3)))
    let weights = try [
      #require(run.trace[.weights, layer: 0, head: 1]),
      #require(run.trace[.weights, layer: 1, head: 3]),
    ].map { $0.numbers.map(Double.init) }
    let found = values(Heatmap(a, minus: b))
    for (index, value) in found.enumerated() {
      let (query, key) = (index / run.count, index % run.count)
      if key > query {
        #expect(value == nil)
      } else {
        #expect(abs((value ?? 9) - (weights[0][index] - weights[1][index])) < 1e-6)
      }
    }
  }

  @Test func specialTokensAreLeftAsideWhereTheyDiffer() throws {
    let run = try bert.run(Self.text)
    // The same tokens without [CLS] and [SEP], as another model would have them.
    var bare = run
    let inner = 1..<run.count - 1
    let tokens = RecordedText(
      inner.map { run.encoding.tokens[$0] }, offsets: inner.map { run.encoding.offsets[$0] },
      text: run.text)
    (bare.encoding, bare.tokens, bare.model) = (tokens.encoding, tokens.tokens, "bare")
    for (site, tensor) in run.trace.tensors where site.value == .weights {
      let n = run.count
      let numbers = (0..<tensor.shape[0]).flatMap { head in
        inner.flatMap { query -> [Float] in
          let row = inner.map { tensor[head, query, $0] }
          let sum = row.reduce(0, +)
          return row.map { $0 / sum }
        }
      }
      bare.trace.tensors[site] = Tensor(numbers, shape: [tensor.shape[0], n - 2, n - 2])
    }
    let (a, b) = try #require(ComparedMap.matched(map(run, bert), map(bare, bert)))
    let figure = Heatmap(a, minus: b)
    #expect(values(figure).allSatisfy { abs($0 ?? 0) < 1e-6 })
    #expect(figure.caption.badge?.contains("[CLS] and [SEP] removed, rows renormalised") == true)
    #expect(figure.rows.count == run.count - 2)
  }

  @Test func wordsAreMergedWhereBothModelsCut() throws {
    let edits = MapEdits(mergesWords: true)
    let (first, second) = (try bert.run(Self.text), try gpt2.run(Self.text))
    #expect(try ComparedMap.matched(map(first, bert), map(second, gpt2)) == nil)
    let (a, b) = try #require(
      ComparedMap.matched(map(first, bert, 1, 2, edits), map(second, gpt2, 1, 2, edits)))
    let figure = Heatmap(a, minus: b)
    let words = figure.rows.count
    #expect(words == figure.columns.count && words < second.count)
    // What every word of both receives sums to 1 a row, so that the difference sums to 0.
    let run = values(MapComparison(a, beside: b).sheet.panels[0])
    for row in 0..<words {
      #expect(abs(run[row * words..<(row + 1) * words].reduce(0, +) - 1) < 1e-6)
    }
  }

  private func values(_ panel: MapSheet.Panel) -> [Double] { panel.values.map(Double.init) }

  @Test func otherTokensHaveNoDifference() throws {
    let (first, second) = (try bert.run(Self.text), try bert.run("The dog ran."))
    let (a, b) = (try map(first, bert), try map(second, bert))
    #expect(ComparedMap.matched(a, b) == nil)
    #expect(ComparedMap.difference(a, b).contains("at place"))
    let figure = MapComparison(a, beside: b)
    #expect(figure.sheet.panels.map { $0.tokens?.count } == [first.count, second.count])
    let recorded = try #require(second.trace[.weights, layer: 1, head: 2])
    #expect(figure.sheet.panels[1].values == recorded.numbers)
    #expect(figure.caption.title.contains("“The dog ran.”"))
  }
}
