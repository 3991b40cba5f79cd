extension RankCorrelation {
  /// Kendall's τ_b: pairs in the same order less pairs in the other one, over the geometric mean of
  /// the pairs that each list orders (Kendall 1945).
  ///
  /// - Returns: From −1 to 1; `nil` for numbers that are not finite, or a list that orders no pair.
  /// - Precondition: Both lists are as long.
  public static func kendall(_ x: [Double], _ y: [Double]) -> Double? {
    precondition(x.count == y.count, "\(x.count) numbers and \(y.count)")
    guard (x + y).allSatisfy(\.isFinite) else { return nil }
    var (sum, first, second) = (0, 0, 0)
    func order(_ a: Double, _ b: Double) -> Int { a < b ? -1 : a > b ? 1 : 0 }
    for i in x.indices {
      for j in 0..<i {
        let (a, b) = (order(x[i], x[j]), order(y[i], y[j]))
        sum += a * b
        first += a * a
        second += b * b
      }
    }
    guard first > 0, second > 0 else { return nil }
    guard first != second else { return Double(sum) / Double(first) }
    return Double(sum) / (Double(first).squareRoot() * Double(second).squareRoot())
  }
}
