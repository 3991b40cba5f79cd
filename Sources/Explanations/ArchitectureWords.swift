internal import Figures
internal import Tensors
internal import Transformers

/// The words around a model's diagram, and its parameters.
struct ArchitectureWords {
  private let transformer: Transformer
  private let name: String
  private let digest: String?
  private let towers: [ArchitectureOfStack]

  init(
    _ transformer: Transformer, _ name: String, _ digest: String?,
    _ towers: [ArchitectureOfStack]
  ) {
    (self.transformer, self.name, self.digest, self.towers) = (transformer, name, digest, towers)
  }

  private var shape: Configuration { transformer.configuration }
  private var parameters: ParameterCounts { transformer.parameters }

  private func number(_ value: Int) -> String { NumberFormat.count(value) }

  // MARK: Parameters

  /// Every parameter once, by what it belongs to.
  var counts: [Architecture.Count] {
    let stacks = towers.map(\.stack)
    func sum(_ parts: [ParameterCounts.Part]) -> Int {
      parts.reduce(0) { sum, part in
        sum
          + (stacks + (stacks == [.sole] ? [] : [.sole])).reduce(0) {
            $0 + parameters[part, of: $1]
          }
      }
    }
    let around: [(String, [ParameterCounts.Part])] = [
      ("embedding: words", [.words]), ("embedding: positions", [.positions]),
      ("embedding: token types", [.types]), (embeddingRest, [.embedding]),
      ("distances", [.distances]),
    ]
    let behind: [(String, [ParameterCounts.Part])] = [
      ("behind the last block", [.final]), ("head", [.head]), ("pooler", [.pooler]),
    ]
    func rows(_ list: [(String, [ParameterCounts.Part])]) -> [Architecture.Count] {
      list.map { Architecture.Count($0.0, sum($0.1)) }.filter { $0.count > 0 }
    }
    return rows(around) + towers.flatMap(blocks) + rows(behind)
  }

  private var embeddingRest: String {
    let hasNorm = transformer.edges(of: towers[0].stack).hasEmbeddingNorm
    guard shape.embeddingProjection != .none else { return "embedding: norm" }
    return "embedding: \(hasNorm ? "norm and projection" : "projection")"
  }

  private func blocks(_ tower: ArchitectureOfStack) -> [Architecture.Count] {
    let stack = tower.stack == .sole ? "" : "\(tower.stack.rawValue): "
    var seen: Set<Int> = []
    return tower.groups.flatMap { group -> [Architecture.Count] in
      let layers = tower.stored(group).filter { seen.insert($0).inserted }
      let kinds: [(String, [ParameterCounts.Part])] = [
        ("attention", [.attention]), ("cross-attention", [.crossAttention]),
        ("feed-forward", [.feedForward]),
        ("norms", [.attentionNorm, .crossAttentionNorm, .feedForwardNorm]),
      ]
      return kinds.compactMap { kind, parts in
        let each = layers.map { layer in
          parts.reduce(0) { $0 + parameters[$1, layer: layer, of: tower.stack] }
        }
        let total = each.reduce(0, +)
        guard total > 0 else { return nil }
        let isEven = Set(each).count == 1
        let factor = layers.count == 1 ? "" : isEven ? "\(layers.count) × " : "\(layers.count) "
        let place =
          tower.groups.count == 1 ? "" : "layer\(group.count == 1 ? " " : "s ")\(group.words): "
        return .init("\(stack)\(place)\(factor)\(kind)", total)
      }
    }
  }

  /// "22.6 M", "135 M", "1.2 B".
  private func short(_ count: Int) -> String {
    let value = Double(count)
    if count < 10_000 { return number(count) }
    if value < 999_500 {
      return NumberFormat.fixed(value / 1e3, decimals: value < 99_950 ? 1 : 0) + " K"
    }
    if value < 999.5e6 {
      return NumberFormat.fixed(value / 1e6, decimals: value < 99.95e6 ? 1 : 0) + " M"
    }
    return NumberFormat.fixed(value / 1e9, decimals: 1) + " B"
  }

  // MARK: Formulas

  /// The formulas of attention as the model has it.
  var formulas: [[Inline]] {
    let transposed = Formula.row([.variable("Q"), .thin, .sup(.variable("K"), .word("T"))])
    let root = Formula.root(.sub(.variable("d"), .variable("k")))
    let isRoot = (0..<shape.layers).allSatisfy(isRootScale)
    let isPlain = shape.scales.allSatisfy { $0 == 1 }
    var score = isRoot ? Formula.fraction(transposed, root) : transposed
    if !isRoot, !isPlain { score = .row([.variable("s"), .thin, transposed]) }
    if shape.hasDistanceBias { score = .row([score, .sign("+"), .variable("b")]) }
    if shape.scoreCap != nil {
      let c = Formula.variable("c")
      score = .row([c, .word(" tanh"), .parentheses(.fraction(score, c))])
    }
    let weights = Formula.row([
      .variable("a"), .sign("="), .word("softmax"), .parentheses(score),
    ])
    let mix = Formula.row([.variable("z"), .sign("="), .variable("a"), .thin, .variable("V")])
    var second: [Inline] = [.formula(mix)]
    if isRoot {
      let value = NumberFormat.fixed(Double(shape.headWidth).squareRoot(), decimals: 2)
      second += [", ", .formula(.row([root, .sign("="), .word(value)]))]
    } else if !isPlain {
      let scales = Set(shape.scales).sorted().map { NumberFormat.temperature(Double($0)) }
      let range = scales.count == 1 ? scales[0] : "\(scales[0])–\(scales[scales.count - 1])"
      second += [", ", .formula(.row([.variable("s"), .sign("="), .word(range)]))]
    }
    return [[.formula(weights)], second]
  }

  private func isRootScale(_ layer: Int) -> Bool {
    abs(shape.scales[layer] * Float(shape.headWidth).squareRoot() - 1) < 1e-5
  }

  /// What the diagram's words mean.
  var remarks: [String] {
    let kind =
      shape.normKind == .layer
      ? "layer normalisation with a learned scale\(shape.hasNormShift ? " and shift" : "")"
      : "division by the root of the mean square, with a learned scale"
    let place =
      switch shape.normPlacement {
      case .after: "after each addition, as in Vaswani et al. 2017"
      case .before: "before each sublayer"
      case .around: "before and after each sublayer"
      case .inside: "after each sublayer, before it is added"
      case .parallel: "before attention and feed-forward network, which see the same stream"
      }
    let letters =
      shape.encoder == nil
      ? "n is the number of tokens" : "m is the number of source tokens, n that of the target"
    let bias =
      shape.encoder != nil && shape.relativePositions != nil
      ? ["The bias of distance b is in self-attention alone."] : []
    return bias + [
      "Norm: \(kind); it stands \(place).",
      "⊕ and Add: what the grey line carries past is added.",
      "\(letters)\(shape.maximumTokens < 1_000_000 ? ", at most \(number(shape.maximumTokens))" : "").",
    ]
  }

  // MARK: Caption

  var caption: Caption {
    let file = digest.map { " (sha256 \($0.prefix(8))…)" } ?? ""
    return Caption(
      title: "\(name): \(kind)", subtitle: subtitle,
      notes: [
        [
          .text(
            "Every shape is the loaded model’s, every count that of the numbers read from its file, those "
              + "that several parts share once. No text was run.")
        ]
      ],
      provenance: [
        .text("\(name)\(file), family \(shape.family). After Vaswani et al. 2017, figure 1.")
      ],
      summary: summary)
  }

  private var kind: String {
    switch shape.kind {
    case .encoder: "an encoder of \(plural(shape.layers, "layer"))"
    case .decoder: "a decoder of \(plural(shape.layers, "layer"))"
    case .seq2seq:
      "an encoder of \(plural(shape.encoder?.layers ?? 0, "layer")) and a decoder of "
        + plural(shape.layers, "layer")
    }
  }

  private var subtitle: [Inline] {
    func named(_ index: String, _ value: String) -> [Inline] {
      [.formula(.sub(.variable("d"), .word(index))), .text(" \(value) · ")]
    }
    let encoder = shape.encoder
    func both(_ own: Int, _ other: Int?) -> String {
      other.map { $0 == own ? number(own) : "\(number($0)), \(number(own))" } ?? number(own)
    }
    return named("model", number(shape.width))
      + [.text("\(both(shape.heads, encoder?.heads)) \(shape.heads == 1 ? "head" : "heads") · ")]
      + [
        .formula(.sub(.variable("d"), .variable("k"))),
        .text(" \(both(shape.headWidth, encoder?.headWidth)) · "),
      ] + named("ff", both(shape.hidden, encoder?.hidden))
      + [
        .text(
          "vocabulary \(number(shape.vocabulary)) · \(short(parameters.total)) parameters")
      ]
  }

  private var summary: String {
    let paths = towers.map { $0.tower.outline }.joined(separator: ". Beside it: ")
    let parts = counts.map { "\($0.name) \(number($0.count))" }.joined(separator: ", ")
    return
      "The architecture of \(name), \(kind), as a diagram from the bottom up: \(paths). "
      + "Width \(number(shape.width)), \(plural(shape.heads, "head")) of width \(shape.headWidth), "
      + "feed-forward \(number(shape.hidden)), vocabulary \(number(shape.vocabulary)). Parameters: "
      + "\(number(parameters.total)): \(parts)."
  }
}

extension Range<Int> {
  /// "0", "1–21".
  fileprivate var words: String {
    count == 1 ? "\(lowerBound)" : "\(lowerBound)–\(upperBound - 1)"
  }
}
