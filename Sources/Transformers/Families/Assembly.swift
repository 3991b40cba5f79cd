import Tensors

extension Transformer {
  /// Puts the model together from a checkpoint.
  init(_ shape: Configuration, from source: Parameters) throws {
    configuration = shape
    let own: Site.Stack = shape.encoder == nil ? .sole : .decoder
    let decoder = source.part(own)
    embedding = try Embedding(shape, from: decoder)
    stack = try Stack(shape, own, from: decoder)
    head = try Head(shape, words: embedding.words, from: source)
    encoder = try shape.encoder.map { _ in
      let (shape, source) = (shape.shape(of: .encoder), source.part(.encoder))
      return Encoder(
        embedding: try Embedding(shape, from: source),
        stack: try Stack(shape, .encoder, from: source))
    }
    pooler = try Pooler(shape, from: source)
    parameters = source.ledger.counts
  }
}

extension Embedding {
  init(_ shape: Configuration, from source: Parameters) throws {
    let (own, width) = (shape.wordWidth, shape.width)
    let summed = shape.embeddingProjection == .sum ? own : width
    words = try source.table("words", rows: shape.vocabulary, width: own)
    scale = shape.embeddingScale
    wordProjection =
      shape.embeddingProjection == .words
      ? try source.linear("embedding.projection", inputs: own, outputs: width, hasBias: false)
      : nil
    positions =
      shape.positionRows > 0
      ? try source.table("positions", rows: shape.positionRows, width: summed) : nil
    types =
      shape.tokenTypes > 0
      ? try source.table("types", rows: shape.tokenTypes, width: summed) : nil
    norm =
      source.expects("embedding.norm.weight")
      ? try source.norm("embedding.norm", width: summed) : nil
    projection =
      shape.embeddingProjection == .sum
      ? try source.linear("embedding.projection", inputs: own, outputs: width) : nil
    scheme = shape.positions
  }
}

extension Stack {
  init(_ shape: Configuration, _ name: Site.Stack, from source: Parameters) throws {
    self.name = name
    var stored: [Int: Block] = [:]
    blocks = try (0..<shape.layers).map { layer in
      let own = shape.storedLayers.isEmpty ? layer : shape.storedLayers[layer]
      if !shape.storedLayers.isEmpty, let block = stored[own] { return block }
      let block = try Block(shape, layer: layer, stored: own, from: source)
      stored[own] = block
      return block
    }
    finalNorm =
      shape.hasFinalNorm && source.expects("norm.weight")
      ? try source.norm("norm", width: shape.width) : nil
    finalProjection =
      shape.embeddingProjection == .words
      ? try source.linear(
        "projection", inputs: shape.width, outputs: shape.wordWidth, hasBias: false) : nil
    rotary = shape.rotary
    relativeBias = try shape.relativePositions.map { scheme in
      let table = try source.table("relative_positions", rows: scheme.rows, width: shape.heads)
      return RelativeBias(table: table.gatheringRows(Array(0..<scheme.rows)), scheme: scheme)
    }
  }
}

extension Block {
  /// - Parameters:
  ///   - layer: Which layer it is.
  ///   - stored: Whose parameters it has.
  init(_ shape: Configuration, layer: Int, stored: Int, from source: Parameters) throws {
    func norms(_ path: String) throws -> Norms {
      func norm(_ path: String) throws -> Norm? {
        guard source.expects(path + ".weight", layer: stored) else { return nil }
        return try source.norm(path, layer: stored, width: shape.width)
      }
      return switch shape.normPlacement {
      case .before, .parallel: Norms(before: try norm(path))
      case .inside: Norms(inside: try norm(path))
      case .after: Norms(after: try norm(path))
      case .around: Norms(before: try norm(path), inside: try norm(path + ".inside"))
      }
    }
    attention = try Attention(shape, layer: layer, stored: stored, from: source)
    attentionNorms = try norms("attention.norm")
    cross =
      shape.encoder == nil
      ? nil
      : CrossAttention(
        attention: try Attention(
          shape, layer: layer, stored: stored, isCross: true, from: source),
        norms: try norms("cross_attention.norm"))
    feedForward = try FeedForward(shape, layer: stored, from: source)
    feedForwardNorms = try norms("feed_forward.norm")
    isParallel = shape.normPlacement == .parallel
  }
}

extension Attention {
  /// - Parameters:
  ///   - layer: Which layer it is.
  ///   - stored: Whose parameters it has.
  ///   - isCross: Whether it looks at the source.
  init(
    _ shape: Configuration, layer: Int, stored: Int, isCross: Bool = false,
    from source: Parameters
  ) throws {
    let path = isCross ? "cross_attention" : "attention"
    func linear(_ name: String, _ inputs: Int, _ outputs: Int, _ hasBias: Bool) throws -> Linear {
      try source.linear(
        "\(path).\(name)", layer: stored, inputs: inputs, outputs: outputs, hasBias: hasBias)
    }
    func norm(_ name: String, heads: Int) throws -> Norm? {
      guard shape.queryKeyNorm != .none else { return nil }
      let width = shape.queryKeyNorm == .perHead ? shape.headWidth : heads * shape.headWidth
      return try source.norm("\(path).\(name)", layer: stored, width: width)
    }
    let (inner, shared) = (shape.heads * shape.headWidth, shape.groups * shape.headWidth)
    query = try linear("query", shape.width, inner, shape.hasAttentionBias)
    key = try linear("key", shape.width, shared, shape.hasAttentionBias)
    value = try linear("value", shape.width, shared, shape.hasAttentionBias)
    output = try linear("output", inner, shape.width, shape.hasOutputBias)
    queryNorm = try norm("query.norm", heads: shape.heads)
    keyNorm = try norm("key.norm", heads: shape.groups)
    let (query, key) = (query, key)
    disentangled = try shape.disentangled.map {
      try Disentangled($0, shape, layer: stored, query: query, key: key, from: source)
    }
    heads = shape.heads
    groups = shape.groups
    scale = shape.scales[layer]
    cap = shape.scoreCap
    isCausal = shape.kind != .encoder && !isCross
    window = shape.windows.isEmpty || isCross ? nil : shape.windows[layer]
  }
}

extension Disentangled {
  init(
    _ scheme: Configuration.Disentangled, _ shape: Configuration, layer: Int, query: Linear,
    key: Linear, from source: Parameters
  ) throws {
    func projected(_ name: String, _ ofTokens: Linear) throws -> Tensor {
      let projection =
        scheme.sharesProjections
        ? ofTokens
        : try source.linear(
          "attention.distances.\(name)", layer: layer, inputs: shape.width,
          outputs: shape.heads * shape.headWidth)
      return projection(distances).splitIntoHeads(shape.heads)
    }
    let rows = 2 * scheme.span
    let table = try source.table("distances", rows: rows, width: shape.width)
      .gatheringRows(Array(0..<rows))
    let distances =
      scheme.isNormalized ? try source.norm("distances.norm", width: shape.width)(table) : table
    keys = scheme.hasKeys ? try projected("key", key) : nil
    queries = scheme.hasQueries ? try projected("query", query) : nil
    self.scheme = scheme
  }
}

extension FeedForward {
  init(_ shape: Configuration, layer: Int, from source: Parameters) throws {
    func linear(_ name: String, _ inputs: Int, _ outputs: Int) throws -> Linear {
      try source.linear(
        name, layer: layer, inputs: inputs, outputs: outputs, hasBias: shape.hasFeedForwardBias)
    }
    gate = shape.isGated ? try linear("gate", shape.width, shape.hidden) : nil
    let hasOtherName = shape.isGated && source.expects("gated.up.weight")
    up = try linear(hasOtherName ? "gated.up" : "up", shape.width, shape.hidden)
    down = try linear("down", shape.hidden, shape.width)
    activation = shape.activation
  }
}

extension Head {
  /// The head of a checkpoint, when it has one.
  init?(_ shape: Configuration, words: Matrix, from source: Parameters) throws {
    let hasTransform = source.has("head.transform.weight")
    guard hasTransform || shape.kind != .encoder else { return nil }
    let width = shape.wordWidth
    if hasTransform {
      transform = Transform(
        linear: try source.linear(
          "head.transform", inputs: shape.width, outputs: width,
          hasBias: shape.hasTransformBias),
        activation: shape.headActivation ?? shape.activation,
        norm: try source.norm("head.norm", width: width))
    } else {
      transform = nil
    }
    scale = shape.headScale
    projection = Linear(
      weight: shape.isHeadTied
        ? words : try source.matrix("head.weight", inputs: width, outputs: shape.vocabulary),
      bias: source.has("head.bias")
        ? try source.vector("head.bias", count: shape.vocabulary) : nil)
    cap = shape.logitCap
  }
}

extension Pooler {
  /// The pooler of a checkpoint, when it has one.
  init?(_ shape: Configuration, from source: Parameters) throws {
    guard source.has("pooler.weight") else { return nil }
    linear = try source.linear("pooler", inputs: shape.width, outputs: shape.width)
    nextSentence =
      source.has("next_sentence.weight")
      ? try source.linear("next_sentence", inputs: shape.width, outputs: 2) : nil
  }
}

extension Configuration {
  /// The width of a word's vector.
  fileprivate var wordWidth: Int { embeddingProjection == .none ? width : embeddingWidth }
}
