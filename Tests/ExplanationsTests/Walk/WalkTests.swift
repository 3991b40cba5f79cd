import Explanations
import Figures
import TestSupport
import Testing
import Tokenization
import Transformers

@Suite struct WalkTests {
  @Test(arguments: WalkSamples.names)
  func everyStationOfEveryFamilyHasAPage(name: String) throws {
    let walk = try WalkSamples.walk(name)
    let shape = walk.run.configuration
    let inLayer = Station.Kind.allCases.filter(\.isInLayer)
    let attention = inLayer.filter(\.isInAttention)
    let layers = shape.stacks.reduce(0) { sum, stack in
      sum + walk.layers(of: stack) * (stack == .cross ? attention : inLayer).count
    }
    #expect(walk.stations.filter { $0.layer != nil }.count == layers)
    for station in walk.stations {
      let start = walk.start(of: station.stack)
      for head in [start.head, nil] {
        var focus = start
        focus.head = head
        let page = try walk.page(of: station, focus: focus)
        #expect(!page.title.isEmpty && !page.line.isEmpty && !page.happens.isEmpty)
        for sentence in [page.happens, page.lookFor] {
          #expect(sentence.hasSuffix(".") || sentence.hasSuffix("?"), "\(sentence)")
        }
        #expect(!page.formula.isEmpty && !page.outputs.isEmpty, "\(station)")
        for quantity in page.outputs + page.inputs { #expect(quantity.shape.allSatisfy { $0 > 0 }) }
        let texts = page.formula + [page.line, page.happens, page.lookFor]
        for text in texts { #expect(!text.contains("nan") && !text.contains("NaN"), "\(text)") }
        if let table = page.table {
          #expect(table.rows.allSatisfy { $0.count == table.header.count })
        }
      }
    }
  }

  /// The order of Vaswani et al.: text, tokens, embedding, layers, output.
  @Test func theOrderIsThatOfTheComputation() throws {
    let walk = try WalkSamples.walk("gpt2")
    let layers = walk.layers(of: .sole)
    let inLayer = [
      "queries", "keys", "values", "scores", "scaled", "masked", "weights", "mixed",
      "concatenated", "projected", "add-attention", "feed-forward", "add-feed-forward",
    ]
    let expected =
      ["text", "tokens", "embedding"] + (0..<layers).flatMap { l in inLayer.map { "L\(l).\($0)" } }
      + ["final-norm", "logits", "distribution", "next"]
    #expect(walk.stations.map(\.id) == expected)
    let encoder = try WalkSamples.walk("bert").stations.map(\.id)
    #expect(encoder.suffix(2) == ["logits", "distribution"])
    let bare = try WalkSamples.walk("bert_base_model").stations
    #expect(bare.last?.kind == .addFeedForward)
  }

  @Test func aDecoderLooksAtItsSourceBetweenAttentionAndNetwork() throws {
    let ids = try WalkSamples.walk("letters").stations.map(\.id)
    let own = try #require(ids.firstIndex(of: "decoder.L1.add-attention"))
    #expect(ids[own + 1] == "decoder.L1.cross.queries")
    let end = try #require(ids.firstIndex(of: "decoder.L1.cross.add-attention"))
    #expect(ids[end + 1] == "decoder.L1.feed-forward")
    #expect(ids.first == "encoder.text" && ids.last == "decoder.next")
  }

  @Test func stepsEndAtTheEnds() throws {
    let walk = try WalkSamples.walk("gpt2")
    let first = walk.stations[0]
    #expect(walk.station(from: first, by: -1) == first)
    #expect(walk.station(from: first, by: 2).id == "embedding")
    #expect(walk.station(from: first, by: 10_000) == walk.stations.last)
    let scores = Station(.scores, layer: 0)
    #expect(walk.station(from: scores, layersUp: 1).id == "L1.scores")
    #expect(walk.station(from: scores, layersUp: -4) == scores)
    #expect(walk.station(from: first, layersUp: 1) == first)
  }

  @Test func aFocusIsBroughtIntoWhatThereIs() throws {
    let walk = try WalkSamples.walk("letters")
    let wild = Focus(layer: 99, head: 99, token: -3, key: 1000, temperature: .nan)
    let station = Station(.weights, layer: 1, of: .cross)
    let focus = walk.focus(wild, at: station)
    #expect(focus.layer == 1 && focus.head == walk.heads(of: .cross) - 1 && focus.token == 0)
    #expect(focus.key == walk.keys(of: .cross).count - 1 && focus.temperature == 1)
    #expect(try walk.page(of: station, focus: wild).focus == focus)
  }

  @Test func stationsAreNamedInFullOrByKind() throws {
    let walk = try WalkSamples.walk("letters")
    func id(_ words: String, _ layer: Int? = nil, _ stack: Site.Stack? = nil) throws -> String {
      try walk.station(named: words, layer: layer, stack: stack).id
    }
    #expect(try id("weights", 1) == "decoder.L1.weights")
    #expect(try id("weights", 1, .cross) == "decoder.L1.cross.weights")
    #expect(try id("encoder.L0.weights") == "encoder.L0.weights")
    #expect(try id("logits") == "decoder.logits" && id("L1.scores") == "decoder.L1.scores")
    #expect(try id("text") == "encoder.text")
  }

  @Test(arguments: [
    ("wieghts", "did you mean weights?"), ("L0.wieghts", "did you mean L0.weights?"),
    ("nonsense", "known: text, tokens"), ("L9.weights", "there is no layer 9"),
    ("next", "has no station next"), ("final-norm", "has no station final-norm"),
  ])
  func whatIsNotThereIsSaid(words: String, message: String) throws {
    let walk = try WalkSamples.walk("bert")
    let error = #expect(throws: ModelError.self) { try walk.station(named: words) }
    #expect(error?.kind == .noSuchPlace)
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test func tokensAreFound() throws {
    let walk = try WalkSamples.walk("bert")
    let tokens = walk.tokens(of: .sole)
    for place in walk.tokens(matching: "THE", of: .sole) {
      #expect(
        tokens[place].text.contains("the") || tokens[place].source.lowercased().contains("the"))
    }
    #expect(walk.tokens(matching: "the", of: .sole).count >= 1)
    #expect(walk.tokens(matching: "", of: .sole).isEmpty)
  }

  @Test func aRunThatRecordedTooLittleIsRefused() throws {
    let model = try WalkSamples.model("bert")
    let run = try model.run("the cat", pass: Pass(recording: Recording([.weights])))
    #expect(throws: ModelError.self) { try Walk(of: run, by: model) }
  }
}
