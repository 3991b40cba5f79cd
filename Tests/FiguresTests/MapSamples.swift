import Figures

/// Figures of maps to test with.
extension Samples {
  static let widths: [Double?] = [nil, 60, 89, 183]

  static func style(_ width: Double?, _ theme: Theme = .paper) -> Style {
    Style(theme: theme, width: width.map { .millimetres($0) })
  }

  static func row(_ count: Int, seed: Int) -> [Double] {
    shares(1, count, seed: seed).map(Double.init)
  }

  static func arcs(_ tokens: [TokenLabel], heads: Int, _ layout: Arcs.Layout = .arcs) -> Arcs {
    let focus = tokens.firstIndex(where: \.isFocused) ?? tokens.count / 2
    let rows = layout == .arcs ? 1 : tokens.count
    return Arcs(
      caption: caption, tokens: tokens,
      heads: (0..<heads).map { head in
        Arcs.Head(
          name: "L\(head)H\(11 - head)",
          weights: (0..<rows).flatMap { row(tokens.count, seed: head * 97 + $0 + 1) })
      }, focus: layout == .arcs ? focus : nil, layout: layout, threshold: 0.1)
  }

  static func sheet(
    _ tokens: [TokenLabel], panels: Int, hasMargins: Bool = false, pads: Int = 0
  ) -> MapSheet {
    let n = tokens.count
    return MapSheet(
      rows: tokens, columns: tokens,
      panels: (0..<panels).map { index in
        let isPadded = pads > 0 && index == panels - 1
        let all =
          tokens + [TokenLabel](repeating: TokenLabel("[PAD]", kind: .special), count: pads)
        let count = isPadded ? n + pads : n
        return MapSheet.Panel(
          title: ["Bidirectional", "Causal", "Sliding window of 4", "Padded"][index % 4],
          note: ["a token sees itself and what came before"],
          badge: index == 0 ? "the model’s own" : "re-masked", tokens: isPadded ? all : nil,
          values: shares(count, count, seed: index + 1),
          mask: index == 1 && !isPadded ? causal(n) : nil,
          margin: hasMargins ? (0..<count).map { Double($0 % 3) * 0.7 } : [])
      }, marginName: ["entropy ", .formula(.variable("H"))], marginLimit: 2,
      legend: LegendText(name: ["weight ", .formula(.variable("a"))], range: ["all maps"]))
  }

  static func asymmetry(_ count: Int, named: Int) -> Asymmetry {
    var random = Random(seed: count)
    func panel() -> Asymmetry.Panel {
      Asymmetry.Panel(
        title: ["Scores ", .formula(.variable("α"))],
        symbols: (.sub(.variable("α"), .variable("ij")), .sub(.variable("α"), .variable("ji"))),
        pairs: (0..<count).map { index in
          Asymmetry.Pair(
            ahead: (random.next() - 0.5) * 12, back: (random.next() - 0.4) * 9,
            isSpecial: index % 4 == 0, name: index < named ? "street → because" : nil)
        }, fact: "correlation −0.28")
    }
    return Asymmetry(
      caption: caption, panels: [panel(), panel()], specialName: "with [CLS] or [SEP]")
  }

  static func product(_ width: Int) -> Product {
    var random = Random(seed: width)
    func vector() -> [Double] { (0..<width).map { _ in (random.next() - 0.5) * 6 } }
    return Product(
      caption: caption, queryName: "it", keyName: "Donaudampfschifffahrtsgesellschaft",
      query: vector(), key: vector(),
      steps: [[.formula(.scaledScores)], [.formula(.softmaxWeights), ", the sum over 15 keys"]])
  }

  static func distance(layers: Int, heads: Int, tokens: Int) -> Distance {
    Distance(
      caption: caption, layers: Array(0..<layers), heads: Array(0..<heads),
      profiles: (0..<layers * heads).map { row(tokens, seed: $0 + 3) },
      baseline: (0..<tokens).map { _ in 1 / Double(tokens) },
      named: [
        .init(.init(layer: 0, head: 0), fact: "nearest, mean 0.9"),
        .init(.init(layer: layers - 1, head: heads - 1), fact: "farthest, mean 6.9"),
      ])
  }

  static func residual(layers: Int, tokens: Int) -> Residual {
    var random = Random(seed: layers)
    func values(_ scale: Double) -> [Double] {
      (0..<tokens).map { _ in (0.2 + random.next()) * scale }
    }
    return Residual(
      caption: caption, input: values(3),
      steps: (0..<2 * layers).map { index in
        Residual.Step(
          layer: index / 2, isAttention: index % 2 == 0,
          lengths: values(Double(1 + index) * (layers > 8 ? 40 : 2)), added: values(0.6),
          similarity: values(0.8), similarityToInput: values(0.7).map { $0 - 0.4 })
      }, named: [(0, "[CLS]")])
  }

  static func positions(_ count: Int, dimensions: Int, tokens: [TokenLabel]) -> Positions {
    Positions(
      caption: caption, values: scores(count, dimensions), positions: count,
      dimensions: dimensions, columnName: "dimension", legend: LegendText(name: ["value"]),
      similarity: (0..<count).map {
        Positions.Similarity(mean: 1 / Double($0 + 1), low: -0.1, high: 1)
      }, similarityName: "cosine of two encodings: mean, smallest and largest of all pairs",
      comparison: Positions.Comparison(
        names: ["the (1)", "the (7)"], keys: tokens,
        rows: (0..<4).map { scores(1, tokens.count, size: Double($0 / 2) + 4) }))
  }
}
