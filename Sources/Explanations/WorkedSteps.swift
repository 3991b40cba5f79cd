internal import Analysis
internal import Figures
internal import Tokenization
internal import Transformers

/// The matrices of a worked head, and one row of it number by number.
struct WorkedSteps {
  private let choice: WorkedChoice
  private let run: Run
  private let stages: [Stage]

  /// One step from q·k to α.
  fileprivate struct Stage {
    var name: String
    var title: String
    var formula: Formula
    var note = ""
    var table: HandCalculation.Table
    /// What the followed score is made of.
    var terms: [Inline]
    /// Given numbers that enter, with their heading.
    var given: HandCalculation.Table?
  }

  init(_ choice: WorkedChoice, _ run: Run) {
    self.choice = choice
    self.run = run
    stages = Self.stages(choice, run.configuration)
  }

  private var numbers: HandCalculation { choice.numbers }

  // MARK: matrices

  var input: Worked.Panel {
    let isNormed: Bool =
      switch run.configuration.normPlacement {
      case .before, .around, .parallel: true
      case .after, .inside: false
      }
    let source = choice.layer == 0 ? "embedding" : "output of layer \(choice.layer - 1)"
    return Worked.Panel(
      "input", .queries, step: 1, title: "Input", formula: .variable("x"),
      note: source + (isNormed ? ", normalised" : ""), rows: printed(numbers.input))
  }

  var projections: [Worked.Projection] {
    let parts:
      [(
        String, String, String, Worked.Panel.Kind, HandCalculation.Projection?,
        HandCalculation.Table
      )] =
        [
          ("Q", "Queries", "queries", .queries, numbers.query, numbers.queries),
          ("K", "Keys", "keys", .keys, numbers.key, numbers.keys),
          ("V", "Values", "values", .values, numbers.value, numbers.values),
        ]
    let first = parts.firstIndex { $0.4 != nil }
    return parts.enumerated().map { index, part in
      let (letter, title, name, kind, projection, table) = part
      let weight = Formula.sub(.variable("W"), .variable(letter))
      let bias = Formula.sub(.variable("b"), .variable(letter))
      let product: [Formula] = [.variable(letter), .sign("="), .variable("x"), weight]
      let formula: Formula? = projection.map {
        .row(product + ($0.bias == nil ? [] : [.sign("+"), bias]))
      }
      return Worked.Projection(
        parameters: projection.map { projection in
          Worked.Panel(
            "learned-\(name)", .parameters, step: index == first ? 2 : nil,
            title: index == first ? "Learned weights" : "", note: "for the \(name)",
            rows: printed(projection.weight), symbol: weight,
            bias: projection.bias.map { .init(symbol: bias, numbers: $0.map(\.text)) })
        },
        result: Worked.Panel(
          name, kind, step: index == 0 ? 3 : nil, title: title,
          formula: formula ?? .variable(letter),
          note: projection == nil ? "recorded" : "", rows: printed(table)))
    }
  }

  /// From the scores to the output.
  var panels: [Worked.Panel] {
    var panels: [Worked.Panel] = []
    var step = 3
    for (index, stage) in stages.enumerated() {
      let isLast = index == stages.count - 1
      step += 1
      if let given = stage.given {
        panels.append(
          Worked.Panel(
            stage.name + "-given", .map, title: "Bias", note: "given", rows: printed(given)))
      }
      let table = isLast ? masked(stage.table) : printed(stage.table)
      let isMasked = table.joined().contains(nil)
      panels.append(
        Worked.Panel(
          stage.name, .map, step: step, title: stage.title + (isMasked ? ", masked" : ""),
          formula: stage.formula, note: stage.note, rows: table, masked: isMasked ? "−∞" : nil,
          side: isLast
            ? numbers.maxima.map { .init(title: "largest", numbers: $0.map(\.text)) } : nil))
    }
    return panels + softmax(after: step)
  }

  private func softmax(after step: Int) -> [Worked.Panel] {
    func texts(_ rows: [[PrintedNumber?]]) -> [[String?]] { rows.map { $0.map { $0?.text } } }
    let exponent: Formula =
      numbers.maxima == nil
      ? .variable("α") : .row([.variable("α"), .word("−"), .word("largest")])
    let power = Formula.sup(.word("e"), exponent)
    return [
      Worked.Panel(
        "exponentials", .map, step: step + 1, title: "Exponentials", formula: power,
        note: "and row sums", rows: texts(numbers.exponentials),
        side: .init(title: "sum", numbers: numbers.sums.map(\.text))),
      Worked.Panel(
        "weights", .weights, step: step + 2, title: "Weights",
        formula: .row([.variable("a"), .sign("="), power, .sign("/")]),
        note: "row sum", rows: texts(numbers.weights)),
      Worked.Panel(
        "output", .queries, step: step + 3, title: "Output",
        formula: .row([.variable("z"), .sign("="), .variable("a"), .variable("V")]),
        rows: printed(numbers.outputs)),
    ]
  }

  private func printed(_ table: HandCalculation.Table) -> [[String?]] {
    table.map { $0.map(\.text) }
  }

  /// The numbers that the mask leaves.
  private func masked(_ table: HandCalculation.Table) -> [[String?]] {
    zip(table, numbers.weights).map { zip($0, $1).map { $1 == nil ? nil : $0.text } }
  }

  // MARK: from products to scores

  private static func stages(_ choice: WorkedChoice, _ shape: Configuration) -> [Stage] {
    let (numbers, i, j) = (choice.numbers, choice.query, choice.key)
    let product: Formula = .row([.variable("Q"), .sup(.variable("K"), .word("T"))])
    var stages = [
      Stage(
        name: "products", title: "Scores", formula: product, table: numbers.products,
        terms: sum(numbers.queries[i], numbers.keys[j]))
    ]
    var before: (formula: Formula, number: PrintedNumber) = (product, numbers.products[i][j])
    let names = ["s", "t"]
    func next(_ stage: Stage, isLast: Bool) {
      var stage = stage
      let symbol = Formula.variable(isLast ? "α" : names[min(stages.count - 1, 1)])
      stage.formula = .row([symbol, .sign("="), stage.formula])
      stages.append(stage)
      before = (symbol, stage.table[i][j])
    }
    if let divisor = numbers.divisor, let scaled = numbers.scaled {
      let root = shape.root(of: choice.layer)
      next(
        Stage(
          name: "scaled", title: "Scaled",
          formula: .row([before.formula, .sign("/"), root?.symbol ?? .word(divisor.text)]),
          note: root == nil ? "" : divisor.text, table: scaled,
          terms: (root.map { root in
            [.text("\(before.number.text) /"), .formula(root.number), .text("=")]
          } ?? []) + [.text("\(before.number.text) / \(divisor.text)")]),
        isLast: numbers.biased == nil && numbers.capped == nil)
    }
    if let bias = numbers.bias, let biased = numbers.biased {
      next(
        Stage(
          name: "biased", title: "With bias",
          formula: .row([before.formula, .sign("+"), .word("bias")]), table: biased,
          terms: [.text(before.number.text), .text("+ \(bias[i][j].factor)")], given: bias),
        isLast: numbers.capped == nil)
    }
    if let capped = numbers.capped, let cap = shape.scoreCap {
      let limit = NumberFormat.tick(Double(cap))
      next(
        Stage(
          name: "capped", title: "Capped",
          formula: .row([
            .word(limit), .sign("·"), .word("tanh"), .word("("), before.formula, .sign("/"),
            .word(limit), .word(")"),
          ]), table: capped, terms: [.text("\(limit) · tanh(\(before.number.text) / \(limit))")]),
        isLast: true)
    }
    return stages
  }

  // MARK: one row

  var lines: [Worked.Line] {
    let (i, j) = (choice.query, choice.key)
    var lines = [first]
    var step = 3
    for (index, stage) in stages.enumerated() {
      step += 1
      let symbol: Formula =
        index == 0
        ? .row([.sub(.variable("q"), name(i)), .sign("·"), .sub(.variable("k"), name(j))])
        : .sub(stage.symbol, .row([name(i), .word(", "), name(j)]))
      lines.append(
        Worked.Line(
          step: step, symbol: symbol, terms: stage.terms, result: stage.table[i][j].text))
    }
    return lines + softmaxLines(after: step)
  }

  /// A coordinate of the query, or where its matrix cannot be printed of the value.
  private var first: Worked.Line {
    let (letter, row, projection, table) =
      numbers.query.map { ("q", choice.query, $0, numbers.queries) }
      ?? ("v", choice.key, numbers.value, numbers.values)
    return Worked.Line(
      step: 3, symbol: .sub(.variable(letter), .row([name(row), .word(", 1")])),
      terms: Self.sum(
        numbers.input[row], projection.weight.map { $0[0] }, adding: projection.bias?[0]),
      result: table[row][0].text)
  }

  private func softmaxLines(after step: Int) -> [Worked.Line] {
    let (i, j) = (choice.query, choice.key)
    let powers = numbers.exponentials[i]
    let kept = powers.indices.filter { powers[$0] != nil }
    let exponents = kept.enumerated().map { index, key -> Inline in
      let score = numbers.scores[i][key].text
      let off = numbers.maxima.map { $0[i].units < 0 ? " − (\($0[i].text))" : " − \($0[i].text)" }
      let power = Formula.sup(.word("e"), .word(score + (off ?? "")))
      return .formula(index == 0 ? power : .row([.word("+"), .word("\u{2005}"), power]))
    }
    let summands = kept.enumerated().map { index, key -> Inline in
      .text((index == 0 ? "= " : "+ ") + (powers[key]?.text ?? ""))
    }
    let pair = Formula.row([name(i), .word(", "), name(j)])
    let weights = kept.compactMap { numbers.weights[i][$0] }
    return [
      Worked.Line(
        step: step + 1, symbol: .word("row sum"),
        terms: exponents + (kept.count > 1 ? summands : []), result: numbers.sums[i].text),
      Worked.Line(
        step: step + 2, symbol: .sub(.variable("a"), pair),
        terms: [.text("\(powers[j]?.text ?? "") / \(numbers.sums[i].text)")],
        result: numbers.weights[i][j]?.text ?? ""),
      Worked.Line(
        step: step + 3, symbol: .sub(.variable("z"), .row([name(i), .word(", 1")])),
        terms: Self.sum(weights, kept.map { numbers.values[$0][0] }),
        result: numbers.outputs[i][0].text),
    ]
  }

  /// "0.21 × 0.221", "+ 0.95 × (−0.012)", …
  private static func sum(
    _ a: [PrintedNumber], _ b: [PrintedNumber], adding extra: PrintedNumber? = nil
  ) -> [Inline] {
    zip(a, b).enumerated().map { index, pair in
      .text(
        (index == 0 ? pair.0.text : "+ \(pair.0.factor)") + " × \(pair.1.factor)")
    }
      + (extra.map { extra in
        [.text((extra.units < 0 ? "− " : "+ ") + extra.text.filter { $0 != "−" })]
      } ?? [])
  }

  /// A token as an index, short.
  private func name(_ token: Int) -> Formula {
    let whole = run.name(of: token)
    let name = whole.hasPrefix("␣") && whole.count > 1 ? String(whole.dropFirst()) : whole
    return .word((name.count > 9 ? name.prefix(8) + "…" : name).description.isolated)
  }
}

extension WorkedSteps.Stage {
  fileprivate var symbol: Formula {
    guard case .row(let parts) = formula, let first = parts.first else { return formula }
    return first
  }
}

extension Configuration {
  /// What scores are divided by as a root: √d_k, or of another whole number; `nil` where it is none.
  fileprivate func root(of layer: Int) -> (symbol: Formula, number: Formula)? {
    let divisor = 1 / Double(scales[layer])
    let square = (divisor * divisor).rounded()
    guard square >= 1, abs(divisor * divisor - square) < 1e-4 * square else { return nil }
    let number = Formula.root(.word(String(Int(square))))
    return (Int(square) == headWidth ? .root(.sub(.variable("d"), .variable("k"))) : number, number)
  }
}
