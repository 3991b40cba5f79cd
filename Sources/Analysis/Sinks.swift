public import Tensors
public import Transformers

/// Tokens that take a large part of all attention whatever the sentence says: places where
/// heads rest when they have nothing to do (Xiao et al. 2023, "attention sinks").
public struct Sinks: Sendable, Equatable {
  /// The mean weight that each position receives, over all heads and all queries that may look
  /// at it without being it.
  public var received: [Float]
  /// The positions that receive at least `threshold`, strongest first.
  public var positions: [Int]
  /// The mean weight that makes a position a sink.
  public static let threshold: Float = 0.25
  /// The positions that each head by itself looks at from everywhere, by layer and head.
  private let ofHeads: [Int: [Set<Int>]]

  /// Finds the sinks of a run.
  public init(_ run: Run) {
    let layers = (0..<run.configuration.layers).filter { run.trace[.weights, layer: $0] != nil }
    let maps = layers.compactMap { run.trace[.weights, layer: $0] }
    let n = maps.first?.width ?? 0
    let isCross = run.stack == .cross
    let queries = layers.map { Self.queries(run, layer: $0, tokens: n) }
    let received = Self.meanReceived(maps, queries, isCross)
    // In a short text every token gets much: twice an even share is asked for at least.
    let least = max(Self.threshold, 2 / Float(max(n, 1)))
    let heads = zip(maps, queries).map { map, queries in
      (0..<map.shape[0]).map { head in
        let own = Self.meanReceived(
          [map.slice(head).reshaped([1, map.shape[1], n])], [queries], isCross)
        return Set(own.indices.filter { own[$0] >= least })
      }
    }
    ofHeads = Dictionary(uniqueKeysWithValues: zip(layers, heads))
    self.received = received
    positions = received.indices.filter { received[$0] >= Self.threshold }
      .sorted { (received[$1], $0) < (received[$0], $1) }
  }

  /// Whether a head looks at a position from everywhere, whatever the query.
  public func isSink(_ position: Int, layer: Int, head: Int) -> Bool {
    ofHeads[layer]?[head].contains(position) ?? false
  }

  /// How many other queries may look at each position in a layer.
  private static func queries(_ run: Run, layer: Int, tokens n: Int) -> [Int] {
    guard run.stack != .cross else { return Array(repeating: run.count, count: n) }
    if let ranges = run.trace.masks[layer]?.ranges, ranges.count == n {
      return (0..<n).map { key in
        ranges.indices.filter { $0 != key && ranges[$0].contains(key) }.count
      }
    }
    let isCausal = run.configuration.kind == .decoder
    return (0..<n).map { isCausal ? n - 1 - $0 : n - 1 }
  }

  /// The mean weight of every position, given how many queries may look at it in each map; a
  /// token's own look at itself counts only where keys are other tokens than queries.
  private static func meanReceived(
    _ maps: [Tensor], _ queries: [[Int]], _ isCross: Bool
  ) -> [Float] {
    let n = maps.first?.width ?? 0
    var sums = [Float](repeating: 0, count: n)
    for map in maps {
      map.withNumbers { weights in
        for row in 0..<map.rows {
          for key in 0..<n where isCross || key != row % n { sums[key] += weights[row * n + key] }
        }
      }
    }
    return sums.enumerated().map { key, sum in
      let lookers = zip(maps, queries).reduce(0) { $0 + $1.0.shape[0] * $1.1[key] }
      return lookers > 0 ? sum / Float(lookers) : 0
    }
  }
}
