public import Files
internal import Tensors
internal import Transformers

/// How long the gradient of the loss is in every block of a model, with the residual connections and
/// without them.
///
/// Both are of the same parameters and the same examples; without, what a sublayer adds takes the
/// place of the stream it was added to, and norms stay where they are.
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
    public var normWithoutResiduals: Double
  }

  /// The blocks, from the input on.
  public var blocks: [Block]

  /// The flow as JSON: a list for each quantity.
  var json: JSON {
    [
      "stack": .array(blocks.map { .string($0.stack) }),
      "layer": .array(blocks.map { .integer($0.layer) }),
      "gradient_norm": .array(blocks.map { .number($0.norm) }),
      "gradient_norm_without_residuals": .array(blocks.map { .number($0.normWithoutResiduals) }),
    ]
  }

  /// Reads what `json` wrote; `nil` where the lists do not fit together.
  init?(_ json: JSON) {
    let stacks = json["stack"]?.elements?.compactMap(\.string) ?? []
    let layers = json["layer"]?.elements?.compactMap(\.integer) ?? []
    let norms = json["gradient_norm"]?.elements?.compactMap(\.number) ?? []
    let others = json["gradient_norm_without_residuals"]?.elements?.compactMap(\.number) ?? []
    let count = stacks.count
    guard count > 0, [layers.count, norms.count, others.count].allSatisfy({ $0 == count }) else {
      return nil
    }
    blocks = (0..<count).map {
      Block(
        stack: stacks[$0], layer: layers[$0], norm: norms[$0], normWithoutResiduals: others[$0])
    }
  }
}

extension GradientFlow {
  /// Measures the gradients of a model for some examples.
  init(of learner: Learner, _ examples: [Example]) throws {
    var cut = learner
    cut.hasResiduals = false
    let norms = try learner.blockNorms(examples)
    let others = try cut.blockNorms(examples)
    blocks = norms.keys.sorted().map { place in
      Block(
        stack: place.stack, layer: place.layer, norm: norms[place] ?? 0,
        normWithoutResiduals: others[place] ?? 0)
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
    for (name, gradient) in try gradients(of: examples).gradients {
      guard let place = BlockPlace(parameter: name, of: blueprint.shape.kind) else { continue }
      squares[place, default: 0] += gradient.numbers.reduce(0) { $0 + Double($1) * Double($1) }
    }
    return squares.mapValues { $0.squareRoot() }
  }
}
