import Explanations
import Figures
import Tensors
import Testing
import Transformers

/// An edited walk is told against the run without edits.
@Suite struct WalkComparisonTests {
  private func walk(_ name: String, _ edits: WalkEdits) throws -> Walk {
    let model = try WalkSamples.model(name)
    return try Walk(
      of: WalkSamples.run(model, name, edits: edits), by: model,
      original: WalkSamples.run(model, name))
  }

  @Test(arguments: ["bert", "gpt2", "llama"])
  func theLargestChangeOfARowIsNamed(name: String) throws {
    let walk = try walk(name, WalkEdits(off: [.init(0, 1)]))
    let original = try #require(walk.original)
    let token = walk.run.count - 1
    for (station, value) in [
      (Station(.addAttention, layer: 0), Site.Value.residual),
      (Station(.addFeedForward, layer: 1), .output),
    ] {
      let page = try walk.page(of: station, focus: Focus(layer: 0, head: 0, token: token))
      let change = try #require(page.change)
      func row(_ run: Run) throws -> [Float] {
        try #require(run.trace[value, layer: station.layer]).rows(token..<token + 1).numbers
      }
      let (new, old) = (try row(walk.run), try row(original))
      let differences = zip(new, old).map { abs($0 - $1) }
      let most = try #require(differences.indices.max { differences[$0] < differences[$1] })
      #expect(change.lines[0].contains("dimension \(most), "), "\(change.lines)")
      #expect(abs(change.largest - Double(differences[most])) < 1e-6)
    }
  }

  @Test func nothingChangesBeforeTheEdit() throws {
    let walk = try walk("gpt2", WalkEdits(off: [.init(1, 0)]))
    let focus = Focus(layer: 0, head: 0, token: 3)
    for kind in Station.Kind.allCases where kind.isInLayer {
      let change = try walk.page(of: Station(kind, layer: 0), focus: focus).change
      #expect(change?.largest == 0 && change?.figure == nil, "\(kind)")
    }
    let silent = try walk.page(of: Station(.mixed, layer: 1), focus: focus)
    #expect(silent.formula.contains { $0.contains("switched off") })
    #expect(silent.lookFor.contains("switched off"))
    let after = try walk.page(of: Station(.projected, layer: 1), focus: focus)
    #expect(after.change.map { $0.largest > 0 } == true && after.command == nil)
  }

  @Test func mapsHaveADifference() throws {
    let walk = try walk("bert", WalkEdits(attentionTemperature: AttentionTemperature(0.3)))
    let original = try #require(walk.original)
    let page = try walk.page(of: Station(.weights, layer: 0), focus: Focus(head: 1, token: 2))
    let figure = try #require(page.change?.figure as? Heatmap)
    #expect(figure.quantity == .difference)
    let (new, old) = (
      try #require(walk.run.trace[.weights, layer: 0, head: 1]),
      try #require(original.trace[.weights, layer: 0, head: 1])
    )
    #expect(figure.matrix.values == zip(new.numbers, old.numbers).map { $0 - $1 })
    #expect(page.happens.contains("τ = 0.3"))
  }

  @Test func aWalkWithoutEditsHasNoChange() throws {
    let walk = try WalkSamples.walk("gpt2")
    for station in walk.stations {
      #expect(try walk.page(of: station, focus: Focus(token: 1)).change == nil)
    }
  }

  /// The target that is written under edits may be another one: what can be compared is.
  @Test func targetsOfAnotherLengthDoNotStopAWalk() throws {
    let walk = try walk("letters", WalkEdits(attentionTemperature: AttentionTemperature(.infinity)))
    for station in walk.stations {
      let count = walk.tokens(of: station.stack).count
      _ = try walk.page(of: station, focus: Focus(layer: 0, head: 0, token: count - 1))
    }
  }
}
