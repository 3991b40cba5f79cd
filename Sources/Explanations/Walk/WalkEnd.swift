internal import Analysis
internal import Figures
internal import Files
internal import Tensors
internal import Tokenization
internal import Transformers

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

// From the last row of the stream to the next token.

extension WalkPlace {
  /// The distribution over the vocabulary at the focused token.
  private func subject() throws -> RunDistribution {
    try RunDistribution(.output(row: i), of: run, naming: walk.naming)
  }

  private var isEncoder: Bool { whole.configuration.kind == .encoder }

  /// A vocabulary entry in quotation marks.
  private func entry(_ id: Int) -> String { walk.naming(id).text.visible.isolated.quoted }

  private var purpose: String {
    isEncoder ? "could stand in place of \(name(i))" : "could follow \(name(i))"
  }

  // MARK: logits

  func logits() throws -> StationContent {
    let all = try recorded(.logits)
    let subject = try subject()
    let top = subject.distribution.ranking(10)
    let logits = subject.distribution.logits
    let lines = try logitLines(top[0], logits[top[0]])
    return StationContent(
      title: "Logits", inputs: [.init("stream", "y", try recorded(.finalHidden).shape)],
      outputs: [.init("logits", "z", all.shape)], formula: lines,
      line: top.prefix(3).map { "\(entry($0)) \(WalkNumbers.text(logits[$0]))" }.joined(
        separator: ", "),
      happens: "The row of \(name(i)) is compared with a vector of each of the "
        + "\(NumberFormat.count(logits.count)) entries of the vocabulary: what \(purpose)?",
      lookFor: logitsLookFor(top, logits),
      table: StationPage.Table(
        ["rank", "token", "logit"],
        top.enumerated().map {
          ["\($0 + 1)", walk.naming($1).text.visible, WalkNumbers.text(logits[$1])]
        },
        right: [0, 2], note: "The first \(top.count) of \(NumberFormat.count(logits.count))."),
      figure: candidatesFigure(
        Array(top.prefix(8)), all, names: top.prefix(8).map { walk.naming($0).label }),
      numbers: [
        JSON.Member(
          "top",
          .array(
            top.map { id in
              [
                "id": .integer(id), "token": .string(walk.naming(id).text),
                "logit": .number(logits[id]),
              ]
            }))
      ], compared: comparedEntries("z", WalkNumbers.text) { $0.distribution.logits })
  }

  /// The logit of an entry as a product.
  private func logitLines(_ id: Int, _ logit: Double) throws -> [String] {
    let hidden = try recorded(.finalHidden).rows(i..<i + 1)
    let input = transformer.headInput(hidden)
    let index = WalkNumbers.index(i)
    guard let (weight, bias) = transformer.scoring(of: id) else { return [] }
    let (t, e) = (input.numbers.map(Double.init), weight.numbers.map(Double.init))
    let isSame = transformer.edges(of: blocks).hasHeadTransform || shape.headScale != 1
    let symbol = isSame ? "t" + index : "y" + index
    var lines: [String] = []
    if isSame {
      lines.append(
        "\(symbol) = what the head makes of y\(index) first, length \(WalkNumbers.text(t.length))")
    }
    let sum = t.dot(e) + Double(bias ?? 0)
    let cap = shape.logitCap
    lines.append(
      "z(\(entry(id))) = \(symbol)·E(\(entry(id)))\(bias == nil ? "" : " + b") = \(WalkNumbers.products(t, e))"
        + (bias.map { " " + WalkNumbers.added(Double($0)) } ?? "") + " = \(WalkNumbers.text(sum))")
    if let cap {
      let c = NumberFormat.temperature(Double(cap))
      lines.append(
        "kept within ±\(c): \(c)·tanh(\(WalkNumbers.text(sum))/\(c)) = \(WalkNumbers.text(logit))")
    }
    return lines
  }

  private func logitsLookFor(_ top: [Int], _ logits: [Double]) -> String {
    guard top.count > 1 else { return "There is one entry only." }
    let gap = logits[top[0]] - logits[top[1]]
    return "\(entry(top[0])) leads \(entry(top[1])) by \(WalkNumbers.text(gap)): at τ = 1 that is "
      + "e^\(WalkNumbers.text(gap)) = \(NumberFormat.amount(exp(gap), decimals: 2)) times as probable."
  }

  // MARK: softmax

  func distribution() throws -> StationContent {
    let subject = try subject()
    let tau = focus.temperature
    let p = subject.distribution.probabilities(at: tau)
    let top = subject.distribution.ranking(10)
    let entropy = subject.distribution.entropy(at: tau)
    let taus = tau == 1 ? [0, 1, 2] : [1, tau]
    return StationContent(
      title: "Softmax at τ = \(NumberFormat.temperature(tau))",
      inputs: [.init("logits", "z", [p.count])], outputs: [.init("probabilities", "p", [p.count])],
      formula: distributionLines(top[0], subject.distribution, p),
      line: top.prefix(3).map { "\(entry($0)) \(NumberFormat.probability(p[$0]))" }.joined(
        separator: ", "),
      happens: "The softmax makes probabilities of the logits, divided by the temperature τ = "
        + "\(NumberFormat.temperature(tau)) first.",
      lookFor: distributionLookFor(tau, entropy, p.count),
      table: probabilities(of: top, p),
      figure: Tempering(subject, at: taus, showing: 8),
      command: [
        "draw", "tempering", "--row", "\(i)", "--tau",
        taus.map { $0 == .infinity ? "inf" : "\($0)" }.joined(separator: ","),
      ],
      numbers: [
        JSON.Member("tau", JSON(temperature: tau)), JSON.Member("entropy", .number(entropy)),
        JSON.Member(
          "top",
          .array(
            top.map { id in
              [
                "id": .integer(id), "token": .string(walk.naming(id).text),
                "probability": .number(p[id]),
              ]
            })),
      ],
      compared: comparedEntries("p", { NumberFormat.probability($0) }) {
        $0.distribution.probabilities(at: tau)
      })
  }

  /// The likeliest entries, and what is left for all others.
  private func probabilities(of top: [Int], _ p: [Double]) -> StationPage.Table {
    let rest = max(0, 1 - top.reduce(0) { $0 + p[$1] })
    return StationPage.Table(
      ["rank", "token", "p"],
      top.enumerated().map {
        ["\($0 + 1)", walk.naming($1).text.visible, NumberFormat.probability(p[$1])]
      } + [["", "all others", NumberFormat.probability(rest)]], right: [0, 2])
  }

  private func distributionLines(_ id: Int, _ distribution: Distribution, _ p: [Double]) -> [String]
  {
    let (tau, name) = (focus.temperature, "p(\(entry(id)))")
    let value = NumberFormat.probability(p[id], isExact: tau == 0 || tau == .infinity)
    if tau == 0 { return ["τ → 0: all probability goes to the largest logit, \(name) = \(value)"] }
    if tau == .infinity {
      return [
        "τ = ∞: all \(NumberFormat.count(distribution.support)) entries are alike, \(name) = \(value)"
      ]
    }
    let sum = exp(distribution.logPartition(at: tau))
    let z = WalkNumbers.text(distribution.logits[id])
    let largest = WalkNumbers.factor(distribution.largest)
    let exponent =
      tau == 1 ? "\(z) − \(largest)" : "(\(z) − \(largest))/\(NumberFormat.temperature(tau))"
    return [
      "\(name) = e^(z/τ) / Σ e^(z/τ), the largest logit taken off first",
      "\(name) = e^(\(exponent)) / \(WalkNumbers.text(sum)) = \(value)",
    ]
  }

  private func distributionLookFor(_ tau: Double, _ entropy: Double, _ count: Int) -> String {
    let effective = NumberFormat.amount(exp(entropy), decimals: 1)
    let first =
      "The distribution is as uncertain as \(effective) equal choices among \(NumberFormat.count(count))"
    if tau == 0 { return "At τ = 0 nothing is left to chance." }
    if tau < 1 { return first + "; below τ = 1 the likely become likelier." }
    return first
      + (tau > 1
        ? "; above τ = 1 the unlikely gain."
        : "; a lower τ sharpens it, a higher one evens it out.")
  }

  // MARK: the next token

  func nextToken() throws -> StationContent {
    let subject = try subject()
    let p = subject.distribution.probabilities(at: focus.temperature)
    let top = subject.distribution.ranking(10)
    let best = top[0]
    var lines = [
      "the largest logit: \(entry(best)), p = \(NumberFormat.probability(p[best])) at τ = \(NumberFormat.temperature(focus.temperature))"
    ]
    var lookFor =
      "At τ = 0 \(entry(best)) is taken; otherwise each entry is drawn as often as its probability says."
    var numbers: [JSON.Member] = [
      JSON.Member("id", .integer(best)), JSON.Member("token", .string(walk.naming(best).text)),
      JSON.Member("probability", .number(p[best])),
    ]
    if i + 1 < n {
      let actual = run.ids[i + 1]
      let rank = 1 + subject.distribution.logits.count { $0 > subject.distribution.logits[actual] }
      lines.append(
        "the text goes on with \(entry(actual)): p = \(NumberFormat.probability(p[actual])), rank \(NumberFormat.count(rank))"
      )
      lookFor =
        rank == 1
        ? "The model expected what the text says."
        : "The model expected something else: what the text says has rank \(NumberFormat.count(rank))."
      numbers.append(
        JSON.Member(
          "actual",
          ["id": .integer(actual), "probability": .number(p[actual]), "rank": .integer(rank)]))
    }
    return StationContent(
      title: "Next token", inputs: [.init("probabilities", "p", [p.count])],
      outputs: [.init("id", "", [1])], formula: lines, line: lines[0],
      happens: i + 1 < n
        ? "Row \(i) predicts token \(i + 1); in the text it is already there."
        : "One entry is taken, becomes the next token, and the walk could begin again with it.",
      lookFor: lookFor, table: probabilities(of: top, p), numbers: numbers,
      compared: comparedEntries("p", { NumberFormat.probability($0) }) {
        [focus] in $0.distribution.probabilities(at: focus.temperature)
      })
  }

  private func comparedEntries(
    _ symbol: String, _ print: @escaping (Double) -> String,
    _ values: @escaping (RunDistribution) -> [Double]
  ) -> StationContent.Compared {
    .init(
      symbol: symbol, name: entry, print: print, row: { values(try $0.subject()) })
  }
}
