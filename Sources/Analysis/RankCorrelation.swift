/// How far two lists of numbers put the same things in the same order.
public enum RankCorrelation {
  /// Spearman's ρ: the correlation of the ranks, equal numbers sharing the mean of theirs
  /// (Spearman 1904; Kendall & Gibbons 1990, § 3.8).
  ///
  /// The ranks are summed up as whole numbers, so that ρ of equal orders is exactly 1.
  ///
  /// - Returns: From −1 to 1; `nil` for fewer than three pairs, numbers that are not finite, or a
  ///   list of equal numbers, which has no order.
  /// - Precondition: Both lists are as long.
  public static func spearman(_ x: [Double], _ y: [Double]) -> Double? {
    precondition(x.count == y.count, "\(x.count) numbers and \(y.count)")
    guard x.count > 2, (x + y).allSatisfy(\.isFinite) else { return nil }
    // Twice the rank less twice the mean rank n + 1: whole, and 0 on average.
    let (a, b) = (
      doubledRanks(x).map { $0 - x.count - 1 }, doubledRanks(y).map { $0 - y.count - 1 }
    )
    func sum(_ a: [Int], _ b: [Int]) -> Int { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let (both, first, second) = (sum(a, b), sum(a, a), sum(b, b))
    guard first > 0, second > 0 else { return nil }
    guard first != second else { return Double(both) / Double(first) }
    return Double(both) / (Double(first).squareRoot() * Double(second).squareRoot())
  }

  /// Twice the rank of every number, from 1; ranks of equal numbers are their mean.
  private static func doubledRanks(_ numbers: [Double]) -> [Int] {
    let order = numbers.indices.sorted { numbers[$0] < numbers[$1] }
    var ranks = [Int](repeating: 0, count: numbers.count)
    var start = 0
    while start < order.count {
      let end =
        order[start...].firstIndex { numbers[$0] != numbers[order[start]] } ?? order.count
      for place in order[start..<end] { ranks[place] = start + 1 + end }
      start = end
    }
    return ranks
  }
}
