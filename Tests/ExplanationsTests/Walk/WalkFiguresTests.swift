import Explanations
import Figures
import Foundation
import Tensors
import TestSupport
import Testing
import Tokenization
import Transformers

@Suite struct WalkFiguresTests {
  @Test(arguments: WalkSamples.models)
  func everyPictureIsAScene(name: String) throws {
    let walk = try WalkSamples.walk(name)
    for station in walk.stations {
      for head in [0, nil] {
        var focus = walk.start(of: station.stack)
        focus.head = head
        let page = try walk.page(of: station, focus: focus)
        guard let figure = page.figure else {
          #expect([.text, .tokens, .nextToken].contains(station.kind), "\(station)")
          continue
        }
        let scene = figure.scene(in: Style())
        #expect(scene.size.width > 0 && !scene.title.isEmpty, "\(station)")
        #expect(scene.summary.count > 20, "\(station)")
      }
    }
  }

  /// q · k dimension by dimension where a key is in focus, and no product with what the mask hides.
  @Test func aKeyInFocusShowsTheProduct() throws {
    let walk = try WalkSamples.walk("gpt2")
    let station = Station(.scores, layer: 1)
    let page = try walk.page(of: station, focus: Focus(head: 2, token: 4, key: 1))
    let product = try #require(page.figure as? Product)
    let run = walk.run
    let q = try #require(run.trace[.query, layer: 1, head: 2]).rows(4..<5).numbers
    let k = try #require(run.trace[.key, layer: 1, head: 2]).rows(1..<2).numbers
    #expect(product.query == q.map(Double.init) && product.key == k.map(Double.init))
    #expect(
      page.command == [
        "draw", "product", "--token", "4", "--key", "1", "--layer", "1", "--head", "2",
      ])
    let hidden = try walk.page(of: station, focus: Focus(head: 2, token: 1, key: 4))
    #expect(hidden.figure is Heatmap && hidden.command == nil)
    #expect(hidden.formula.contains { $0.contains("mask") })
  }

  /// A decoder's look at its source: keys are the source's, fewer or more than the queries.
  @Test(arguments: ["a", "bad head bad head"])
  func aKeyOfTheSourceIsOfTheSource(text: String) throws {
    let model = try Model(folder: Fixtures.folder + "/models/letters", name: "letters")
    let run = try model.run(
      text, edits: WalkEdits(), recording: Walk.recording, target: .greedy(count: 6))
    let walk = try Walk(of: run, by: model)
    let weights = try #require(run.trace[.weights, layer: 0, head: 1, of: .cross])
    let scores = try #require(run.trace[.scores, layer: 0, head: 1, of: .cross])
    #expect(weights.shape == [try #require(run.target).tokens.count, run.tokens.count])
    for query in 0..<weights.rows {
      for key in 0..<weights.width {
        let page = try walk.page(
          of: Station(.scores, layer: 0, of: .cross), focus: Focus(head: 1, token: query, key: key))
        let product = try #require(page.figure as? Product)
        #expect(product.keyName.hasPrefix(run.tokens[key].text))
        #expect(product.queryName.hasPrefix(try #require(run.target).tokens[query].text))
        let words = product.steps.joined().compactMap { step -> String? in
          if case .text(let text) = step { text } else { nil }
        }
        // The sum is printed where its numbers are short.
        if product.steps.count > 2 {
          #expect(words.contains { $0.contains("sum over \(weights.width) key") })
        }
        // exp(α) / Σ exp(α) of the whole row is the weight.
        let row = scores.rows(query..<query + 1).numbers.map { exp(Double($0)) }
        #expect(abs(row[key] / row.reduce(0, +) - Double(weights[query, key])) < 1e-5)
      }
    }
  }

  @Test func allHeadsAreShownTogether() throws {
    let walk = try WalkSamples.walk("bert")
    let focus = Focus(head: nil, token: 2)
    let gallery = try walk.page(of: Station(.weights, layer: 1), focus: focus).figure as? Gallery
    #expect(gallery?.layers == [1] && gallery?.panels.count == walk.heads(of: .sole))
    let scores = try walk.page(of: Station(.scaled, layer: 1), focus: focus).figure as? Heatmap
    #expect(scores?.rows.count == walk.heads(of: .sole) && scores?.columns.count == walk.run.count)
    let first = try #require(walk.run.trace[.scores, layer: 1, head: 0]).rows(2..<3).numbers
    #expect(scores.map { Array($0.matrix.values.prefix(first.count)) } == first)
  }

  /// Weighted values and their sum, as the figure shows them.
  @Test func weightedValuesAddUp() throws {
    let walk = try WalkSamples.walk("bert")
    let page = try walk.page(of: Station(.mixed, layer: 1), focus: Focus(head: 1, token: 3))
    let figure = try #require(page.figure as? Heatmap)
    let (rows, columns) = (figure.rows.count, figure.columns.count)
    for dimension in 0..<columns {
      let values = (0..<rows).map { figure.matrix.values[$0 * columns + dimension] }
      let sum = values.dropLast().reduce(0, +)
      #expect(abs(sum - values[rows - 1]) < 1e-4 * max(1, abs(sum)))
    }
  }

  /// On a terminal the strongest of neighbouring dimensions stands for them; the file has all.
  @Test func wideVectorsAreCondensedForATerminal() throws {
    let walk = try WalkSamples.walk("gpt2")
    let page = try walk.page(of: Station(.feedForward, layer: 0), focus: Focus(token: 1))
    let whole = try #require(page.figure as? Heatmap)
    let small = try #require(page.picture(columns: 60) as? Heatmap)
    #expect(whole.columns.count == walk.run.configuration.hidden)
    #expect(small.columns.count <= 23 && small.caption.notes.isEmpty)
    let size = small.columns.stride
    #expect(size > 1 && (small.columns.count - 1) * size < whole.columns.count)
    for row in 0..<whole.rows.count {
      for block in 0..<small.columns.count {
        let range = block * size..<min((block + 1) * size, whole.columns.count)
        let strongest = range.map { whole.matrix.values[row * whole.columns.count + $0] }
          .max { $0.magnitude < $1.magnitude }
        #expect(small.matrix.values[row * small.columns.count + block] == strongest)
      }
    }
    let text = small.scene(in: Style()).text
    #expect(text.contains("“\(size * 2)”") || text.contains("“\(size * 4)”"))
  }
}
