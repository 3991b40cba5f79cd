import Analysis
import Testing

@Suite struct CorrelationTests {
  @Test func numbersAreThoseThatWereWorkedOut() {
    // Σ(x−x̄)(y−ȳ) = 6, Σ(x−x̄)² = 10, Σ(y−ȳ)² = 6.
    let r = Correlation.pearson([1, 2, 3, 4, 5], [2, 4, 5, 4, 5])
    #expect(abs((r ?? 0) - 6 / 60.0.squareRoot()) < 1e-12)
    #expect(Correlation.pearson([1, 2, 3], [2, 2, 2]) == nil)
    #expect(Correlation.pearson([1, 2], [2, 3]) == nil)
  }

  @Test func whatFollowsFromTheThirdIsTakenOut() {
    // y is z and something that x has nothing to do with.
    let (x, z) = ([1.0, 2, 3, 4], [2.0, 4, 6, 8.5])
    let y = [3.0, 3, 7, 7.5]
    let partial = Correlation.partial(x, y, given: z)
    // The correlation of the residuals of both regressions on z, by hand.
    func residuals(_ a: [Double]) -> [Double] {
      let (ma, mz) = (a.reduce(0, +) / 4, z.reduce(0, +) / 4)
      let slope =
        zip(a, z).reduce(0) { $0 + ($1.0 - ma) * ($1.1 - mz) }
        / z.reduce(0) { $0 + ($1 - mz) * ($1 - mz) }
      return zip(a, z).map { $0 - ma - slope * ($1 - mz) }
    }
    let (a, b) = (residuals(x), residuals(y))
    let expected =
      zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
      / (a.reduce(0) { $0 + $1 * $1 } * b.reduce(0) { $0 + $1 * $1 }).squareRoot()
    #expect(abs((partial ?? 9) - expected) < 1e-9)
    #expect(Correlation.partial(x, y, given: x) == nil)
  }
}
