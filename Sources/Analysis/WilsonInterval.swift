/// Where a probability may lie of which some trials are known (Wilson 1927): unlike the usual interval
/// it never leaves 0 to 1, and has a width when all trials came out alike.
public enum WilsonInterval {
  /// The interval of a share of trials.
  ///
  /// - Parameters:
  ///   - hits: How many came out; need not be whole.
  ///   - count: How many trials, 1 or more.
  ///   - z: Half the width in standard deviations; 1.96 for 95 %.
  public static func of(
    _ hits: Double, of count: Double, deviations z: Double = 1.959963984540054
  ) -> ClosedRange<Double> {
    precondition(count > 0 && hits >= 0 && hits <= count, "\(hits) of \(count)")
    let share = hits / count
    let middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    let half =
      z * (share * (1 - share) / count + z * z / (4 * count * count)).squareRoot()
      / (1 + z * z / count)
    // Rounding must not cut off an end that is exact.
    return (hits == 0 ? 0 : max(0, middle - half))...(hits == count ? 1 : min(1, middle + half))
  }
}
