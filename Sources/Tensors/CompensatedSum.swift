/// A sum that keeps what rounding takes from it (Neumaier 1974): the error does not grow with the
/// number of terms.
public struct CompensatedSum: Sendable {
  private var sum = 0.0
  private var lost = 0.0

  /// Begins at 0.
  public init() {}

  /// Adds a term.
  public mutating func add(_ term: Double) {
    let next = sum + term
    lost += abs(sum) >= abs(term) ? (sum - next) + term : (term - next) + sum
    sum = next
  }

  /// The sum.
  public var value: Double { sum + lost }
}
