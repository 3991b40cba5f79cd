import Explanations
import Figures
import Foundation
import Tensors
import TestSupport
import Testing
import Transformers

/// Every printed number follows from the printed numbers before it: the strings of the figure are
/// computed anew in decimal arithmetic.
@Suite struct WorkedOfRunTests {
  private func model(_ name: String) throws -> Model {
    try Model(folder: Fixtures.folder + "/models/" + name, name: name)
  }

  private func worked(
    _ model: Model, _ text: String, _ layer: Int? = nil, _ head: Int? = nil, special: Bool = false
  ) throws -> Worked {
    let run = try model.run(text, addSpecialTokens: special)
    let choice = try WorkedChoice(
      layer: layer, head: head, query: nil, key: nil, run, model.transformer)
    return Worked(choice, of: run)
  }

  private func number(_ text: String) throws -> Decimal {
    try #require(Decimal(string: text.replacingOccurrences(of: "−", with: "-")))
  }

  private func numbers(_ rows: [[String?]]) throws -> [[Decimal?]] {
    try rows.map { try $0.map { try $0.map(number) } }
  }

  /// Rounded as a text is, halves away from zero.
  private func rounded(_ value: Decimal, like text: String) -> Decimal {
    let places = text.split(separator: ".", omittingEmptySubsequences: false).dropFirst().first
    var (value, result) = (value, Decimal())
    NSDecimalRound(&result, &value, places?.count ?? 0, .plain)
    return result
  }

  private func sum(_ a: [Decimal?], _ b: [Decimal?]) -> Decimal {
    zip(a, b).reduce(Decimal(0)) { $0 + ($1.0 ?? 0) * ($1.1 ?? 0) }
  }

  private func column(_ rows: [[Decimal?]], _ index: Int) -> [Decimal?] { rows.map { $0[index] } }

  /// Checks a printed matrix against its rule.
  private func expect(
    _ rows: [[String?]], _ name: String, _ rule: (Int, Int) throws -> Decimal
  ) throws {
    for (i, row) in rows.enumerated() {
      for (j, text) in row.enumerated() {
        guard let text else { continue }
        let expected = rounded(try rule(i, j), like: text)
        #expect(try number(text) == expected, "\(name) \(i), \(j): \(text) and not \(expected)")
      }
    }
  }

  private func panel(_ figure: Worked, _ name: String) -> Worked.Panel? {
    figure.steps.first { $0.name == name }
  }

  private func check(_ figure: Worked, divisor: String, cap: Double? = nil) throws {
    let x = try numbers(figure.input.rows)
    for projection in figure.projections {
      guard let learned = projection.parameters else { continue }
      let w = try numbers(learned.rows)
      let b = try learned.bias.map { try $0.numbers.map(number) }
      try expect(projection.result.rows, projection.result.name) { i, j in
        sum(x[i], column(w, j)) + (b?[j] ?? 0)
      }
    }
    let made = try figure.projections.map { try numbers($0.result.rows) }
    let products = try #require(panel(figure, "products"))
    try expect(products.rows, "products") { i, j in sum(made[0][i], made[1][j]) }
    let scaled = try #require(panel(figure, "scaled"))
    let (p, root) = (try numbers(products.rows), try number(divisor))
    #expect(scaled.note == divisor)
    try expect(scaled.rows, "scaled") { i, j in (p[i][j] ?? 0) / root }
    let powers = try #require(panel(figure, "exponentials"))
    var last = scaled
    if let biased = panel(figure, "biased") {
      let given = try numbers(try #require(panel(figure, "biased-given")).rows)
      let before = try numbers(scaled.rows)
      try expect(biased.rows, "biased") { i, j in (before[i][j] ?? 0) + (given[i][j] ?? 0) }
      last = biased
    }
    if let cap {
      let capped = try #require(panel(figure, "capped"))
      let before = try numbers(last.rows)
      try expect(capped.rows, "capped") { i, j in
        Decimal(cap * tanh(NSDecimalNumber(decimal: before[i][j] ?? 0).doubleValue / cap))
      }
      last = capped
    }
    let largest = try last.side.map { try $0.numbers.map(number) }
    let alpha = try numbers(last.rows)
    try expect(powers.rows, "exponentials") { i, j in
      let power = (alpha[i][j] ?? 0) - (largest?[i] ?? 0)
      // Foundation cannot round a number of a hundred digits.
      return power < -40 ? 0 : Decimal(exp(NSDecimalNumber(decimal: power).doubleValue))
    }
    let e = try numbers(powers.rows)
    let sums = try #require(powers.side).numbers
    for (row, text) in zip(e, sums) {
      #expect(try number(text) == row.reduce(Decimal(0)) { $0 + ($1 ?? 0) })
    }
    let weights = try #require(panel(figure, "weights"))
    try expect(weights.rows, "weights") { i, j in (e[i][j] ?? 0) / (try number(sums[i])) }
    let a = try numbers(weights.rows)
    try expect(try #require(panel(figure, "output")).rows, "output") { i, j in
      sum(a[i], column(made[2], j))
    }
    for (scores, masked) in zip(last.rows, weights.rows) {
      #expect(scores.map { $0 == nil } == masked.map { $0 == nil })
    }
  }

  @Test(arguments: [("bert", "2.83"), ("gpt2", "2.83"), ("llama", "2.83")])
  func everyNumberFollowsFromThePrintedOnes(_ name: String, _ divisor: String) throws {
    let model = try model(name)
    for text in ["ab", "a c", "a ca"] {
      for layer in 0..<model.configuration.layers {
        for head in 0..<model.configuration.heads {
          try check(worked(model, text, layer, head), divisor: divisor)
        }
      }
      let figure = try worked(model, text)
      try check(figure, divisor: divisor)
      #expect(
        figure.projections.map { $0.parameters != nil } == [name != "llama", name != "llama", true])
      #expect((figure.reason.missing != nil) == (name == "llama"))
      let isMasked = panel(figure, "weights")?.rows.joined().contains(nil)
      #expect(isMasked == (name != "bert"))
    }
  }

  /// Where scores are large the largest of a row is taken off, and more decimals are printed where
  /// two are too few.
  @Test func largeScoresAreShifted() throws {
    let model = try model("llama")
    for factor in [Float(1), 30, 120] {
      let pass = Pass(edits: [
        Site(.query, layer: 1): { q in
          Tensor(q.numbers.map { $0 * factor }, shape: q.shape)
        }
      ])
      let run = try model.run("a ca", addSpecialTokens: false, pass: pass)
      for head in 0..<model.configuration.heads {
        let choice = try WorkedChoice(
          layer: 1, head: head, query: nil, key: nil, run, model.transformer)
        let figure = Worked(choice, of: run)
        try check(figure, divisor: try #require(panel(figure, "scaled")).note)
        let isShifted = panel(figure, "scaled")?.side?.title == "largest"
        if factor > 1 { #expect(isShifted) }
        let text = "\(figure.lines[3].terms)"
        #expect(text.contains(" − ") == isShifted)
      }
    }
  }

  /// Numbers too large for a pocket calculator are refused by name.
  @Test func hugeNumbersAreRefused() throws {
    let model = try model("llama")
    let pass = Pass(edits: [
      Site(.query, layer: 0): { q in Tensor(q.numbers.map { $0 * 100_000 }, shape: q.shape) }
    ])
    let run = try model.run("a c", addSpecialTokens: false, pass: pass)
    let error = #expect(throws: ModelError.self) {
      try WorkedChoice(layer: 0, head: 0, query: nil, key: nil, run, model.transformer)
    }
    #expect(error?.description.contains("too large") == true)
    let other = try WorkedChoice(
      layer: nil, head: nil, query: nil, key: nil, run, model.transformer)
    #expect(other.layer == 1)
  }

  @Test(
    .enabled(if: Fixtures.parity != nil, "the shared parity set is not here"),
    arguments: ["mpnet", "deberta_v2", "gemma2", "modernbert", "phi", "qwen3"])
  func biasAndCapAreSteps(_ name: String) throws {
    let model = try Model(folder: (Fixtures.parity ?? "") + "/models/" + name, name: name)
    let figure = try worked(model, "ab c")
    #expect((panel(figure, "biased") != nil) == ["mpnet", "deberta_v2"].contains(name))
    #expect((panel(figure, "capped") != nil) == (name == "gemma2"))
    try check(
      figure, divisor: try #require(panel(figure, "scaled")).note,
      cap: model.configuration.scoreCap.map(Double.init))
  }

  /// The lines of the followed row are the numbers of the matrices.
  @Test func linesEndWithTheNumbersOfTheMatrices() throws {
    for name in ["bert", "gpt2", "llama"] {
      let figure = try worked(model(name), "a c")
      let (i, j) = (figure.query, figure.key)
      func cell(_ name: String, _ row: Int, _ column: Int) -> String? {
        panel(figure, name)?.rows[row][column]
      }
      let first =
        figure.reason.missing == nil
        ? figure.projections[0].result.rows[i][0] : figure.projections[2].result.rows[j][0]
      let expected = [
        first, cell("products", i, j), cell("scaled", i, j),
        panel(figure, "exponentials")?.side?.numbers[i], cell("weights", i, j),
        cell("output", i, 0),
      ]
      #expect(figure.lines.map(\.result) == expected.compactMap(\.self))
      #expect(figure.lines.map(\.step) == Array(3...8))
    }
  }

  /// What the note says of the deviation holds against the recorded weights.
  @Test func theDeviationIsStated() throws {
    for name in ["bert", "gpt2", "llama"] {
      let model = try model(name)
      let run = try model.run("a c", addSpecialTokens: false)
      let choice = try WorkedChoice(
        layer: nil, head: nil, query: nil, key: nil, run, model.transformer)
      let figure = Worked(choice, of: run)
      let recorded = try #require(run.trace[.weights, layer: choice.layer, head: choice.head])
      let printed = try numbers(try #require(panel(figure, "weights")).rows)
      var most = 0.0
      for (i, row) in printed.enumerated() {
        for (j, weight) in row.enumerated() {
          let value = NSDecimalNumber(decimal: weight ?? 0).doubleValue
          most = max(most, abs(value - Double(recorded[i, j])))
        }
      }
      let note = figure.caption.notes[0].map { if case .text(let text) = $0 { text } else { "" } }
        .joined()
      let words = try #require(note.components(separatedBy: "by more than ").last)
      let stated = try #require(Double(words.dropLast()))
      #expect(most <= stated && stated - most < 0.001 + 1e-9 && stated <= 0.005)
    }
  }

  @Test func textsOfOtherLengthsAreRefused() throws {
    let model = try model("bert")
    for (text, words) in [
      ("a cat sat", "shorten it, or add --no-special to run without 2 of them"), ("", "2 to 4"),
    ] {
      let isEmpty = text.isEmpty
      let run = try model.run(isEmpty ? "a" : text, addSpecialTokens: !isEmpty)
      let error = #expect(throws: ModelError.self) {
        try WorkedChoice(
          layer: nil, head: nil, query: nil, key: nil, run, model.transformer)
      }
      #expect(error?.kind == .badText && error?.description.contains(words) == true)
    }
  }

  @Test func pairsThatTheMaskHidesAreRefused() throws {
    let model = try model("gpt2")
    let run = try model.run("a c")
    func choice(_ query: Int?, _ key: Int?) throws -> WorkedChoice {
      try WorkedChoice(layer: 0, head: 0, query: query, key: key, run, model.transformer)
    }
    #expect(try choice(1, 0).key == 0)
    #expect(throws: ModelError.self) { try choice(0, 1) }
    #expect(throws: ModelError.self) { try choice(7, nil) }
  }
}
