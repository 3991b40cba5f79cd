#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A logarithmic line from positive values to positions.
package struct LogScale: Equatable, Sendable {
  /// The values.
  package var domain: ClosedRange<Double>
  /// The positions of the two ends of `domain`, in points; may run down.
  package var start: Double
  package var end: Double

  /// Creates a scale of positive values.
  package init(_ domain: ClosedRange<Double>, from start: Double, to end: Double) {
    precondition(domain.lowerBound > 0, "a logarithmic scale from \(domain.lowerBound)")
    self.domain = domain
    self.start = start
    self.end = end
  }

  /// The position of a value; 0 and less stand a thousand decades before the start.
  package func callAsFunction(_ value: Double) -> Double {
    let length = log10(domain.upperBound / domain.lowerBound)
    guard length > 0 else { return (start + end) / 2 }
    let decades = value > 0 ? log10(value / domain.lowerBound) : -1000
    return start + decades / length * (end - start)
  }

  /// The value at a position.
  package func value(at position: Double) -> Double {
    guard end != start else { return domain.lowerBound }
    let length = log10(domain.upperBound / domain.lowerBound)
    return domain.lowerBound * pow(10, (position - start) / (end - start) * length)
  }

  /// The powers of ten inside the domain, every `step`-th, counted from 1.
  package func decades(every step: Int = 1) -> [Double] {
    multiples([1]).filter { Int(log10($0).rounded()) % step == 0 }
  }

  /// 1, 2 and 5 times the powers of ten inside the domain.
  package var oneTwoFive: [Double] { multiples([1, 2, 5]) }

  /// 2 to 9 times the powers of ten inside the domain: the small ticks.
  package var minor: [Double] { multiples([2, 3, 4, 5, 6, 7, 8, 9]) }

  private func multiples(_ factors: [Double]) -> [Double] {
    let low = Int(log10(domain.lowerBound).rounded(.down))
    let high = Int(log10(domain.upperBound).rounded(.up))
    let (least, most) = (domain.lowerBound * (1 - 1e-9), domain.upperBound * (1 + 1e-9))
    let values = (low...high).flatMap { exponent -> [Double] in
      factors.map { $0 * pow(10, Double(exponent)) }
    }
    return values.filter { $0 >= least && $0 <= most }
  }
}
