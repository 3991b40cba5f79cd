internal import Analysis
public import Figures
internal import Tensors
internal import Tokenization
public import Transformers

extension Asymmetry {
  /// α of every pair in both directions, and ln a.
  ///
  /// - Parameters:
  ///   - choice: The head.
  ///   - run: A run that recorded the scores of its layer.
  /// - Throws: `ModelError` when the scores were not recorded.
  public init(_ choice: HeadChoice, of run: Run) throws {
    let subject = HeadOfRun(choice, of: run)
    let scores = try subject.recorded(.scores)
    let temperature = run.attentionTemperature[layer: choice.layer, head: choice.head]
    let logs = (0..<run.count).map { row in
      scores.rows(row..<row + 1).logSoftmax(temperature: max(temperature, 1e-6))
    }
    let special = Set(run.specialPositions)
    let all = (0..<run.count).flatMap { i in (i + 1..<max(run.count, i + 1)).map { (i, $0) } }
      .filter { scores[$0.0, $0.1].isFinite && scores[$0.1, $0.0].isFinite }
    let named = Self.named(all, logs, special, choice, run)
    func pairs(_ value: (Int, Int) -> Double) -> [Pair] {
      all.map { i, j in
        Pair(
          ahead: value(i, j), back: value(j, i),
          isSpecial: special.contains(i) || special.contains(j),
          name: named.contains([i, j])
            ? Self.name(i, j, isBack: logs[j][i] > logs[i][j], run) : nil)
      }
    }
    let a = pairs { Double(scores[$0, $1]) }
    let b = pairs { logs[$0][$1] }
    func pair(_ letter: String, isLogarithm: Bool) -> (ahead: Formula, back: Formula) {
      func symbol(_ index: String) -> Formula {
        let base = Formula.sub(.variable(letter), .variable(index))
        return isLogarithm ? .logarithm(of: base) : base
      }
      return (symbol("ij"), symbol("ji"))
    }
    let words = AsymmetryWords(subject: subject, pairs: a, logs: b, named: named.count)
    self.init(
      caption: words.caption,
      panels: [
        Panel(
          title: ["Scores ", .formula(.variable("α"))], symbols: pair("α", isLogarithm: false),
          pairs: a,
          fact: words.fact(a)),
        Panel(
          title: ["Logarithms of weights ", .formula(.logarithm(of: .variable("a")))],
          symbols: pair("a", isLogarithm: true), pairs: b, fact: words.fact(b)),
      ],
      specialName: special.isEmpty
        ? nil : "with \(run.listed(special.sorted()).replacing(" and ", with: " or "))")
  }

  /// The pairs that get names: of two words, with a weight of .05 or more in one direction, the five
  /// whose weights differ by the largest factor.
  private static func named(
    _ pairs: [(Int, Int)], _ logs: [[Double]], _ special: Set<Int>, _ choice: HeadChoice, _ run: Run
  ) -> Set<[Int]> {
    func isWord(_ position: Int) -> Bool {
      !special.contains(position) && run.tokens[position].kind != .punctuation
    }
    let notable = pairs.filter { i, j in
      isWord(i) && isWord(j) && max(logs[i][j], logs[j][i]) >= AsymmetryWords.least
    }
    let order = notable.sorted {
      abs(logs[$0.0][$0.1] - logs[$0.1][$0.0]) > abs(logs[$1.0][$1.1] - logs[$1.1][$1.0])
    }
    return Set(order.prefix(5).map { [$0.0, $0.1] })
  }

  /// "it → animal": from the token that looks more.
  private static func name(_ i: Int, _ j: Int, isBack: Bool, _ run: Run) -> String {
    let (from, to) = isBack ? (j, i) : (i, j)
    return "\(run.name(of: from).isolated) → \(run.name(of: to).isolated)"
  }
}

private struct AsymmetryWords {
  let subject: HeadOfRun
  let pairs: [Asymmetry.Pair]
  let logs: [Asymmetry.Pair]
  let named: Int

  /// ln .05: weights that are worth a name.
  static let least = -2.995732273553991

  var caption: Caption {
    let run = subject.run
    let above = logs.filter { $0.back > $0.ahead }.count
    var notes: [[Inline]] = [
      [
        .text(
          "One dot for each pair i < j; on the diagonal both look equally. By weights "
            + "\(NumberFormat.count(above)) of \(NumberFormat.count(logs.count)) pairs lie above it: there the later token looks back more. "
            + "Softmax ignores a constant added to a row of "),
        .formula(.variable("α")),
        .text(", so the left panel’s distances from the diagonal carry one free constant a row; "),
        .formula(.logarithm(of: .variable("a"))), .text(" does not."),
        .text(
          named == 0
            ? ""
            : " Named: of pairs of words with a weight of .05 or more, the \(Words.count(named)) whose "
              + "weights differ by the largest factor; the arrow starts at the token that looks more."
        ),
      ]
    ]
    if subject.mask != nil {
      notes.append([
        .text(
          "\(run.model) itself looks back only. What its earlier tokens would give later ones is "
            + "computed from the recorded scores, softmaxed without the mask.")
      ])
    }
    return Caption(
      title: "Who looks at whom in \(subject.place)",
      subtitle: [.text("\(run.model) · \(subject.place) · ")] + subject.scoreWords + [
        .text(" · \(NumberFormat.count(logs.count)) pairs")
      ],
      badge: subject.mask == nil ? nil : "re-masked: bidirectional",
      notes: notes + subject.notes(), provenance: run.provenanceNote, summary: summary(above))
  }

  func fact(_ pairs: [Asymmetry.Pair]) -> String {
    guard let r = Self.correlation(pairs) else { return "" }
    return "correlation \(NumberFormat.fixed(r, decimals: 2))"
  }

  private func summary(_ above: Int) -> String {
    let names = logs.compactMap(\.name).joined(separator: "; ")
    let r = [pairs, logs].map {
      Self.correlation($0).map { NumberFormat.fixed($0, decimals: 2) } ?? "none"
    }
    return "Scores and logarithms of weights of layer \(subject.layer), head \(subject.head) of "
      + "\(subject.run.model) in both directions, for \(logs.count) pairs of \(subject.run.count) tokens, as two scatter "
      + "plots. Correlation of the two directions: \(r[0]) for scores, \(r[1]) for ln a. In \(above) "
      + "pairs the later token looks back more." + (names.isEmpty ? "" : " Named: \(names).")
  }

  /// Pearson's r; `nil` where one direction does not vary.
  static func correlation(_ pairs: [Asymmetry.Pair]) -> Double? {
    Correlation.pearson(pairs.map(\.ahead), pairs.map(\.back))
  }
}

extension Tensor {
  /// ln softmax of one row in double precision: accurate where the weight itself is nearly 0.
  fileprivate func logSoftmax(temperature: Double) -> [Double] {
    guard let distribution = Distribution(self) else { return numbers.map { _ in 0 } }
    let z = distribution.logPartition(at: temperature)
    return distribution.logits.map { ($0 - distribution.largest) / temperature - z }
  }
}

extension Formula {
  /// ln x
  static func logarithm(of base: Formula) -> Formula { .row([.word("ln\u{2009}"), base]) }
}
