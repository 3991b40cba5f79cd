import Figures

/// Figures of models to test with.
extension Samples {
  /// A flow over tokens of which some are masked, or stand for others.
  static func flow(
    _ tokens: [TokenLabel], masked: Int = 0, hasOthers: Bool = false, width: Int = 32,
    hasNorm: Bool = false
  ) -> HeadFlow {
    let focus = max(tokens.count - masked - 1, 0)
    var rows = tokens.enumerated().map { index, label in
      var label = label
      label.isFocused = index == focus
      return HeadFlow.Row(label, isMasked: index >= tokens.count - masked)
    }
    if hasOthers { rows.append(HeadFlow.Row(TokenLabel("36 others", kind: .special), isSum: true)) }
    let n = rows.count
    let weights = row(n, seed: 3)
    func vectors(_ seed: Int, isWeighted: Bool = false) -> [[Float]?] {
      rows.map { row in
        if row.isSum, !isWeighted { return nil }
        return row.isMasked && isWeighted ? nil : scores(1, width, size: Double(seed))
      }
    }
    let numbers = rows.enumerated().map { $1.isSum ? nil : Double($0) * 7.3 - 20 }
    let shares = rows.enumerated().map { $1.isMasked ? nil : Optional(weights[$0]) }
    func heading(_ step: Int, _ name: String) -> HeadFlow.Heading {
      HeadFlow.Heading(step, name, [.formula(.scaledScores)])
    }
    let norm: [HeadFlow.TokenPanel] =
      hasNorm
      ? [
        .init(
          heading(3, "Norm"), .arrow, .strips(vectors(2), isCut: true, framesFocus: true),
          foot: ["15 × 384, first 64"])
      ] : []
    return HeadFlow(
      caption: caption, rows: rows,
      tokenPanels: [
        .init(
          heading(2, "Layer input"), .none, .strips(vectors(3), isCut: true, framesFocus: true),
          foot: ["15 × 384, first 64"])
      ] + norm + [
        .init(
          heading(3, "Queries"), .arrow, .strips(vectors(4), isCut: false, framesFocus: true),
          foot: ["15 × 32"]),
        .init(
          heading(4, "Keys"), .sign("·"), .strips(vectors(5), isCut: false, framesFocus: false)),
        .init(
          heading(5, "Scores"), .arrow, .numbers(numbers, decimals: 1, hatchesMasked: false)),
        .init(
          heading(6, "Mask"), .none, .numbers(numbers, decimals: 2, hatchesMasked: true),
          foot: ["hatched: −∞"]),
        .init(heading(7, "Softmax"), .none, .shares(shares)),
        .init(
          heading(8, "Weighted values"), .sign("="),
          .summed(vectors(6, isWeighted: true), sum: scores(1, width, size: 2))),
      ], vectorPanels: vectorPanels(width), folding: "In steps 9–12 a vector is folded.")
  }

  private static func vectorPanels(_ width: Int) -> [HeadFlow.VectorPanel] {
    func panel(
      _ step: Int?, _ name: String, _ link: HeadFlow.Link, count: Int, rows: Int, head: Int? = nil,
      fact: String? = nil
    ) -> HeadFlow.VectorPanel {
      HeadFlow.VectorPanel(
        .init(step, name, [.formula(.softmaxWeights)]), link, scores(1, count, size: 3), rows: rows,
        head: head, shape: "\(count) = \(rows) rows", fact: fact)
    }
    return [
      panel(9, "All heads side by side", .none, count: 12 * width, rows: 12, head: 1),
      panel(10, "Attention output", .through(["Norm"]), count: 12 * width, rows: 12),
      panel(nil, "Layer input, again", .plus, count: 12 * width, rows: 12),
      panel(11, "Add & Norm", .through([]), count: 12 * width, rows: 12),
      panel(
        12, "Feed-forward", .through([.formula(.variable("W"))]), count: 48 * width - 5, rows: 12,
        fact: "21 % above 0"),
      panel(
        13, "Add & Norm", .plusCarried(from: 3, name: [.formula(.variable("h"))]),
        count: 12 * width, rows: 12),
    ]
  }

  /// A block in one of the ways that families have it.
  static func block(_ kind: String) -> [Architecture.Part] {
    let norm = DiagramBox(.norm, "Norm")
    let attention = DiagramBox(
      .attention, "Masked self-attention", ["12 heads of width 32", "rotary, θ 10,000"])
    let network = DiagramBox(.feedForward, "Feed-forward", ["384 → 1,536 → 384"])
    let sum = DiagramBox(.norm, "Add & Norm")
    switch kind {
    case "after":
      return [.sublayer(.init(attention, after: sum)), .sublayer(.init(network, after: sum))]
    case "before":
      return [.sublayer(.init(before: norm, attention)), .sublayer(.init(before: norm, network))]
    case "around":
      return [
        .sublayer(.init(before: norm, attention, inside: norm)),
        .sublayer(.init(before: norm, network, inside: norm)),
      ]
    case "cross":
      let cross = DiagramBox(.attention, "Cross-attention", ["12 heads of width 32"])
      return [
        .sublayer(.init(attention, after: sum)),
        .sublayer(.init(cross, after: sum, looksLeft: true)),
        .sublayer(.init(network, after: sum)),
      ]
    case "shared": return [.sideBySide(shared: norm, left: [attention], right: [network])]
    default: return [.sideBySide(shared: nil, left: [norm, attention], right: [norm, network])]
    }
  }

  static func architecture(_ kind: String) -> Architecture {
    let hasSource = kind == "cross"
    func tower(_ block: [Architecture.Part], _ isLast: Bool) -> Architecture.Tower {
      let head: [Architecture.Part] = [
        .shape("n × 384"), .box(DiagramBox(.output, "Linear 384 → 30,522", ["tied"])),
        .box(DiagramBox(.output, "Softmax")),
      ]
      return Architecture.Tower(
        input: ("Tokens", "n token numbers"),
        parts: [
          .box(DiagramBox(.embedding, "Embedding 30,522 → 384")),
          .added("2 token types", isWave: false), .added("512 learned positions", isWave: true),
          .shape("n × 384"),
          .repeated(block, times: "× 6", notes: ["1,774,464", "parameters each"]),
        ] + (isLast ? head : []),
        output: isLast ? ("Next-token probabilities", "n × 30,522") : nil)
    }
    let towers = hasSource ? [tower(block("after"), false)] : []
    return Architecture(
      caption: caption, towers: towers + [tower(block(kind), true)],
      handed: hasSource ? "m × 384" : nil,
      counts: [.init("embedding: words", 11_720_448), .init("6 × feed-forward", 7_089_408)],
      formulas: [[.formula(.softmaxWeights)], [.formula(.scaledScores)]],
      remarks: ["Norm: layer normalisation with a learned scale and shift."])
  }
}
