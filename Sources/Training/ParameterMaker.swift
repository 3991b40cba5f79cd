internal import Files
internal import Synchronization
internal import TensorFiles
package import Tensors
package import Transformers

/// Makes the parameters that a model asks for, instead of reading them.
///
/// Matrices are normal with a small deviation, what adds to the stream smaller by √(2 layers)
/// (Radford et al. 2019, §2.3), norms are 1 and biases 0; T5's deviations are those of its authors'
/// code, which has no 1/√d before the softmax. Each parameter has random numbers of its own, so
/// they do not depend on the order in which a model asks.
final class ParameterMaker: ParameterFile {
  let path = "new parameters"
  private let shape: Configuration
  private let prefix: String
  private let deviation: Double
  private let seed: UInt64
  private let made = Mutex<[String: Tensor]>([:])

  /// - Parameter deviation: The deviation of a matrix: `initializer_range` of a `config.json`.
  init(_ blueprint: Blueprint, deviation: Double, seed: UInt64) {
    shape = blueprint.shape
    prefix = blueprint.prefix
    self.deviation = deviation
    self.seed = seed
  }

  /// What was made, by name.
  var tensors: [String: Tensor] { made.withLock { $0 } }

  /// The parts of a model that stand without the prefix.
  private static let heads = ["lm_head", "cls.", "generator", "final_logits_bias", "embed_out"]
  /// What a masked or next token does not need.
  private static let unused = ["pooler", "seq_relationship"]

  func contains(_ name: String) -> Bool {
    if Self.unused.contains(where: name.contains) { return false }
    let isHead = Self.heads.contains(where: name.hasPrefix)
    return isHead || name.hasPrefix(prefix)
  }

  func tensor(_ name: String) -> Tensor? { tensors[name] }

  /// There is no other way than `tensor`.
  func rows(_ name: String) -> PackedRows? { nil }

  func tensor(_ name: String, for path: String, shape: [Int]) -> Tensor? {
    if let tensor = self.tensor(name) { return tensor }
    let tensor = new(name, path, name == "final_logits_bias" ? [1] + shape : shape)
    made.withLock { $0[name] = tensor }
    return tensor
  }

  private func new(_ name: String, _ path: String, _ shape: [Int]) -> Tensor {
    let isVector = shape.count == 1 || name == "final_logits_bias"
    if isVector {
      let isOne = path.hasSuffix("norm.weight") && self.shape.normKind != .rootMeanSquarePlusOne
      return Tensor(repeating: isOne || path.hasSuffix("inside.weight") ? 1 : 0, shape: shape)
    }
    let deviation = Float(deviation(path, shape))
    var random = RandomNumbers(seed: Learner.mix([seed] + name.utf8.map(UInt64.init)))
    return Tensor(shape: shape) { out in
      for place in out.indices { out[place] = Float(random.normal()) * deviation }
    }
  }

  private func deviation(_ path: String, _ shape: [Int]) -> Double {
    let name = path.split(separator: ".").dropLast().last.map(String.init) ?? path
    let width = Double(self.shape.width)
    let inner = Double(self.shape.heads * self.shape.headWidth)
    switch (self.shape.family, name) {
    case ("t5", "words"): return 1
    case ("t5", "query"): return 1 / (width * Double(self.shape.headWidth)).squareRoot()
    case ("t5", "output"): return 1 / inner.squareRoot()
    case ("t5", "down"): return 1 / Double(self.shape.hidden).squareRoot()
    case ("t5", _): return 1 / width.squareRoot()
    case ("vaswani", "words"): return 1 / width.squareRoot()
    case ("vaswani", _): return (2 / Double(shape[0] + shape[1])).squareRoot()
    case (_, "output"), (_, "down"):
      let isResidual = self.shape.normPlacement != .after
      return isResidual ? deviation / Double(2 * self.shape.layers).squareRoot() : deviation
    default: return deviation
    }
  }
}

extension RandomNumbers {
  /// A number that is nearly normal: the sum of twelve uniform ones less 6, which needs no
  /// mathematics library and so is the same on every machine.
  mutating func normal() -> Double {
    (0..<12).reduce(-6) { sum, _ in sum + uniform() }
  }
}

extension Learner {
  /// A new model.
  ///
  /// - Parameter deviation: The deviation of its matrices.
  /// - Throws: `FileError` where the family cannot be made.
  package static func newParameters(
    _ blueprint: Blueprint, deviation: Double = 0.02, seed: UInt64
  ) throws -> [String: Tensor] {
    let maker = ParameterMaker(blueprint, deviation: deviation, seed: seed)
    _ = try blueprint.transformer(of: maker)
    return maker.tensors
  }
}
