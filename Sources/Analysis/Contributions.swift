public import Tensors
public import Transformers

/// How much every token adds to every other through every head: ‖a_ij v_j W_O‖.
///
/// A large weight on a small value moves nothing, so the weight alone says little; the length of
/// the weighted, projected value is what really enters the stream (Kobayashi et al. 2020, "Attention
/// is Not Only a Weight", eq. 5).
///
/// Where a recording has no model beside it, or no values, W_O v is not known: then links are
/// measured by their weight alone.
public struct Contributions: Sendable {
  /// One token looking at another through one head.
  public struct Link: Sendable, Equatable {
    /// The layer.
    public var layer: Int
    /// The head.
    public var head: Int
    /// The position of the token that looks.
    public var query: Int
    /// The position of the token that is looked at.
    public var key: Int
    /// The attention weight a.
    public var weight: Float
    /// ‖a v W_O‖; the weight where links are measured by it.
    public var length: Float
    /// `length` over the sum of the lengths of all heads and keys of this query in this layer:
    /// comparable between layers. From 0 to 1. The weight where links are measured by it.
    public var share: Float
  }

  /// Whether links are measured by their weight alone.
  public let isByWeight: Bool
  /// The layers that were recorded.
  public let layers: [Int]
  /// ‖v_j W_O‖ of each layer, `[H, m]`.
  private let values: [Tensor]
  /// The sum over heads and keys of ‖a v W_O‖ of each layer, `[n]`.
  private let totals: [[Float]]
  private let weights: [Tensor]

  /// Measures every link of a run.
  ///
  /// - Parameters:
  ///   - run: A run that recorded weights and values.
  ///   - transformer: The model; `nil` for a recording alone.
  /// - Returns: `nil` when the run did not record the weights and values of every layer; a recording
  ///   may have some layers.
  public init?(_ run: Run, of transformer: Transformer?) {
    layers = run.origin == nil ? Array(0..<run.configuration.layers) : run.recordedLayers
    weights = layers.compactMap { run.trace[.weights, layer: $0] }
    let recorded = layers.compactMap { run.trace[.value, layer: $0] }
    guard weights.count == layers.count, !layers.isEmpty else { return nil }
    guard let transformer, recorded.count == layers.count else {
      guard run.origin != nil else { return nil }
      isByWeight = true
      values = weights.map {
        Tensor(
          [Float](repeating: 1, count: $0.shape[0] * $0.width), shape: [$0.shape[0], $0.width])
      }
      totals = weights.map { [Float](repeating: 1, count: $0.shape[1]) }
      return
    }
    isByWeight = false
    values = zip(layers, recorded).map { layer, values in
      Self.lengths(values, heads: run.configuration.heads) {
        transformer.outputProjection(layer: layer, head: $0, of: run.stack)
      }
    }
    totals = zip(weights, values).map(Self.totals)
  }

  /// Heads in each layer.
  var heads: Int { weights.first?.shape[0] ?? 0 }
  /// Number of tokens that look.
  private var queries: Int { weights.first?.shape[1] ?? 0 }
  /// Number of tokens that are looked at.
  private var keys: Int { weights.first?.width ?? 0 }

  /// One link.
  ///
  /// - Precondition: The layer was recorded.
  public func link(layer: Int, head: Int, query: Int, key: Int) -> Link {
    let place = layers.firstIndex(of: layer) ?? 0
    let weight = weights[place].slice(head)[query, key]
    let length = weight * values[place][head, key]
    let total = totals[place][query]
    return Link(
      layer: layer, head: head, query: query, key: key, weight: weight, length: length,
      share: total > 0 ? length / total : 0)
  }

  /// The link with the largest share of each head, among the pairs that `isOrdinary` allows and
  /// with keys that `isKey` allows in this head; largest first.
  public func strongestLinks(
    where isOrdinary: (_ query: Int, _ key: Int) -> Bool,
    keys isKey: (_ key: Int, _ layer: Int, _ head: Int) -> Bool = { _, _, _ in true }
  ) -> [Link] {
    let m = max(keys, 1)
    let allowed = (0..<queries * keys).filter { isOrdinary($0 / m, $0 % m) }
    let best = layers.indices.flatMap { place in
      (0..<weights[place].shape[0]).compactMap { head in
        let keys = (0..<m).map { isKey($0, layers[place], head) }
        return strongest(place, head, among: allowed.filter { keys[$0 % m] }).map {
          link(layer: layers[place], head: head, query: $0 / m, key: $0 % m)
        }
      }
    }
    return best.sorted { ($1.share, $0.layer, $0.head) < ($0.share, $1.layer, $1.head) }
  }

  /// The place of the largest share in one head's map, row by row.
  private func strongest(_ index: Int, _ head: Int, among places: [Int]) -> Int? {
    let (m, lengths, totals) = (keys, values[index].slice(head).numbers, totals[index])
    return weights[index].slice(head).withNumbers { a in
      var best: (place: Int, share: Float)?
      for place in places where totals[place / m] > 0 {
        let share = a[place] * lengths[place % m] / totals[place / m]
        if share > best?.share ?? -1 { best = (place, share) }
      }
      return best?.place
    }
  }

  /// ‖v_j W_O‖ for every head and key.
  private static func lengths(
    _ values: Tensor, heads: Int, projection: (Int) -> Matrix
  ) -> Tensor {
    let (groups, m) = (values.shape[0], values.shape[1])
    let all = (0..<heads).flatMap { head in
      values.slice(head * groups / heads).times(projection(head)).rowLengths
    }
    return Tensor(all, shape: [heads, m])
  }

  private static func totals(_ weights: Tensor, _ values: Tensor) -> [Float] {
    let (heads, n, m) = (weights.shape[0], weights.shape[1], weights.shape[2])
    var totals = [Float](repeating: 0, count: n)
    for head in 0..<heads {
      let lengths = values.slice(head).numbers
      weights.slice(head).withNumbers { a in
        for query in 0..<n {
          totals[query] = (0..<m).reduce(totals[query]) { $0 + a[query * m + $1] * lengths[$1] }
        }
      }
    }
    return totals
  }
}

extension Tensor {
  /// The Euclidean length of every row.
  public var rowLengths: [Float] {
    withNumbers { numbers in
      (0..<rows).map { row in
        numbers[row * width..<(row + 1) * width].reduce(0) { $0 + $1 * $1 }.squareRoot()
      }
    }
  }
}
