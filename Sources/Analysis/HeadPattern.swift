public import Tensors

/// Something that a head may do: which keys it would then look at.
public enum HeadPattern: Sendable, Hashable {
  /// The token before; not where that is the first of the text, at which heads rest.
  case previous
  /// The token behind; not where that is the last of the text.
  case next
  /// The token itself.
  case itself
  /// The first token.
  case first
  /// Other places of the same token.
  case same
  /// The token behind another place of the same token (Olsson et al. 2022, "induction heads").
  case induction
  /// Tokens of a set: separators, punctuation.
  case among(Set<Int>)
  /// In an encoder–decoder the place of the source that is as far on as the target is, and the
  /// places beside it.
  case aligned

  /// How much a head follows a pattern.
  public struct Share: Sendable, Equatable {
    /// The sum of the weights of the keys that are meant.
    private var sum = 0.0
    /// The same for a head that looks at all keys alike.
    private var evenSum = 0.0
    /// Queries for which keys are meant.
    public private(set) var queries = 0

    /// Nothing was measured yet.
    public init() {}

    /// The mean weight of the keys that are meant; 0 without a query.
    public var measured: Double { queries > 0 ? sum / Double(queries) : 0 }
    /// What looking at all keys alike would give.
    public var even: Double { queries > 0 ? evenSum / Double(queries) : 0 }

    mutating func add(_ weight: Float, of keys: Int, among all: Int) {
      sum += Double(weight)
      evenSum += Double(keys) / Double(all)
      queries += 1
    }
  }

  /// Adds what one map says.
  ///
  /// - Parameters:
  ///   - weights: A head's weights, `[n, m]`.
  ///   - queries: The tokens that look, `[n]`.
  ///   - keys: The tokens that are looked at, `[m]`.
  ///   - isCausal: Whether a token sees only itself and those before it.
  ///   - share: What the measured queries are added to.
  /// - Precondition: There is a row for every query and a column for every key.
  public func measure(
    _ weights: Tensor, queries: [Int], keys: [Int], isCausal: Bool, into share: inout Share
  ) {
    precondition(weights.rows == queries.count && weights.width == keys.count)
    for query in queries.indices {
      let seen = isCausal ? query + 1 : keys.count
      let meant = places(query, queries, Array(keys.prefix(seen)))
      guard !meant.isEmpty, seen > 1 else { continue }
      share.add(meant.reduce(0) { $0 + weights[query, $1] }, of: meant.count, among: seen)
    }
  }

  private func places(_ query: Int, _ queries: [Int], _ keys: [Int]) -> [Int] {
    switch self {
    case .previous: query > 1 ? [query - 1] : []
    case .next: query + 2 < keys.count ? [query + 1] : []
    case .itself: query < keys.count ? [query] : []
    case .first: query > 0 ? [0] : []
    case .same: keys.indices.filter { $0 != query && keys[$0] == queries[query] }
    case .induction:
      keys.indices.dropFirst().filter { $0 - 1 != query && keys[$0 - 1] == queries[query] }
    case .among(let tokens): keys.indices.filter { tokens.contains(keys[$0]) }
    case .aligned:
      Self.near(Double(query) * Double(keys.count - 1) / Double(max(1, queries.count - 1)), keys)
    }
  }

  private static func near(_ place: Double, _ keys: [Int]) -> [Int] {
    let nearest = Int(place.rounded())
    return keys.indices.filter { abs($0 - nearest) <= 1 }
  }
}
