/// How far two lists of numbers lie on a straight line.
public enum Correlation {
  /// Pearson's r.
  ///
  /// - Returns: From −1 to 1; `nil` for fewer than three pairs, and where a list does not vary.
  /// - Precondition: Both lists are as long.
  public static func pearson(_ x: [Double], _ y: [Double]) -> Double? {
    precondition(x.count == y.count, "\(x.count) numbers and \(y.count)")
    let n = Double(x.count)
    guard n > 2 else { return nil }
    let (mx, my) = (x.reduce(0, +) / n, y.reduce(0, +) / n)
    let covariance = zip(x, y).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) }
    let (vx, vy) = (
      x.reduce(0) { $0 + ($1 - mx) * ($1 - mx) }, y.reduce(0) { $0 + ($1 - my) * ($1 - my) }
    )
    return vx > 0 && vy > 0 ? covariance / (vx * vy).squareRoot() : nil
  }

  /// Pearson's r of what a straight line through `z` leaves of `x` and of `y`.
  ///
  /// - Returns: `nil` where a list does not vary, or a straight line leaves nothing.
  public static func partial(_ x: [Double], _ y: [Double], given z: [Double]) -> Double? {
    guard let xy = pearson(x, y), let xz = pearson(x, z), let yz = pearson(y, z) else {
      return nil
    }
    let rest = (1 - xz * xz) * (1 - yz * yz)
    return rest > 1e-12 ? (xy - xz * yz) / rest.squareRoot() : nil
  }
}
