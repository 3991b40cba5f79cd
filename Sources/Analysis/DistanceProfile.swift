public import Tensors

/// How much of its weight a head spends at each distance |i − j|.
public struct DistanceProfile: Sendable, Equatable {
  /// The mean over queries of the weight on keys at each distance, from 0; sums to 1.
  public var mass: [Double]

  /// The mean distance Σ d · mass(d).
  public var mean: Double {
    mass.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element }
  }

  /// Adds up a map by distance.
  ///
  /// - Parameter weights: `[n, n]`, rows that sum to 1.
  public init(_ weights: Tensor) {
    let n = weights.rows
    var mass = [Double](repeating: 0, count: n)
    weights.withNumbers { a in
      for index in a.indices { mass[abs(index / n - index % n)] += Double(a[index]) }
    }
    self.mass = mass.map { $0 / Double(max(n, 1)) }
  }

  /// The profile of a head that looks at every key it may look at alike: what the shape of the
  /// sentence and the mask alone make.
  public init(uniform n: Int, mask: KeyRanges?) {
    var mass = [Double](repeating: 0, count: n)
    for query in 0..<n {
      let keys = mask?.ranges[query] ?? 0..<n
      for key in keys { mass[abs(query - key)] += 1 / Double(keys.count * n) }
    }
    self.mass = mass
  }
}
