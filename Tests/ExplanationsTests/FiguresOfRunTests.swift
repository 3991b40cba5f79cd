import Explanations
import Figures
import Tensors
import TestSupport
import Testing
import Tokenization
import Transformers

@Suite struct FiguresOfRunTests {
  let bert: Model
  let gpt2: Model

  init() throws {
    bert = try Model(folder: Fixtures.folder + "/models/bert", name: "bert")
    gpt2 = try Model(folder: Fixtures.folder + "/models/gpt2", name: "gpt2")
  }

  static let text = "The cat didn't cross the river."

  @Test(arguments: HeatmapContent.allCases)
  func everyContentCanBeDrawn(content: HeatmapContent) throws {
    for model in [bert, gpt2] {
      let run = try model.run(Self.text)
      let figure = try Heatmap(content, layer: 1, head: 2, of: run, choice: ["chosen"])
      let scene = figure.scene(in: Style())
      #expect(scene.size.width > 0 && !scene.marks.isEmpty)
      #expect(scene.summary.contains(model.name))
      #expect(figure.rows.count == run.count)
      let isMap = [.scores, .masked, .weights].contains(content)
      #expect(figure.columns.count == (isMap ? run.count : 8))
    }
  }

  /// A figure whose weights are not the model's own says so.
  @Test func saysTheTemperatureInsideAttention() throws {
    func texts(_ tau: AttentionTemperature, head: Int) throws -> String {
      let run = try gpt2.run(Self.text, pass: Pass(attentionTemperature: tau))
      let figure = try Heatmap(.weights, layer: 1, head: head, of: run, choice: [])
      return figure.scene(in: Style()).text
    }
    var one = AttentionTemperature()
    one.set(.infinity, layers: 1..<2, heads: 2..<3)
    #expect(try !texts(AttentionTemperature(), head: 2).contains("τ"))
    #expect(try texts(AttentionTemperature(0.5), head: 2).contains("τ = 0.5"))
    let tempered = try texts(one, head: 2)
    #expect(tempered.contains("τ = ∞") && tempered.contains("L1H2 at ∞"))
    let other = try texts(one, head: 1)
    #expect(other.contains("L1H2 at ∞") && !other.contains("divided"))
  }

  @Test func thereIsNoLayerOrHeadBeyondTheLast() throws {
    let run = try bert.run(Self.text)
    for (layer, head) in [(2, 0), (-1, 0), (0, 4), (0, -1)] {
      let error = #expect(throws: ModelError.self) {
        try Heatmap(.weights, layer: layer, head: head, of: run, choice: [])
      }
      #expect(error?.kind == .noSuchPlace)
    }
  }

  @Test func theGalleryHasEveryHeadsWeights() throws {
    let run = try gpt2.run(Self.text)
    let gallery = try Gallery(of: run, transformer: gpt2.transformer)
    #expect(gallery.panels.count == 8)
    for layer in 0..<2 {
      for head in 0..<4 {
        #expect(
          gallery.panels[layer * 4 + head].values
            == run.trace[.weights, layer: layer, head: head]?.numbers)
      }
    }
    let mask = try #require(gallery.mask)
    for query in 0..<run.count {
      for key in 0..<run.count { #expect(mask[query * run.count + key] == (key > query)) }
    }
    #expect(try Gallery(of: bert.run(Self.text), transformer: bert.transformer).mask == nil)
  }

  @Test func aChoiceIsKeptAndAnOpenOneIsExplained() throws {
    let run = try bert.run(Self.text)
    let given = try HeadChoice(layer: 1, head: 3, run, bert.transformer)
    #expect(given.layer == 1 && given.head == 3 && given.focus == nil)
    let open = try HeadChoice(layer: 0, head: nil, run, bert.transformer)
    #expect(open.layer == 0 && open.focus != nil && !open.words.isEmpty)
    #expect(throws: ModelError.self) { try HeadChoice(layer: 7, head: nil, run, bert.transformer) }
  }
}
