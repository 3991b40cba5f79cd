#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Ratings that move after every match (Elo 1978): both expect something by the difference of their
/// ratings, and what came otherwise moves them by K times it. The order of the matches matters.
public struct Elo: Sendable, Equatable {
  /// The policies.
  public var names: [String]
  /// The ratings after the last match.
  public var ratings: [Double]

  /// How far a match moves a rating at most, when nothing else is asked for.
  public static let factor = 32.0

  /// Plays matches in order; all begin with 1,500, and a tie is half a win of each.
  ///
  /// - Parameters:
  ///   - matches: The comparisons, in their order.
  ///   - factor: K.
  public init(_ matches: Matches, factor: Double = Elo.factor) {
    names = matches.names
    ratings = names.map { _ in 1500 }
    for match in matches.all {
      let expected = Self.expected(ratings[match.first], ratings[match.second])
      let change = factor * (match.result - expected)
      ratings[match.first] += change
      ratings[match.second] -= change
    }
  }

  /// What the first of two is expected to get: 1/(1 + 10^((b − a)/400)).
  public static func expected(_ first: Double, _ second: Double) -> Double {
    1 / (1 + pow(10, (second - first) / 400))
  }
}
