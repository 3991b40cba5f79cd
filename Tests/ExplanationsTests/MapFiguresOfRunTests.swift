import Explanations
import Figures
import Foundation
import Tensors
import TestSupport
import Testing
import Transformers

/// The numbers of figures of attention, computed anew from the trace in double precision.
@Suite struct MapFiguresOfRunTests {
  let bert: Model
  let gpt2: Model
  let llama: Model

  init() throws {
    func model(_ name: String) throws -> Model {
      try Model(folder: Fixtures.folder + "/models/" + name, name: name)
    }
    (bert, gpt2, llama) = (try model("bert"), try model("gpt2"), try model("llama"))
  }

  static let text = "The cat didn't cross the river, the cat sat."

  private func choice(_ run: Run, _ model: Model, _ layer: Int = 1, _ head: Int = 2) throws
    -> HeadChoice
  {
    try HeadChoice(layer: layer, head: head, run, model.transformer)
  }

  /// The plain softmax of the allowed numbers.
  private func softmax(_ scores: [Double], _ allowed: (Int) -> Bool) -> [Double] {
    let kept = scores.indices.filter(allowed)
    let top = kept.map { scores[$0] }.max() ?? 0
    let sum = kept.reduce(0) { $0 + exp(scores[$1] - top) }
    return scores.indices.map { allowed($0) ? exp(scores[$0] - top) / sum : 0 }
  }

  private func rows(_ tensor: Tensor) -> [[Double]] {
    (0..<tensor.rows).map { tensor.rows($0..<$0 + 1).numbers.map(Double.init) }
  }

  private func agree(_ a: [Float], _ b: [Double], _ tolerance: Double = 1e-5) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs(Double($0) - $1) < tolerance }
  }

  /// Descriptions say what is drawn: model, place, tokens, the strongest links and entropies, the
  /// strongest one computed anew.
  @Test func descriptionsNameTheStrongestLink() throws {
    for model in [bert, gpt2] {
      let run = try model.run(Self.text)
      let choice = try choice(run, model)
      let figures: [any Figure] = [
        try Heatmap(.weights, layer: 1, head: 2, of: run, choice: []),
        try Scaling(choice, of: run),
        try Masks(choice, of: run, window: 3),
      ]
      let weights = try #require(run.trace[.weights, layer: 1, head: 2])
      let largest = NumberFormat.weight(Double(weights.numbers.max() ?? 0))
      for figure in figures {
        let words = figure.scene(in: Style()).summary
        for part in ["head 2", model.name, "\(run.count) tokens", "trongest", "nats", largest] {
          #expect(words.contains(part), "\(type(of: figure).name): \(words)")
        }
      }
    }
  }

  @Test func masksAreSoftmaxesOfTheRecordedScores() throws {
    for model in [bert, gpt2, llama] {
      let run = try model.run(Self.text)
      let figure = try Masks(choice(run, model), of: run, window: 3)
      let scores = rows(try #require(run.trace[.scores, layer: 1, head: 2]))
      let rules: [(Int, Int) -> Bool] = [
        { _, _ in true }, { $1 <= $0 }, { $1 <= $0 && $1 > $0 - 3 },
      ]
      for (panel, rule) in zip(figure.sheet.panels, rules) {
        let expected = scores.enumerated().flatMap { query, row in
          softmax(row) { rule(query, $0) }
        }
        #expect(agree(panel.values, expected), "\(model.name) \(panel.title)")
        for index in panel.mask?.indices ?? 0..<0 {
          #expect(panel.mask?[index] == !rule(index / run.count, index % run.count))
        }
      }
      let own = figure.sheet.panels.filter { $0.badge == "the model’s own" }
      #expect(own.map(\.title) == [model.name == "bert" ? "Bidirectional" : "Causal"])
      let recorded = try #require(run.trace[.weights, layer: 1, head: 2])
      #expect(agree(own[0].values, recorded.numbers.map(Double.init), 1e-7))
    }
  }

  @Test func maskedPadsChangeNothing() throws {
    let run = try bert.run(Self.text)
    let padded = try #require(try PaddedRun(run, bert))
    #expect(padded.token == "[PAD]" && padded.heads == 8)
    #expect(padded.weightOnPads == 0)
    #expect(padded.largestChange < 1e-5)
    let figure = try Masks(choice(run, bert), of: run, window: 3, padded: padded)
    let panel = figure.sheet.panels[3]
    let all = run.count + 3
    let plain = figure.sheet.panels[0]
    for query in 0..<run.count {
      for key in 0..<run.count {
        let difference =
          panel.values[query * all + key] - plain.values[query * run.count + key]
        #expect(abs(difference) < 1e-5)
      }
    }
    #expect(try PaddedRun(gpt2.run(Self.text), gpt2) == nil)
  }

  @Test func scalingDividesTheSameProducts() throws {
    for model in [bert, llama] {
      let run = try model.run(Self.text)
      let figure = try Scaling(choice(run, model), of: run)
      let q = rows(try #require(run.trace[.query, layer: 1, head: 2]))
      let k = rows(try #require(run.trace[.key, layer: 1, head: 2]))
      let isCausal = model.name == "llama"
      let divisors = [Double(q[0].count).squareRoot(), Double(run.count).squareRoot(), 1]
      for (panel, divisor) in zip(figure.sheet.panels, divisors) {
        var expected: [Double] = []
        for (i, query) in q.enumerated() {
          let products = k.map { zip(query, $0).reduce(0) { $0 + $1.0 * $1.1 } / divisor }
          let row = softmax(products) { !isCausal || $0 <= i }
          expected += row
          let entropy = -row.reduce(0) { $1 > 0 ? $0 + $1 * log($1) : $0 }
          #expect(abs(panel.margin[i] - entropy) < 1e-4)
        }
        #expect(agree(panel.values, expected), "\(model.name) \(panel.title)")
        // The first row of a decoder has one key, so its weight is 1; others have several.
        #expect((panel.values[0] == 1) == isCausal)
        #expect(panel.values.dropFirst(run.count).allSatisfy { $0 < 1 })
      }
      #expect(figure.sheet.panels.map { $0.badge != nil } == [true, false, false])
    }
  }

  @Test func asymmetryHasBothDirectionsOfEveryPair() throws {
    let run = try bert.run(Self.text)
    let figure = try Asymmetry(choice(run, bert), of: run)
    let scores = rows(try #require(run.trace[.scores, layer: 1, head: 2]))
    let weights = scores.map { softmax($0) { _ in true } }
    var pair = 0
    for i in 0..<run.count {
      for j in (i + 1)..<run.count {
        let (a, b) = (figure.panels[0].pairs[pair], figure.panels[1].pairs[pair])
        #expect(abs(a.ahead - scores[i][j]) < 1e-6 && abs(a.back - scores[j][i]) < 1e-6)
        #expect(abs(b.ahead - log(weights[i][j])) < 1e-5)
        #expect(abs(b.back - log(weights[j][i])) < 1e-5)
        pair += 1
      }
      if i == run.count - 2 { break }
    }
    #expect(pair == figure.panels[0].pairs.count && pair == figure.panels[1].pairs.count)
    let (x, y) = (figure.panels[0].pairs.map(\.ahead), figure.panels[0].pairs.map(\.back))
    let r = correlation(x, y)
    #expect(figure.panels[0].fact == "correlation " + NumberFormat.fixed(r, decimals: 2))
  }

  /// Spelled out in another way than in the figure: by standardised values.
  private func correlation(_ x: [Double], _ y: [Double]) -> Double {
    func standard(_ v: [Double]) -> [Double] {
      let mean = v.reduce(0, +) / Double(v.count)
      let deviation = (v.map { pow($0 - mean, 2) }.reduce(0, +) / Double(v.count)).squareRoot()
      return v.map { ($0 - mean) / deviation }
    }
    return zip(standard(x), standard(y)).map(*).reduce(0, +) / Double(x.count)
  }

  @Test func lnWeightsDoNotChangeWhenAConstantIsAddedToARow() throws {
    let run = try bert.run(Self.text)
    var shifted = run
    let site = Site(.scores, layer: 1)
    let scores = try #require(run.trace[.scores, layer: 1])
    let n = run.count
    shifted.trace.tensors[site] = Tensor(
      scores.numbers.enumerated().map { $0.element + Float($0.offset / n % 5) - 2 },
      shape: scores.shape)
    let (a, b) = (
      try Asymmetry(choice(run, bert), of: run), try Asymmetry(choice(run, bert), of: shifted)
    )
    for (p, q) in zip(a.panels[1].pairs, b.panels[1].pairs) {
      #expect(abs(p.ahead - q.ahead) < 1e-4 && abs(p.back - q.back) < 1e-4)
    }
    #expect(a.panels[0].pairs != b.panels[0].pairs)
  }

  @Test func aProductClosesWithItsPrintedNumbers() throws {
    for model in [bert, gpt2, llama] {
      let run = try model.run(Self.text)
      let n = run.count
      for (query, key) in [(2, 1), (n - 1, 0), (n - 1, n - 1)] {
        let figure = try Product(choice(run, model), query: query, key: key, of: run)
        let score = Double(try #require(run.trace[.scores, layer: 1, head: 2])[query, key])
        let weight = Double(try #require(run.trace[.weights, layer: 1, head: 2])[query, key])
        let sum = figure.terms.reduce(0, +)
        #expect(abs(sum / Double(figure.query.count).squareRoot() - score) < 1e-4)
        let numbers = figure.steps.map { $0.flatMap(Self.numbers) }
        #expect(abs((numbers[0].last ?? 0) - sum) < 0.0051)
        let divided = numbers[1].prefix(3)
        #expect(
          NumberFormat.fixed(divided[0] / divided[1], decimals: 2)
            == NumberFormat.fixed(divided[2], decimals: 2))
        #expect(
          NumberFormat.fixed(score, decimals: 2) == NumberFormat.fixed(divided[2], decimals: 2))
        let fraction = numbers[2].suffix(3)
        #expect(
          NumberFormat.weight(fraction[fraction.startIndex] / fraction[fraction.startIndex + 1])
            == NumberFormat.weight(weight))
      }
    }
    let run = try gpt2.run(Self.text)
    #expect(throws: ModelError.self) {
      try Product(choice(run, gpt2), query: 1, key: 4, of: run)
    }
  }

  /// The numbers of a formula, in order.
  private static func numbers(_ inline: Inline) -> [Double] {
    guard case .formula(let formula) = inline else { return [] }
    return numbers(formula)
  }

  private static func numbers(_ formula: Formula) -> [Double] {
    switch formula {
    case .word(let word):
      let plain = word.replacingOccurrences(of: "−", with: "-").replacingOccurrences(
        of: ",", with: "")
      return Double(plain).map { [$0] } ?? []
    case .row(let parts): return parts.flatMap(numbers)
    case .variable, .sign, .sub, .sup, .fraction, .root, .parentheses: return []
    }
  }

  @Test func arcsHoldTheRecordedRow() throws {
    let run = try bert.run(Self.text)
    let choice = try ArcsChoice(heads: [], token: 3, run, bert.transformer)
    #expect(choice.focus == 3 && choice.heads.map(\.layer) == [0, 1])
    let figure = try Arcs(choice, of: run)
    for (place, head) in zip(choice.heads, figure.heads) {
      let weights = try #require(run.trace[.weights, layer: place.layer, head: place.head])
      #expect(agree(weights.rows(3..<4).numbers, head.weights, 1e-9))
    }
    #expect(throws: ModelError.self) {
      try ArcsChoice(heads: [], token: run.count, run, bert.transformer)
    }
    #expect(throws: ModelError.self) {
      try ArcsChoice(heads: [.init(layer: 5, head: 0)], token: 0, run, bert.transformer)
    }
  }

  @Test func editedMapsAreDeclaredAndSumToOne() throws {
    let run = try bert.run(Self.text)
    let edits = MapEdits(removesSpecial: true, mergesWords: true)
    for figure in [
      try Heatmap(meanOfLayer: nil, of: run, edits: edits),
      try Heatmap(choice(run, bert), of: run, edits: edits),
    ] {
      let badge = try #require(figure.caption.badge)
      #expect(badge.contains("[CLS] and [SEP] removed, rows renormalised"))
      #expect(badge.contains("merged into"))
      let n = figure.columns.count
      #expect(n < run.count - 1)
      #expect(figure.rows.count == n)
    }
    let mean = try Heatmap(meanOfLayer: 1, of: run)
    #expect(mean.caption.badge == "mean of 4 heads, never softmaxed again")
    let choice = try ArcsChoice(heads: [], token: 0, run, bert.transformer)
    #expect(throws: ModelError.self) {
      try Arcs(choice, of: run, edits: MapEdits(removesSpecial: true))
    }
  }

  @Test func distancesAndTheStreamComeFromTheRun() throws {
    for model in [bert, gpt2, llama] {
      let run = try model.run(Self.text)
      let distance = try Distance(of: run, naming: .init(layer: 1, head: 3))
      #expect(distance.profiles.count == run.configuration.layers * run.configuration.heads)
      for profile in distance.profiles { #expect(abs(profile.reduce(0, +) - 1) < 1e-5) }
      #expect(distance.named[0].head == .init(layer: 1, head: 3))
      let residual = try Residual(of: run, token: 1)
      #expect(residual.steps.count == 2 * run.configuration.layers)
      #expect(residual.named[0].token == 1)
      #expect(throws: ModelError.self) { try Residual(of: run, token: 99) }
    }
  }

  @Test func positionsSwitchedOffMakeEqualTokensEqual() throws {
    for model in [bert, gpt2, llama] {
      let run = try model.run(Self.text)
      let figure = try Positions(of: run, choice: choice(run, model), model)
      let comparison = try #require(figure.comparison)
      let with = zip(comparison.rows[0], comparison.rows[1]).map { abs($0 - $1) }.max() ?? 0
      let without = zip(comparison.rows[2], comparison.rows[3]).map { abs($0 - $1) }.max() ?? 1
      #expect(with > 1e-3 && without < 1e-5, "\(model.name): \(with), \(without)")
      #expect(abs(figure.similarity[0].mean - 1) < 1e-6)
    }
    let run = try bert.run("a")
    #expect(try Positions(of: run, choice: choice(run, bert), bert).comparison == nil)
  }

  @Test func sinusoidsFollowTheFormula() throws {
    let run = try bert.run("a cat sat")
    let figure = try Positions(of: run, choice: choice(run, bert), bert, scheme: .sinusoidal)
    let width = bert.configuration.width
    #expect(figure.dimensions == width)
    for (m, i) in [(0, 0), (1, 0), (3, 5), (7, width / 2 - 1)] {
      let angle = Double(m) / pow(10_000, 2 * Double(i) / Double(width))
      #expect(abs(Double(figure.values[m * width + 2 * i]) - sin(angle)) < 1e-6)
      #expect(abs(Double(figure.values[m * width + 2 * i + 1]) - cos(angle)) < 1e-6)
    }
    // Known for them: the product of two encodings depends on their distance alone.
    for point in figure.similarity { #expect(point.high - point.low < 1e-5) }
  }

  @Test func rotarySimilarityIsTheOneOfTurnedVectors() throws {
    let run = try llama.run(Self.text)
    let figure = try Positions(of: run, choice: choice(run, llama), llama)
    let rotary = try #require(llama.configuration.rotary.first ?? nil)
    let d = llama.configuration.headWidth
    let ones = Tensor([Float](repeating: 1, count: 8 * d), shape: [1, 8, d])
    let frequencies = (0..<d / 2).map { pow(rotary.base, -2 * Double($0) / Double(d)) }
    let turned = Rotation(frequencies: frequencies, positions: 0..<8)(ones).slice(0)
    let rows = rows(turned)
    for distance in 0..<8 {
      let product = zip(rows[0], rows[distance]).reduce(0) { $0 + $1.0 * $1.1 } / Double(d)
      #expect(abs(figure.similarity[distance].mean - product) < 1e-5)
    }
  }
}
