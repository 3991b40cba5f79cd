#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif
public import Tensors
public import Transformers

/// What one head's map is like, in a few numbers.
public struct HeadSummary: Sendable, Equatable {
  /// The layer.
  public var layer: Int
  /// The head.
  public var head: Int
  /// The mean over queries of the entropy −Σ a ln a of a row, in nats.
  public var entropy: Float
  /// The part of all weight that falls on special tokens.
  public var specialShare: Float
  /// The largest weight.
  public var largest: Float

  /// Summarises a head's weights.
  ///
  /// - Parameters:
  ///   - layer: The layer.
  ///   - head: The head.
  ///   - weights: `[n, m]`, rows that sum to 1.
  ///   - special: The positions of special tokens.
  public init(layer: Int, head: Int, weights: Tensor, special: [Int]) {
    self.layer = layer
    self.head = head
    let n = Float(max(weights.rows, 1))
    entropy = weights.withNumbers { $0.reduce(0) { $1 > 0 ? $0 - $1 * logf($1) : $0 } } / n
    specialShare =
      (0..<weights.rows).reduce(0) { sum, row in
        special.reduce(sum) { $0 + weights[row, $1] }
      } / n
    largest = weights.withNumbers { $0.max() ?? 0 }
  }

  /// Summarises every head of a run; `special` are the positions of special tokens.
  public static func all(of run: Run, special: [Int]) -> [HeadSummary] {
    (0..<run.configuration.layers).flatMap { layer -> [HeadSummary] in
      guard let weights = run.trace[.weights, layer: layer] else { return [] }
      return (0..<weights.shape[0]).map {
        HeadSummary(layer: layer, head: $0, weights: weights.slice($0), special: special)
      }
    }
  }
}
