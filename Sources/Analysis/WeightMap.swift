public import Tensors

/// A map of attention weights that may have been changed on purpose, with what was changed.
///
/// Weights are in double precision. Every change keeps the law of a softmax: a row sums to 1, or
/// to 0 where nothing is left of it.
public struct WeightMap: Sendable, Equatable {
  /// What was done to the map, in order.
  public enum Change: Sendable, Equatable {
    /// The mean over a number of heads.
    case mean(heads: Int)
    /// Tokens were taken out of rows and columns, and rows divided by what was left, which was
    /// `kept` of the weight on average.
    case removed(positions: [Int], kept: Double)
    /// Pieces were merged into words: summed over keys, averaged over queries.
    case merged(pieces: Int, words: Int)
  }

  /// The weights, row by row.
  public private(set) var weights: [Double]
  /// Which positions of the run each row and column stands for.
  public private(set) var groups: [[Int]]
  /// `true` where the model masks the pair; `nil` where nothing is masked.
  public private(set) var mask: [Bool]?
  /// What was done.
  public private(set) var changes: [Change] = []

  /// A map as it was recorded.
  ///
  /// - Parameters:
  ///   - weights: `[n, n]`.
  ///   - mask: The keys of each query; all when `nil`.
  public init(_ weights: Tensor, mask: KeyRanges? = nil) {
    let n = weights.rows
    self.weights = weights.withNumbers { $0.map(Double.init) }
    groups = (0..<n).map { [$0] }
    self.mask = mask.map { mask in
      (0..<n * n).map { !mask.allows(query: $0 / n, key: $0 % n) }
    }
  }

  /// The mean of several maps of the same tokens; it is never softmaxed again.
  ///
  /// - Parameters:
  ///   - maps: Each is looked at in turn and then let go.
  ///   - mask: Which pairs may be; all when `nil`.
  public init?(meanOf maps: some Sequence<Tensor>, mask: KeyRanges? = nil) {
    var (sum, heads) = (WeightMap?.none, 0)
    for map in maps {
      heads += 1
      if sum == nil { sum = WeightMap(map, mask: mask) } else { sum?.add(map) }
    }
    guard let sum else { return nil }
    self = sum
    for index in weights.indices { weights[index] /= Double(heads) }
    changes = [.mean(heads: heads)]
  }

  private mutating func add(_ map: Tensor) {
    map.withNumbers {
      for (index, weight) in $0.enumerated() { weights[index] += Double(weight) }
    }
  }

  /// How many rows and columns there are.
  public var count: Int { groups.count }

  /// One weight.
  public subscript(query: Int, key: Int) -> Double { weights[query * count + key] }

  /// The map without some positions of the run, its rows divided by what is left of them. A row of
  /// which nothing is left is all 0.
  public func removing(_ positions: Set<Int>) -> WeightMap {
    let kept = groups.indices.filter { index in !groups[index].allSatisfy(positions.contains) }
    guard kept.count < count else { return self }
    var map = self
    var shares: [Double] = []
    map.weights = kept.flatMap { query -> [Double] in
      let row = kept.map { self[query, $0] }
      let sum = row.reduce(0, +)
      shares.append(sum)
      return sum > 0 ? row.map { $0 / sum } : row
    }
    map.mask = mask.map { mask in
      kept.flatMap { query in kept.map { mask[query * count + $0] } }
    }
    map.groups = kept.map { groups[$0] }
    let mean = shares.isEmpty ? 0 : shares.reduce(0, +) / Double(shares.count)
    map.changes.append(.removed(positions: positions.sorted(), kept: mean))
    return map
  }

  /// The map with neighbours of one word merged: what a word receives is the sum of what its pieces
  /// receive, how it looks the mean of how its pieces look (Clark et al. 2019, section 4.1).
  ///
  /// - Parameter words: The number of the word of each position of the run; `nil` for a token that
  ///   stays alone.
  public func merging(words: [Int?]) -> WeightMap {
    var runs: [Range<Int>] = []
    for index in groups.indices {
      let word = groups[index].first.flatMap { words[$0] }
      let last = runs.last.flatMap { groups[$0.lowerBound].first }.flatMap { words[$0] }
      if let word, word == last {
        runs[runs.count - 1] = runs[runs.count - 1].lowerBound..<index + 1
      } else {
        runs.append(index..<index + 1)
      }
    }
    guard runs.count < count else { return self }
    var map = self
    map.weights = runs.flatMap { queries in
      runs.map { keys in
        queries.reduce(0) { sum, query in keys.reduce(sum) { $0 + self[query, $1] } }
          / Double(queries.count)
      }
    }
    map.mask = mask.map { mask in
      runs.flatMap { queries in
        runs.map { keys in
          queries.allSatisfy { query in keys.allSatisfy { mask[query * count + $0] } }
        }
      }
    }
    map.groups = runs.map { $0.flatMap { groups[$0] } }
    map.changes.append(.merged(pieces: count, words: runs.count))
    return map
  }
}
