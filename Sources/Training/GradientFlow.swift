public import Files
internal import Tensors
internal import Transformers

/// How long the gradient of the loss is in every block of a model: as it is, without residual
/// connections, and without these and the norms.
///
/// All are of the same parameters and the same examples. Without residual connections, what a
/// sublayer adds takes the place of the stream it was added to.
public struct GradientFlow: Sendable, Equatable {
  /// A block.
  public struct Block: Sendable, Equatable {
    /// "encoder" or "decoder" in a model that has both, else empty.
    public var stack: String
    /// Which of them, from 0.
    public var layer: Int
    /// The norm of the gradient of all its parameters.
    public var norm: Double
    /// The same without residual connections.
    public var withoutResiduals: Double
    /// The same without residual connections and without the norms of the blocks.
    public var withoutBoth: Double
  }

  /// The blocks, from the input on.
  public var blocks: [Block]

  /// The flow as JSON: a list for each quantity.
  var json: JSON {
    [
      "stack": .array(blocks.map { .string($0.stack) }),
      "layer": .array(blocks.map { .integer($0.layer) }),
      "gradient_norm": .array(blocks.map { .number($0.norm) }),
      "without_residuals": .array(blocks.map { .number($0.withoutResiduals) }),
      "without_residuals_and_norms": .array(blocks.map { .number($0.withoutBoth) }),
    ]
  }

  /// Reads what `json` wrote; `nil` where the lists do not fit together.
  init?(_ json: JSON) {
    let stacks = json["stack"]?.elements?.compactMap(\.string) ?? []
    let layers = json["layer"]?.elements?.compactMap(\.integer) ?? []
    let norms = json["gradient_norm"]?.elements?.compactMap(\.number) ?? []
    let others = ["without_residuals", "without_residuals_and_norms"].map {
      json[$0]?.elements?.compactMap(\.number) ?? []
    }
    let counts = [layers.count, norms.count] + others.map(\.count)
    guard !stacks.isEmpty, counts.allSatisfy({ $0 == stacks.count }) else { return nil }
    blocks = stacks.indices.map {
      Block(
        stack: stacks[$0], layer: layers[$0], norm: norms[$0], withoutResiduals: others[0][$0],
        withoutBoth: others[1][$0])
    }
  }
}

extension GradientFlow {
  /// Measures the gradients of a model for some examples.
  init(of learner: Learner, _ examples: [Example]) throws {
    let norms = try learner.blockNorms(examples)
    var cut = learner
    cut.hasResiduals = false
    let withoutResiduals = try cut.blockNorms(examples)
    cut.hasNorms = false
    let withoutBoth = try cut.blockNorms(examples)
    blocks = norms.keys.sorted().map { place in
      Block(
        stack: place.stack, layer: place.layer, norm: norms[place] ?? 0,
        withoutResiduals: withoutResiduals[place] ?? 0, withoutBoth: withoutBoth[place] ?? 0)
    }
  }
}

/// A block, in the order in which blocks are passed.
private struct BlockPlace: Hashable, Comparable {
  var stack: String
  var layer: Int

  /// The block that a parameter of a checkpoint belongs to: the first number in its name counts the
  /// blocks of its stack.
  init?(parameter name: String, of kind: Configuration.Kind) {
    let parts = name.split(separator: ".")
    guard let place = parts.firstIndex(where: { Int($0) != nil }), let layer = Int(parts[place])
    else { return nil }
    self.layer = layer
    let isDecoder = parts[..<place].contains("decoder")
    stack = kind != .seq2seq ? "" : isDecoder ? "decoder" : "encoder"
  }

  static func < (a: BlockPlace, b: BlockPlace) -> Bool {
    a.stack == b.stack ? a.layer < b.layer : a.stack > b.stack
  }
}

extension Learner {
  /// The norm of the gradient of every block.
  fileprivate func blockNorms(_ examples: [Example]) throws -> [BlockPlace: Double] {
    var squares: [BlockPlace: Double] = [:]
    // In the order of names, so that equal gradients give equal sums.
    let gradients = try gradients(of: examples).gradients.sorted { $0.key < $1.key }
    for (name, gradient) in gradients {
      guard let place = BlockPlace(parameter: name, of: blueprint.shape.kind) else { continue }
      squares[place, default: 0] += gradient.numbers.reduce(0) { $0 + Double($1) * Double($1) }
    }
    return squares.mapValues { $0.squareRoot() }
  }
}
