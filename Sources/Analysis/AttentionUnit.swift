public import Tensors

/// One attention unit outside any model: a = softmax(q·kᵀ/√d), z = a·v with q = x·W_Q, k = x·W_K
/// and v = x, every token looking at every token (Vaswani et al. 2017, eq. 1).
///
/// W_V is the identity, so that z stays among the vectors that went in.
public struct AttentionUnit: Sendable {
  /// What W_Q and W_K are.
  public enum Projections: Equatable, Sendable {
    /// The identity: the score of two tokens is the product of their vectors.
    case identity
    /// Independent random numbers, uniform with mean 0 and variance 1/d, from a seed.
    case random(seed: UInt64)
  }

  private let projections: Projections

  /// Creates a unit.
  public init(_ projections: Projections) {
    self.projections = projections
  }

  /// The weights a, `[n, n]`, and the sums z, `[n, d]`, of vectors `[n, d]`.
  public func callAsFunction(_ x: Tensor) -> (weights: Tensor, sums: Tensor) {
    let (n, d) = (x.rows, x.width)
    var (q, k) = (x, x)
    if case .random(let seed) = projections {
      var numbers = RandomNumbers(seed: seed)
      q = x.times(Self.matrix(d, &numbers))
      k = x.times(Self.matrix(d, &numbers))
    }
    let scores = q.reshaped([1, n, d]).headwiseProducts(
      with: k.reshaped([1, n, d]), scale: 1 / Float(d).squareRoot())
    let weights = scores.softmax()
    let sums = weights.headwiseMix(of: x.reshaped([1, n, d]))
    return (weights.reshaped([n, n]), sums.reshaped([n, d]))
  }

  private static func matrix(_ d: Int, _ numbers: inout RandomNumbers) -> Matrix {
    let reach = (3 / Double(d)).squareRoot()
    let entries = (0..<d * d).map { _ in Float((2 * numbers.uniform() - 1) * reach) }
    return Matrix(Tensor(entries, shape: [d, d]), isOutputMajor: false)
  }
}
