#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A straight line from values to positions.
package struct LinearScale: Equatable, Sendable {
  /// The values.
  package var domain: ClosedRange<Double>
  /// The positions of the two ends of `domain`, in points; may run down.
  package var start: Double
  package var end: Double

  /// Creates a scale.
  package init(_ domain: ClosedRange<Double>, from start: Double, to end: Double) {
    self.domain = domain
    self.start = start
    self.end = end
  }

  /// The position of a value.
  package func callAsFunction(_ value: Double) -> Double {
    let length = domain.upperBound - domain.lowerBound
    guard length > 0 else { return (start + end) / 2 }
    return start + (value - domain.lowerBound) / length * (end - start)
  }

  /// The value at a position.
  package func value(at position: Double) -> Double {
    guard end != start else { return domain.lowerBound }
    let length = domain.upperBound - domain.lowerBound
    return domain.lowerBound + (position - start) / (end - start) * length
  }

  /// About `count` steps between round values inside the domain, 1, 2, 2.5 or 5 times a power of
  /// ten apart.
  package func ticks(about count: Int) -> [Double] {
    let length = domain.upperBound - domain.lowerBound
    guard length > 0, length.isFinite, count > 0 else { return [domain.lowerBound] }
    let raw = length / Double(count)
    let power = pow(10, floor(log10(raw)))
    let step = ([1, 2, 2.5, 5, 10].first { $0 * power >= raw * 0.999 } ?? 10) * power
    let first = (domain.lowerBound / step - 1e-9).rounded(.up)
    let last = (domain.upperBound / step + 1e-9).rounded(.down)
    guard first <= last else { return [domain.lowerBound] }
    return stride(from: first, through: last, by: 1).map { $0 * step }
  }

  /// A range with round ends around values and 0, and the round steps in it.
  package static func round(
    _ values: [Double], about count: Int
  ) -> (range: ClosedRange<Double>, ticks: [Double]) {
    let (low, high) = (min(values.min() ?? 0, 0), max(values.max() ?? 0, 0))
    guard high > low, (high - low).isFinite else { return (0...1, [0, 1]) }
    let ticks = LinearScale(low...high, from: 0, to: 1).ticks(about: count)
    guard ticks.count > 1 else { return (low...high, ticks) }
    let step = ticks[1] - ticks[0]
    // An end is the next round value, or a little past the data where that one is far.
    let room = 0.15 * (high - low)
    func end(_ value: Double) -> Double {
      let next = (value / step).magnitude.rounded(.up) * step * (value < 0 ? -1 : 1)
      return (next - value).magnitude <= room ? next : value + (value < 0 ? -1 : 1) * room / 2
    }
    let range = end(low)...end(high)
    return (range, LinearScale(range, from: 0, to: 1).ticks(about: count).filter(range.contains))
  }
}
