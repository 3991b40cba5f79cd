public import Tensors
public import Transformers

/// Attention rollout (Abnar & Zuidema 2020, "Quantifying Attention Flow in Transformers"): how much
/// of every token's first vector would be in a row of the last layer, if each layer did nothing but
/// mix rows by the mean weights of its heads and keep half of what was there.
///
/// A_l = ½ (mean of heads) + ½ I, each row divided by its sum; the rollout is A_L ⋯ A_1. A row of a
/// decoder mixes what the mask allows, so the product has zeros above the diagonal as well, and its
/// rows sum to 1. Every token hands on to later rows what it took from earlier ones, so a decoder's
/// rollout leans to early positions whatever the text says: the first token can only gain.
public struct Rollout: Sendable, Equatable {
  /// What every row holds of every token, `[n, n]`; each row sums to 1.
  public let shares: Tensor

  /// Multiplies the maps of all layers.
  ///
  /// - Returns: `nil` when the run did not record the weights of every layer, or tokens look at
  ///   other tokens than themselves.
  public init?(_ run: Run) {
    let maps = (0..<run.configuration.layers).compactMap { run.trace[.weights, layer: $0] }
    guard maps.count == run.configuration.layers, let n = maps.first?.width,
      maps.allSatisfy({ $0.shape.count == 3 && $0.shape[1] == n && $0.width == n })
    else { return nil }
    var product = (0..<n).map { row in (0..<n).map { $0 == row ? 1.0 : 0 } }
    for map in maps { product = Self.product(Self.mixing(map, n), product) }
    shares = Tensor(product.flatMap { $0.map(Float.init) }, shape: [n, n])
  }

  /// Half the mean map and half the row itself, each row divided by its sum: a row that may look at
  /// nothing stays what it is.
  private static func mixing(_ map: Tensor, _ n: Int) -> [[Double]] {
    let heads = map.shape[0]
    var mean = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    for head in 0..<heads {
      map.slice(head).withNumbers { weights in
        for row in 0..<n {
          for key in 0..<n { mean[row][key] += Double(weights[row * n + key]) / Double(heads) }
        }
      }
    }
    return mean.enumerated().map { row, weights in
      let halves = weights.enumerated().map { key, weight in
        0.5 * weight + (key == row ? 0.5 : 0)
      }
      let sum = halves.reduce(0, +)
      return halves.map { $0 / sum }
    }
  }

  private static func product(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
    let n = a.count
    return a.map { row in
      var sums = [Double](repeating: 0, count: n)
      for (place, factor) in row.enumerated() where factor != 0 {
        for column in 0..<n { sums[column] += factor * b[place][column] }
      }
      return sums
    }
  }
}
