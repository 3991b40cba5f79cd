internal import Tensors
public import Transformers

/// What every layer does to the residual stream, token by token.
public struct StreamSummary: Sendable {
  /// One of the two additions of a layer: x becomes x + f(x), and is normalised where the model
  /// norms after adding. One number a token.
  public struct Step: Sendable, Equatable {
    /// The layer.
    public var layer: Int
    /// Whether f is attention; else it is the feed-forward network.
    public var isAttention: Bool
    /// ‖x‖ before.
    public var before: [Double]
    /// ‖f(x)‖.
    public var added: [Double]
    /// ‖x + f(x)‖, before a norm.
    public var sum: [Double]
    /// The length of the stream after the step.
    public var after: [Double]
    /// The cosine of the stream after the step with the one before it.
    public var similarity: [Double]
    /// The cosine of the stream after the step with the embedding.
    public var similarityToInput: [Double]
  }

  /// The length of every token's embedding.
  public let input: [Double]
  /// The steps, two a layer.
  public let steps: [Step]
  /// The width of the stream.
  public let width: Int

  /// What must be recorded.
  public static let values: Set<Site.Value> = [
    .embedding, .attentionOutput, .residual, .feedForwardOutput, .output,
  ]

  /// Follows the stream of a run.
  ///
  /// - Returns: `nil` when a run did not record `values` of every layer.
  public init?(_ run: Run) {
    guard let embedding = run.trace[.embedding] else { return nil }
    var (stream, steps) = (embedding, [Step]())
    // A recording may end after some layers.
    let layers = run.configuration.layers
    let count =
      run.origin == nil
      ? layers : (0..<layers).first { run.trace[.output, layer: $0] == nil } ?? layers
    guard count > 0 else { return nil }
    for layer in 0..<count {
      for isAttention in [true, false] {
        let (added, after): (Site.Value, Site.Value) =
          isAttention ? (.attentionOutput, .residual) : (.feedForwardOutput, .output)
        guard let change = run.trace[added, layer: layer],
          let next = run.trace[after, layer: layer]
        else { return nil }
        steps.append(
          Step(
            layer: layer, isAttention: isAttention, before: Self.lengths(stream),
            added: Self.lengths(change), sum: Self.lengths(stream + change),
            after: Self.lengths(next), similarity: Self.cosines(next, stream),
            similarityToInput: Self.cosines(next, embedding)))
        stream = next
      }
    }
    width = embedding.width
    input = Self.lengths(embedding)
    self.steps = steps
  }

  private static func lengths(_ x: Tensor) -> [Double] {
    x.withNumbers { a in (0..<x.rows).map { dot(a, a, $0, x.width).squareRoot() } }
  }

  private static func cosines(_ x: Tensor, _ y: Tensor) -> [Double] {
    x.withNumbers { a in
      y.withNumbers { b in
        (0..<x.rows).map { row in
          let lengths = (dot(a, a, row, x.width) * dot(b, b, row, x.width)).squareRoot()
          return lengths > 0 ? dot(a, b, row, x.width) / lengths : 0
        }
      }
    }
  }

  private static func dot(
    _ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>, _ row: Int, _ width: Int
  ) -> Double {
    (row * width..<(row + 1) * width).reduce(0) { $0 + Double(a[$1]) * Double(b[$1]) }
  }
}
