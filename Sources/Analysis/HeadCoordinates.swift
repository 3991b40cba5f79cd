internal import Tensors
public import Transformers

/// One head on a short text, written in as many coordinates as there are tokens, without changing a
/// score or a weight.
///
/// n tokens span at most n directions. Gram–Schmidt over the rows of x, of K and of V, in the order
/// of the tokens, gives bases B_x, B_k and B_v; then W′ = B_x Wᵀ Bᵀ and b′ = b Bᵀ, with B_k for
/// queries and keys. Of a query only the part is kept that some key can see: q·k has no other.
public struct HeadCoordinates: Sendable {
  /// A matrix, row by row.
  public typealias Rows = [[Double]]

  /// W′, `[n, n]`, and b′, `[n]`: x W′ + b′.
  public struct Projection: Sendable {
    /// A row for every coordinate of x.
    public var weight: Rows
    /// What is added, where the model adds something.
    public var bias: [Double]?
  }

  /// What attention sees of every token.
  public let input: Rows
  /// Makes queries; `nil` where norms or positions stand between x W and the queries.
  public let query: Projection?
  /// Makes keys; likewise.
  public let key: Projection?
  /// Makes values.
  public let value: Projection
  /// The queries that meet the keys.
  public let queries: Rows
  /// The keys.
  public let keys: Rows
  /// The values.
  public let values: Rows
  /// What q·k is divided by.
  public let divisor: Double
  /// What the distance of two tokens adds to a score, where there is such.
  public let bias: Rows?
  /// c of c·tanh(α/c), where the model has one.
  public let cap: Double?
  /// Whether a query may look at a key.
  public let isAllowed: [[Bool]]
  /// The recorded weights.
  public let weights: Rows

  /// What a run must have recorded.
  public static let recorded: Set<Site.Value> = [
    .embedding, .output, .query, .key, .value, .products, .scores, .weights,
  ]

  /// Rotates a head of a run.
  ///
  /// - Throws: `ModelError` when there is no such head, something was not recorded, or a recorded
  ///   number is not finite.
  public init(layer: Int, head: Int, of run: Run, _ transformer: Transformer) throws {
    let shape = run.configuration
    guard (0..<shape.layers).contains(layer), (0..<shape.heads).contains(head) else {
      throw ModelError(.noSuchPlace, "there is no L\(layer)H\(head)")
    }
    func recorded(_ value: Site.Value) throws -> Rows {
      guard let tensor = run.trace[value, layer: layer, head: head] else {
        throw ModelError(.noSuchPlace, "\(value.rawValue) of layer \(layer) was not recorded")
      }
      return tensor.matrix
    }
    let place = layer == 0 ? run.trace[.embedding] : run.trace[.output, layer: layer - 1]
    guard let stream = place else {
      throw ModelError(.noSuchPlace, "what enters layer \(layer) was not recorded")
    }
    let x = transformer.attentionInput(stream, layer: layer, of: run.stack).matrix
    let (q, k, v) = (try recorded(.query), try recorded(.key), try recorded(.value))
    weights = try recorded(.weights)
    let scores = try recorded(.scores)
    guard (x + q + k + v + weights + scores).allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      throw ModelError(.badModel, "L\(layer)H\(head) has numbers that are not finite")
    }
    let (ofX, ofK, ofV) = (x.basis, k.basis, v.basis)
    let parameters = transformer.projections(layer: layer, head: head, of: run.stack)
    func projection(_ own: HeadProjections.Projection, to basis: Rows) -> Projection {
      let outputs = own.weight.matrix  // [d, D]
      let rows = ofX.map { direction in basis.coordinates(of: outputs.map { $0 • direction }) }
      return Projection(
        weight: rows, bias: own.bias.map { basis.coordinates(of: $0.numbers.map(Double.init)) })
    }
    let isPlain = shape.isProjectionPlain(layer: layer)
    query = isPlain ? projection(parameters.query, to: ofK) : nil
    key = isPlain ? projection(parameters.key, to: ofK) : nil
    value = projection(parameters.value, to: ofV)
    input = x.map(ofX.coordinates)
    (queries, keys) = (q.map(ofK.coordinates), k.map(ofK.coordinates))
    values = v.map(ofV.coordinates)
    divisor = 1 / Double(shape.scales[layer])
    cap = shape.scoreCap.map(Double.init)
    let mask = run.trace.masks[layer]
    isAllowed = q.indices.map { i in k.indices.map { mask?.allows(query: i, key: $0) ?? true } }
    bias = shape.hasDistanceBias ? scores - (try recorded(.products)) : nil
  }

  /// The largest magnitude of a coordinate or a parameter.
  public var largest: Double {
    let projections = [query, key, value].compactMap(\.self)
    let all = [input, queries, keys, values] + projections.map { $0.weight + [$0.bias ?? []] }
    return all.joined().joined().reduce(0) { max($0, $1.magnitude) }
  }
}

extension Configuration {
  /// Whether queries and keys are x W + b and nothing else: not normalised, not turned.
  func isProjectionPlain(layer: Int) -> Bool {
    queryKeyNorm == .none && (rotary.isEmpty || rotary[layer] == nil)
  }
}

extension Tensor {
  /// The rows in double precision.
  fileprivate var matrix: [[Double]] {
    (0..<rows).map { rows($0..<$0 + 1).numbers.map(Double.init) }
  }
}

infix operator • : MultiplicationPrecedence

/// The inner product.
private func • (a: [Double], b: [Double]) -> Double {
  zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}

private func - (a: [[Double]], b: [[Double]]) -> [[Double]] {
  zip(a, b).map { zip($0, $1).map { $0 - $1 } }
}

extension [[Double]] {
  /// Orthonormal directions, one a row, so that a row is made of the directions up to its own;
  /// 0 for a row that is made of those before it.
  fileprivate var basis: [[Double]] {
    reduce(into: []) { basis, row in
      var rest = row
      // Twice: rounding leaves a little of the directions before.
      for _ in 0..<2 {
        for direction in basis {
          let share = rest • direction
          rest = zip(rest, direction).map { $0 - share * $1 }
        }
      }
      let (length, whole) = ((rest • rest).squareRoot(), (row • row).squareRoot())
      basis.append(rest.map { length > 1e-5 * whole ? $0 / length : 0 })
    }
  }

  /// A vector along these directions.
  fileprivate func coordinates(of vector: [Double]) -> [Double] { map { $0 • vector } }
}
