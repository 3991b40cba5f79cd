import Explanations
import Foundation
import Tensors
import Testing
import Transformers

/// Every printed line can be calculated again, and what it gives is what the run recorded.
@Suite struct WalkFormulaTests {
  private struct Sample {
    let walk: Walk
    let stack: Site.Stack
    let layer: Int
    let focus: Focus
    let run: Run

    init(_ walk: Walk, _ stack: Site.Stack) {
      self.walk = walk
      self.stack = stack
      layer = walk.layers(of: stack) - 1
      run = walk.run.part(stack)
      focus = Focus(layer: layer, head: walk.heads(of: stack) - 1, token: run.count - 1)
    }

    var i: Int { focus.token }
    var head: Int { focus.head ?? 0 }

    func page(_ kind: Station.Kind) throws -> StationPage {
      try walk.page(of: Station(kind, layer: layer, of: stack), focus: focus)
    }

    func row(
      _ value: Site.Value, _ row: Int? = nil, layer at: Int? = nil, of other: Site.Stack? = nil
    )
      throws -> [Double]
    {
      let tensor = try #require(
        run.trace[value, layer: value.isInLayer ? at ?? layer : nil, of: other])
      return tensor.rows((row ?? i)..<(row ?? i) + 1).numbers.map(Double.init)
    }

    func headRow(_ value: Site.Value, _ row: Int? = nil) throws -> [Double] {
      let tensor = try #require(run.trace[value, layer: layer, head: head])
      return tensor.rows((row ?? i)..<(row ?? i) + 1).numbers.map(Double.init)
    }

    var keys: Int { run.keys.count }
    func allows(_ key: Int) -> Bool {
      run.trace.masks[layer]?.allows(query: i, key: key) ?? true
    }
    /// The key that a page follows: the one of largest weight.
    func followed() throws -> Int {
      let weights = try headRow(.weights)
      return try #require((0..<keys).max { (weights[$0], $1) < (weights[$1], $0) })
    }
    var index: String { Sample.index(i) }
    static func index(_ number: Int) -> String {
      String(
        String(number).map {
          Character(UnicodeScalar(0x2080 + UInt32($0.wholeNumberValue ?? 0)) ?? "?")
        })
    }
  }

  private func samples(_ name: String) throws -> [Sample] {
    let walk = try WalkSamples.walk(name)
    return walk.run.configuration.stacks.map { Sample(walk, $0) }
  }

  @Test(arguments: WalkSamples.names)
  func scoresAreProductsOfQueryAndKey(name: String) throws {
    for sample in try samples(name) {
      let key = try sample.followed()
      let (q, k) = (try sample.headRow(.query), try sample.headRow(.key, key))
      let product = zip(q, k).reduce(0) { $0 + $1.0 * $1.1 }
      let page = try sample.page(.scores)
      let line = page.formula[0]
      #expect(line.hasPrefix("q\(sample.index)·k\(Sample.index(key)) = "), "\(line)")
      #expect(isPrinted(PrintedLine(line).result, product), "\(name): \(line), \(product)")
      // The first term has the numbers of dimension 0.
      let first = line.components(separatedBy: " = ")[1].components(separatedBy: " ")[0]
      let term = PrintedLine(first)
      #expect(abs((term.result ?? 1e9) - q[0] * k[0]) <= 0.02 * max(term.size, 0.05), "\(line)")
    }
  }

  @Test(arguments: WalkSamples.names)
  func scaledScoresAreTheRecordedOnes(name: String) throws {
    for sample in try samples(name) {
      let page = try sample.page(.scaled)
      let key = try sample.followed()
      let score = try sample.headRow(.scores)[key]
      #expect(page.formula.allSatisfy { PrintedLine($0).agrees }, "\(page.formula)")
      let last = PrintedLine(page.formula[page.formula.count - 1])
      #expect(isPrinted(last.result, score), "\(name): \(page.formula) \(score)")
    }
  }

  @Test(arguments: WalkSamples.names)
  func weightsAreTheSoftmaxOfTheAllowedScores(name: String) throws {
    for sample in try samples(name) {
      let key = try sample.followed()
      let scores = try sample.headRow(.scores)
      let powers = (0..<sample.keys).map { sample.allows($0) ? exp(scores[$0]) : 0 }
      let weight = powers[key] / powers.reduce(0, +)
      let page = try sample.page(.weights)
      let line = PrintedLine(page.formula[1])
      #expect(line.agrees, "\(page.formula)")
      let printed = page.formula[1].hasSuffix(">.99") ? 1 : line.result
      #expect(abs((printed ?? 9) - weight) < 0.0051, "\(name): \(page.formula) \(weight)")
    }
  }

  @Test(arguments: WalkSamples.names)
  func sumsOfValuesAreTheRecordedOnes(name: String) throws {
    for sample in try samples(name) {
      let weights = try sample.headRow(.weights)
      let values = try (0..<sample.keys).map { try sample.headRow(.value, $0)[0] }
      let sum = zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 }
      let lines = try sample.page(.mixed).formula.dimension0(of: "z\(sample.index)")
      let line = try #require(lines.first)
      #expect(isPrinted(PrintedLine(line).result, sum), "\(name): \(line) \(sum)")
      #expect(abs(try sample.headRow(.context)[0] - sum) < 1e-4 * max(1, abs(sum)))
    }
  }

  @Test(arguments: WalkSamples.names)
  func whatHeadsBringThroughTheProjectionIsTheOutput(name: String) throws {
    for sample in try samples(name) {
      let page = try sample.page(.projected)
      let recorded = try sample.row(.attentionOutput)[0]
      let line = try #require(
        page.formula.dimension0(of: "o\(sample.index)").first, "\(page.formula)")
      let text = line.replacingOccurrences(
        of: #" \((H\d+|b_O)\)"#, with: "", options: .regularExpression)
      #expect(isPrinted(PrintedLine(text).result, recorded), "\(name): \(line) \(recorded)")
      if !text.contains("…") { #expect(PrintedLine(text).agrees, "\(name): \(line)") }
    }
  }

  @Test(arguments: WalkSamples.names)
  func additionsAndNormsGiveTheStream(name: String) throws {
    for sample in try samples(name) {
      var kinds: [(Station.Kind, Site.Value, String)] = [
        (.addAttention, .residual, sample.stack == .cross ? "h′" : "h")
      ]
      if sample.stack != .cross { kinds.append((.addFeedForward, .output, "x′")) }
      for (kind, value, letter) in kinds {
        let page = try sample.page(kind)
        let recorded = try sample.row(value)[0]
        for line in page.formula.filter({ $0.contains("[0] = ") }) {
          #expect(PrintedLine(line).agrees, "\(name) \(kind): \(line)")
        }
        let line = try #require(page.formula.dimension0(of: letter + sample.index).first)
        #expect(isPrinted(PrintedLine(line).result, recorded), "\(name): \(line) \(recorded)")
      }
    }
  }

  /// Queries, keys and values: with the norm before them, the bias, and the turn by the position.
  @Test(arguments: WalkSamples.names)
  func projectionsGiveQueriesKeysAndValues(name: String) throws {
    for sample in try samples(name) {
      for (kind, value, letter) in [
        (.queries, .query, "q"), (.keys, .key, "k"), (.values, .value, "v"),
      ] as [(Station.Kind, Site.Value, String)] {
        let row = sample.stack == .cross && kind != .queries ? try sample.followed() : sample.i
        let page = try sample.page(kind)
        let recorded = try sample.headRow(value, row)
        let vector = letter + Sample.index(row)
        let lines = page.formula.filter { $0.contains("\(vector)[0] = ") }
        let line = try #require(lines.last, "\(page.formula)")
        let end = line.components(separatedBy: "\(vector)[0] = ").last ?? ""
        #expect(isPrinted(PrintedLine(end).result, recorded[0]), "\(name): \(line) \(recorded[0])")
        if !line.contains("…") { #expect(PrintedLine(line).agrees, "\(name): \(line)") }
        for line in page.formula where line.hasPrefix("x̂") && line.contains("[0]") {
          #expect(PrintedLine(line).agrees, "\(name): \(line)")
        }
        let length = recorded.reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(page.line.contains("length "), "\(page.line)")
        let printed = page.line.components(separatedBy: "length ").last.flatMap {
          PrintedLine($0).result
        }
        #expect(isPrinted(printed, length), "\(page.line)")
      }
    }
  }

  @Test(arguments: WalkSamples.names)
  func theNetworkGivesWhatIsAdded(name: String) throws {
    for sample in try samples(name) where sample.stack != .cross {
      let page = try sample.page(.feedForward)
      for line in page.formula where line.contains("[0] = ") {
        #expect(PrintedLine(line).agrees, "\(name): \(line)")
      }
      let recorded = try sample.row(.feedForwardOutput)
      let length = recorded.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let printed = page.line.components(separatedBy: "length ").last.flatMap {
        PrintedLine($0).result
      }
      #expect(isPrinted(printed, length), "\(page.line)")
      let shape = sample.run.configuration
      #expect(page.outputs[0].shape == [sample.run.count, shape.hidden])
    }
  }

  @Test(arguments: WalkSamples.names)
  func theEmbeddingIsASumAndItsNorm(name: String) throws {
    for sample in try samples(name) where sample.stack != .cross {
      let page = try sample.walk.page(
        of: Station(.embedding, of: sample.stack), focus: sample.focus)
      for line in page.formula where line.contains("[0] = ") {
        #expect(PrintedLine(line).agrees, "\(name): \(line)")
      }
      let recorded = try sample.row(.embedding)
      let x = "x\(sample.index)[0] = "
      if let line = page.formula.last(where: { $0.hasPrefix(x) }) {
        #expect(isPrinted(PrintedLine(line).result, recorded[0]), "\(name): \(line)")
      }
      let printed = page.line.components(separatedBy: "length ").last.flatMap {
        PrintedLine($0).result
      }
      #expect(
        isPrinted(printed, recorded.reduce(0) { $0 + $1 * $1 }.squareRoot()), "\(page.line)")
    }
  }

  @Test(arguments: WalkSamples.names)
  func logitsAreProductsAndProbabilitiesTheirSoftmax(name: String) throws {
    guard let sample = try samples(name).last(where: { $0.stack != .cross }),
      let logits = sample.walk.run.trace[.logits]
    else { return }
    let row = logits.rows(sample.i..<sample.i + 1).numbers.map(Double.init)
    let best = try #require(row.indices.max { (row[$0], $1) < (row[$1], $0) })
    for tau in [0.5, 1, 2] {
      var focus = sample.focus
      focus.temperature = tau
      let stack = sample.stack
      let page = try sample.walk.page(of: Station(.logits, of: stack), focus: focus)
      let line = try #require(page.formula.last)
      let end = line.components(separatedBy: " = ").last ?? ""
      #expect(isPrinted(PrintedLine(end).result, row[best]), "\(name): \(line) \(row[best])")
      let sum = row.reduce(0) { $0 + exp(($1 - row[best]) / tau) }
      let softmax = try sample.walk.page(of: Station(.distribution, of: stack), focus: focus)
      let last = try #require(softmax.formula.last).components(separatedBy: " = ").last ?? ""
      let printed = last.hasPrefix(">") ? 1 : PrintedLine(last).result
      #expect(abs((printed ?? 9) - 1 / sum) <= 0.00051, "\(name): \(last) \(1 / sum)")
    }
  }

  @Test func endsOfTheTemperatureAreExact() throws {
    let walk = try WalkSamples.walk("gpt2")
    let station = Station(.distribution)
    func line(_ tau: Double) throws -> String {
      try walk.page(of: station, focus: Focus(token: 2, temperature: tau)).formula[0]
    }
    #expect(try line(0).hasSuffix("= 1"))
    #expect(try line(.infinity).contains("entries are alike"))
  }
}
