import Files
import Tensors

/// How a family's checkpoints map onto the one transformer: config keys and tensor names.
struct Family: Sendable {
  /// The `model_type` values.
  let types: [String]
  /// Reads the family's keys of a `config.json`.
  let configuration: @Sendable (inout ConfigurationReader) throws -> Configuration
  /// Keys of this family that change no number.
  var harmless: Set<String> = []
  /// Where the parameters are.
  let names: Names
  /// How GGUF files of this family differ, when they are read.
  var gguf: GGUFLayout?

  /// Every family the engine knows.
  static let all: [Family] = [.bert, .distilBERT, .roberta, .gpt2, .llama]

  /// The family of a `config.json`.
  static func of(_ config: JSON, path: String) throws -> Family {
    let known = all.flatMap(\.types).sorted().joined(separator: ", ")
    guard let type = config["model_type"]?.string else {
      throw FileError(.badData, path, "\"model_type\" is missing; known: \(known)")
    }
    guard let family = all.first(where: { $0.types.contains(type) }) else {
      throw FileError(
        .badData, path, "the model type \"\(type.visible)\" is not supported; known: \(known)")
    }
    return family
  }
}

extension Transformer {
  /// Puts the model together from a checkpoint.
  init(_ shape: Configuration, from source: Parameters) throws {
    configuration = shape
    let (width, epsilon) = (shape.width, shape.normEpsilon)
    func norm(_ path: String, layer: Int? = nil) throws -> Norm {
      try source.norm(path, layer: layer, width: width, kind: shape.normKind, epsilon: epsilon)
    }
    embedding = Embedding(
      words: try source.table("words", rows: shape.vocabulary, width: width),
      positions: shape.positionRows > 0
        ? try source.table("positions", rows: shape.positionRows, width: width) : nil,
      types: shape.tokenTypes > 0
        ? try source.table("types", rows: shape.tokenTypes, width: width) : nil,
      norm: source.names.places["embedding.norm.weight"] != nil ? try norm("embedding.norm") : nil,
      scheme: shape.positions)
    blocks = try (0..<shape.layers).map { layer in
      Block(
        attention: try Attention(shape, layer: layer, from: source),
        attentionNorm: try norm("attention.norm", layer: layer),
        feedForward: try FeedForward(shape, layer: layer, from: source),
        feedForwardNorm: try norm("feed_forward.norm", layer: layer),
        placement: shape.normPlacement)
    }
    finalNorm = source.names.places["norm.weight"] != nil ? try norm("norm") : nil
    head = try Head(shape, words: embedding.words, from: source)
    pooler = try Pooler(shape, from: source)
  }
}

extension Attention {
  init(_ shape: Configuration, layer: Int, from source: Parameters) throws {
    func linear(_ name: String, _ inputs: Int, _ outputs: Int) throws -> Linear {
      try source.linear(
        "attention.\(name)", layer: layer, inputs: inputs, outputs: outputs,
        hasBias: shape.hasAttentionBias)
    }
    let (inner, shared) = (shape.heads * shape.headWidth, shape.groups * shape.headWidth)
    query = try linear("query", shape.width, inner)
    key = try linear("key", shape.width, shared)
    value = try linear("value", shape.width, shared)
    output = try linear("output", inner, shape.width)
    heads = shape.heads
    groups = shape.groups
    scale = shape.scales[layer]
    isCausal = shape.kind == .decoder
  }
}

extension FeedForward {
  init(_ shape: Configuration, layer: Int, from source: Parameters) throws {
    func linear(_ name: String, _ inputs: Int, _ outputs: Int) throws -> Linear {
      try source.linear(
        name, layer: layer, inputs: inputs, outputs: outputs, hasBias: shape.hasFeedForwardBias)
    }
    gate = shape.isGated ? try linear("gate", shape.width, shape.hidden) : nil
    up = try linear("up", shape.width, shape.hidden)
    down = try linear("down", shape.hidden, shape.width)
    activation = shape.activation
  }
}

extension Head {
  /// The head of a checkpoint, when it has one.
  init?(_ shape: Configuration, words: Matrix, from source: Parameters) throws {
    let hasTransform = source.has("head.transform.weight")
    guard hasTransform || shape.kind == .decoder else { return nil }
    if hasTransform {
      transform = Transform(
        linear: try source.linear("head.transform", inputs: shape.width, outputs: shape.width),
        activation: shape.activation,
        norm: try source.norm(
          "head.norm", width: shape.width, kind: shape.normKind, epsilon: shape.normEpsilon))
    } else {
      transform = nil
    }
    projection = Linear(
      weight: shape.isHeadTied
        ? words
        : try source.matrix("head.weight", inputs: shape.width, outputs: shape.vocabulary),
      bias: source.has("head.bias")
        ? try source.vector("head.bias", count: shape.vocabulary) : nil)
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
