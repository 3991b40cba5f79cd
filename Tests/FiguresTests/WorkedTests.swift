import Figures
import TestSupport
import Testing

@Suite struct WorkedTests {
  @Test(arguments: [2, 3, 4], Samples.widths)
  func textsKeepTheirDistance(_ count: Int, _ width: Double?) {
    for decimals in [2, 5] {
      for isRotary in [false, true] {
        for tokens in [Samples.tokens(count), Array(Samples.unicode.suffix(count))] {
          let figure = Samples.worked(tokens, decimals: decimals, isRotary: isRotary)
          #expect(violations(figure, Samples.style(width)) == [])
        }
      }
    }
  }

  @Test func everyNumberIsPrinted() {
    let figure = Samples.worked(Samples.tokens(3), decimals: 2, isRotary: false)
    let strings = Inks(figure.scene(in: Style())).strings
    let panels =
      [figure.input] + figure.steps
      + figure.projections.flatMap { [$0.parameters, $0.result] }
      .compactMap(\.self)
    let expected = panels.flatMap {
      $0.rows.joined().compactMap(\.self) + ($0.bias?.numbers ?? []) + ($0.side?.numbers ?? [])
    }
    for number in Set(expected) {
      let count = expected.count { $0 == number }
      #expect(strings.count { $0 == number } >= count, "\(number)")
    }
    #expect(strings.count { $0 == "−∞" } == 3)
  }

  @Test func goldens() throws {
    let tokens = ["the", "cat"].map { TokenLabel($0) }
    let figure = Samples.worked(tokens, decimals: 2, isRotary: false)
    #expect(try Goldens.difference("worked.txt", figure.scene(in: Style()).text) == nil)
    let dark = figure.scene(in: Style(theme: .dark))
    #expect(dark.size == figure.scene(in: Style()).size && dark.background == Theme.dark.paper)
  }
}

extension Samples {
  /// Printed numbers of difficult width; they follow from nothing.
  static func worked(_ tokens: [TokenLabel], decimals: Int, isRotary: Bool) -> Worked {
    let n = tokens.count
    var random = Random(seed: n + decimals)
    func number(_ size: Double) -> String {
      NumberFormat.fixed((random.next() - 0.5) * size, decimals: decimals)
    }
    func rows(_ size: Double) -> [[String?]] {
      (0..<n).map { _ in (0..<n).map { _ in number(size) } }
    }
    func masked(_ rows: [[String?]]) -> [[String?]] {
      rows.enumerated().map { row, numbers in
        numbers.enumerated().map { $0.offset > row ? nil : $0.element }
      }
    }
    let w = Formula.sub(.variable("W"), .variable("Q"))
    func projection(_ name: String, _ kind: Worked.Panel.Kind, isLearned: Bool)
      -> Worked.Projection
    {
      Worked.Projection(
        parameters: !isLearned
          ? nil
          : Worked.Panel(
            "learned-\(name)", .parameters, step: 2, title: "Learned weights", note: "for \(name)",
            rows: rows(3), symbol: w,
            bias: .init(symbol: w, numbers: (0..<n).map { _ in number(2) })),
        result: Worked.Panel(
          name, kind, step: 3, title: name, formula: .row([.variable("Q"), .sign("="), w]),
          rows: rows(30)))
    }
    let weights = (0..<n).map { _ in (0..<n).map { _ in String(number(1).filter { $0 != "−" }) } }
    return Worked(
      caption: caption, tokens: tokens, query: n - 1, key: 0,
      input: Worked.Panel(
        "input", .queries, step: 1, title: "Input", formula: .variable("x"),
        note: "output of layer 11, normalised", rows: rows(200)),
      projections: [
        projection("queries", .queries, isLearned: !isRotary),
        projection("keys", .keys, isLearned: !isRotary),
        projection("values", .values, isLearned: true),
      ],
      steps: [
        Worked.Panel(
          "products", .map, step: 4, title: "Scores", formula: .variable("s"), rows: rows(900)),
        Worked.Panel(
          "scaled", .map, step: 5, title: "Scaled, masked", formula: .scaledScores, note: "5.66",
          rows: masked(rows(90)), masked: "−∞",
          side: .init(title: "largest", numbers: (0..<n).map { _ in number(90) })),
        Worked.Panel(
          "exponentials", .map, step: 6, title: "Exponentials",
          formula: .sup(.word("e"), .variable("α")), note: "and row sums", rows: masked(rows(90)),
          side: .init(title: "sum", numbers: (0..<n).map { _ in number(90) })),
        Worked.Panel(
          "weights", .weights, step: 7, title: "Weights", formula: .variable("a"),
          rows: masked(weights)),
        Worked.Panel(
          "output", .queries, step: 8, title: "Output", formula: .variable("z"), rows: rows(20)),
      ],
      lines: (3...8).map { step in
        Worked.Line(
          step: step, symbol: .sub(.variable("q"), .word("animal, because")),
          terms: (0..<n).map { _ in .text("+ \(number(90)) × (\(number(9)))") }
            + [.formula(.sup(.word("e"), .word(number(9))))], result: number(90))
      }, linesTitle: "One row in full: the query “it”",
      reason: .init(
        title: "Why three coordinates?",
        text: ["Three tokens span at most three directions, so the real vectors are rotated."],
        missing: isRotary ? ["The learned matrices are not shown: positions turn them."] : nil))
  }
}
