public import Figures
internal import Tensors
public import Transformers

extension Architecture {
  /// A model as a diagram: everything is read off its configuration and its parameters.
  ///
  /// - Parameters:
  ///   - transformer: The model.
  ///   - name: Its name.
  ///   - digest: SHA-256 of the parameter file, for provenance.
  public init(of transformer: Transformer, named name: String, digest: String? = nil) {
    let shape = transformer.configuration
    let hasSource = shape.encoder != nil
    let stacks: [Site.Stack] = hasSource ? [.encoder, .decoder] : [.sole]
    let towers = stacks.map { ArchitectureOfStack(transformer, $0) }
    let words = ArchitectureWords(transformer, name, digest, towers)
    self.init(
      caption: words.caption, towers: towers.map(\.tower),
      handed: hasSource ? "m × \(NumberFormat.count(shape.width))" : nil, counts: words.counts,
      formulas: words.formulas, remarks: words.remarks)
  }
}

/// One stack of a model as a tower.
struct ArchitectureOfStack {
  let transformer: Transformer
  let stack: Site.Stack
  let shape: Configuration

  init(_ transformer: Transformer, _ stack: Site.Stack) {
    self.transformer = transformer
    self.stack = stack
    shape = transformer.configuration.shape(of: stack)
  }

  private var edges: EdgeAnatomy { transformer.edges(of: stack) }
  private var isEncoder: Bool { stack == .encoder }
  /// The name of how many tokens there are.
  private var n: String { isEncoder ? "m" : "n" }
  private var flow: String { "\(n) × \(number(shape.width))" }

  private func number(_ value: Int) -> String { NumberFormat.count(value) }

  var tower: Architecture.Tower {
    let name =
      isEncoder ? "Source tokens" : stack == .decoder ? "Target tokens, shifted right" : "Tokens"
    let end = isEncoder ? [] : head
    return Architecture.Tower(
      input: (name, "\(n) token numbers"),
      parts: embedding + [.shape(flow)] + groups.map(frame) + final + end,
      output: isEncoder ? nil : output)
  }

  // MARK: Embedding

  private var embedding: [Architecture.Part] {
    let width = shape.embeddingProjection == .none ? shape.width : shape.embeddingWidth
    let scale = shape.embeddingScale
    let isRoot = abs(scale * scale - Float(shape.width)) < 0.01 * Float(shape.width)
    let factor = isRoot ? "√\(shape.width)" : NumberFormat.temperature(Double(scale))
    var parts: [Architecture.Part] = [
      .box(
        DiagramBox(
          .embedding, "Embedding \(number(shape.vocabulary)) → \(number(width))",
          scale == 1 ? [] : ["times \(factor)"]))
    ]
    let linear = DiagramBox(
      .embedding, "Linear \(number(width)) → \(number(shape.width))")
    if shape.embeddingProjection == .words { parts.append(.box(linear)) }
    if shape.tokenTypes > 0 {
      parts.append(.added("\(plural(shape.tokenTypes, "token type"))", isWave: false))
    }
    switch shape.positions {
    case .none: break
    case .learned:
      parts.append(.added("\(number(shape.positionRows)) learned positions", isWave: true))
    case .sinusoidal: parts.append(.added("sinusoidal positions", isWave: true))
    }
    if edges.hasEmbeddingNorm { parts.append(.box(norm)) }
    if shape.embeddingProjection == .sum { parts.append(.box(linear)) }
    return parts
  }

  private var norm: DiagramBox { DiagramBox(.norm, "Norm") }

  // MARK: Blocks

  /// Layers that follow each other and are drawn alike.
  var groups: [Range<Int>] {
    var groups: [Range<Int>] = []
    for layer in 0..<shape.layers {
      if let last = groups.last, drawing(last.lowerBound) == drawing(layer) {
        groups[groups.count - 1] = last.lowerBound..<layer + 1
      } else {
        groups.append(layer..<layer + 1)
      }
    }
    return groups
  }

  /// What of a block is a matter of its picture: norms, not how far it sees.
  private func drawing(_ layer: Int) -> BlockAnatomy {
    var anatomy = transformer.anatomy(layer: layer, of: stack)
    (anatomy.window, anatomy.rotary) = (nil, nil)
    return anatomy
  }

  private func frame(_ layers: Range<Int>) -> Architecture.Part {
    let counts = stored(layers).map { transformer.parameters.ofBlock($0, of: stack) }
    let (low, high) = (counts.min() ?? 0, counts.max() ?? 0)
    let each = low == high ? number(low) : "\(number(low)) to \(number(high))"
    let sharing =
      counts.count < layers.count
      ? ["parameters,", counts.count == 1 ? "shared by all" : "\(counts.count) sets shared"]
      : layers.count == 1 ? ["parameters"] : ["parameters each"]
    return .repeated(
      sublayers(transformer.anatomy(layer: layers.lowerBound, of: stack), layers),
      times: "× \(layers.count)", notes: [each] + sharing)
  }

  /// The layers whose parameters some layers have.
  func stored(_ layers: Range<Int>) -> [Int] {
    shape.storedLayers.isEmpty
      ? Array(layers) : Array(Set(layers.map { shape.storedLayers[$0] })).sorted()
  }

  private func sublayers(
    _ anatomy: BlockAnatomy, _ layers: Range<Int>
  ) -> [Architecture.Part] {
    let (attention, network) = (attention(layers), feedForward)
    guard !anatomy.isParallel else {
      let own = anatomy.sharesNorm ? [] : [norm]
      return [
        .sideBySide(
          shared: anatomy.sharesNorm ? norm : nil,
          left: (anatomy.attention.before ? own : []) + [attention],
          right: (anatomy.feedForward.before ? own : []) + [network])
      ]
    }
    var parts: [Architecture.Part] = [.sublayer(sublayer(attention, anatomy.attention))]
    if let cross = anatomy.cross {
      parts.append(.sublayer(sublayer(crossAttention, cross, looksLeft: true)))
    }
    return parts + [.sublayer(sublayer(network, anatomy.feedForward))]
  }

  private func sublayer(
    _ function: DiagramBox, _ norms: BlockAnatomy.Norms, looksLeft: Bool = false
  ) -> Architecture.Sublayer {
    Architecture.Sublayer(
      before: norms.before ? norm : nil, function, inside: norms.inside ? norm : nil,
      after: norms.after ? DiagramBox(.norm, "Add & Norm") : nil, looksLeft: looksLeft)
  }

  private var headsInWords: String {
    let heads = "\(plural(shape.heads, "head")) of width \(shape.headWidth)"
    return shape.groups == shape.heads ? heads : heads + ", \(shape.groups) for keys and values"
  }

  private func attention(_ layers: Range<Int>) -> DiagramBox {
    let isCausal = shape.kind != .encoder
    let facts = [
      headsInWords, "\(shape.heads) × \(n) × \(n) weights\(isCausal ? ", causal" : "")",
      window(layers), rotation(layers), distances, queryKeyNorm,
      shape.scoreCap.map { "scores within ±\(NumberFormat.temperature(Double($0)))" },
    ]
    let title = isCausal ? "Masked self-attention" : "Self-attention"
    return DiagramBox(
      .attention, shape.heads > 1 && !isCausal ? "Multi-head self-attention" : title,
      facts.compactMap(\.self))
  }

  private var crossAttention: DiagramBox {
    DiagramBox(
      .attention, "Cross-attention", [headsInWords, "\(shape.heads) × n × m weights"])
  }

  private func window(_ layers: Range<Int>) -> String? {
    let windows = layers.compactMap { transformer.anatomy(layer: $0, of: stack).window }
    guard let first = windows.first else { return nil }
    let reach =
      shape.kind == .encoder ? "window ±\(number(first))" : "window of \(number(first))"
    return windows.count == layers.count
      ? reach : "\(reach) in \(windows.count) of \(layers.count) layers"
  }

  private func rotation(_ layers: Range<Int>) -> String? {
    let ways = layers.compactMap { transformer.anatomy(layer: $0, of: stack).rotary }
    guard let first = ways.first else { return nil }
    let bases = Set(ways.map(\.base)).sorted().map { number(Int($0)) }
    let part = first.width < shape.headWidth ? ", \(first.width) of \(shape.headWidth)" : ""
    let missing = ways.count < layers.count ? " in \(ways.count) layers" : ""
    return "rotary\(part), θ \(bases.joined(separator: " and "))\(missing)"
  }

  private var distances: String? {
    if let scheme = shape.relativePositions { return "bias of distance, \(scheme.buckets) buckets" }
    guard let scheme = shape.disentangled else { return nil }
    let parts = [scheme.hasKeys ? "keys" : nil, scheme.hasQueries ? "queries" : nil]
    return "distances with \(parts.compactMap(\.self).joined(separator: " and "))"
  }

  private var queryKeyNorm: String? {
    switch shape.queryKeyNorm {
    case .none: nil
    case .perHead: "queries and keys normed by head"
    case .allHeads: "queries and keys normed"
    }
  }

  private var feedForward: DiagramBox {
    let (d, h) = (number(shape.width), number(shape.hidden))
    return DiagramBox(
      .feedForward, "Feed-forward",
      ["\(d) → \(h) → \(d)", shape.activation.word + (shape.isGated ? ", gated" : "")])
  }

  // MARK: Above the blocks

  private var final: [Architecture.Part] {
    let width = shape.embeddingProjection == .words ? shape.embeddingWidth : shape.width
    var parts: [Architecture.Part] = edges.hasFinalNorm ? [.box(norm)] : []
    if shape.embeddingProjection == .words {
      parts.append(
        .box(DiagramBox(.output, "Linear \(number(shape.width)) → \(number(width))")))
    }
    return parts + (isEncoder || !transformer.hasHead ? [] : [.shape("n × \(number(width))")])
  }

  private var head: [Architecture.Part] {
    guard transformer.hasHead else { return [] }
    let width = shape.embeddingProjection == .none ? shape.width : shape.embeddingWidth
    var parts: [Architecture.Part] = []
    if edges.hasHeadTransform {
      let activation = (shape.headActivation ?? shape.activation).word
      parts += [
        .box(
          DiagramBox(
            .output, "Linear \(number(shape.width)) → \(number(width))", [activation])),
        .box(norm),
      ]
    }
    let facts = [
      shape.headScale == 1
        ? nil : "stream times \(NumberFormat.temperature(Double(shape.headScale)))",
      shape.isHeadTied ? "tied: the embedding’s own vectors" : nil,
      shape.logitCap.map { "logits within ±\(NumberFormat.temperature(Double($0)))" },
    ]
    parts.append(
      .box(
        DiagramBox(
          .output, "Linear \(number(width)) → \(number(shape.vocabulary))",
          facts.compactMap(\.self))))
    return parts + [.box(DiagramBox(.output, "Softmax"))]
  }

  private var output: (title: String, note: String) {
    guard transformer.hasHead else { return ("Vectors of the tokens", flow) }
    return (
      shape.kind == .encoder ? "Token probabilities" : "Next-token probabilities",
      "n × \(number(shape.vocabulary)), each row sums to 1"
    )
  }
}
