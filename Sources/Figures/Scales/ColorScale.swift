#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// How a value becomes a share of a colour scale. Anything but `linear` is declared in the legend.
public enum ScaleTransform: Equatable, Sendable {
  /// In proportion.
  case linear
  /// By the square root of the magnitude: shows small values.
  case squareRoot
  /// By the logarithm of the magnitude; below `from` (greater than 0) everything looks like 0.
  case logarithm(from: Double)
}

/// From values to colours: 0…1 for weights, −m…m for signed values.
package struct ColorScale: Equatable, Sendable {
  /// The values at the two ends.
  package let range: ClosedRange<Double>
  /// How values spread between the ends.
  package let transform: ScaleTransform
  /// The colours from the lowest value to the highest.
  package let colors: [Color]

  /// A scale from 0 to 1, or between two other limits from 0 on; what lies beyond has the colour of
  /// the end.
  package init(
    weights transform: ScaleTransform, limits: ClosedRange<Double> = 0...1, in style: Style
  ) {
    range = limits
    self.transform = transform
    colors = style.sequential.colors(in: style.theme)
  }

  /// A scale from −m to m for an m that was asked for.
  package init(limit: Double, _ transform: ScaleTransform, in style: Style) {
    range = -limit...limit
    self.transform = transform
    colors = style.diverging.colors(in: style.theme)
  }

  /// A scale from −m to m, m the given magnitude rounded up: to a whole number up to 100, else to
  /// two digits, below 1 to one.
  package init(largest: Double, _ transform: ScaleTransform, in style: Style) {
    let limit = Self.roundedUp(largest)
    range = -limit...limit
    self.transform = transform
    colors = style.diverging.colors(in: style.theme)
  }

  /// Where a value stands between the two ends, 0…1; values outside stand at the end.
  package func position(of value: Double) -> Double {
    guard range.lowerBound < 0 else {
      let length = range.upperBound - range.lowerBound
      return spread(min(max((value - range.lowerBound) / length, 0), 1))
    }
    let share = spread(min(value.magnitude / range.upperBound, 1))
    return value < 0 ? (1 - share) / 2 : (1 + share) / 2
  }

  /// The index into `colors` of a finite value.
  package func index(of value: Double) -> Int {
    Int((position(of: value) * Double(colors.count - 1)).rounded())
  }

  /// The colour of a finite value.
  package func color(of value: Double) -> Color { colors[index(of: value)] }

  /// The values that the legend names.
  package var ticks: [Double] {
    let limit = range.upperBound
    let positive: [Double] =
      switch transform {
      case .linear:
        range.lowerBound < 0
          ? [limit / 2, limit] : LinearScale(range, from: 0, to: 1).ticks(about: 4)
      case .squareRoot:
        range.lowerBound < 0
          ? [limit / 4, limit]
          : ([0.05, 0.25, 0.5, 1] + [range.lowerBound, limit]).filter(range.contains).unique
      case .logarithm(let from): powers(from: from, to: limit)
      }
    let negative = range.lowerBound < 0 ? positive.reversed().map { -$0 } : []
    let needsZero = positive.first != 0 && !isLogarithm && range.lowerBound <= 0
    return negative + (needsZero ? [0] : []) + positive
  }

  /// What the legend says about the transform; `nil` when it is linear.
  package var declaration: String? {
    switch transform {
    case .linear: nil
    case .squareRoot: "square-root colour scale"
    case .logarithm(let from): "log colour scale from \(NumberFormat.tick(from))"
    }
  }

  private var isLogarithm: Bool {
    if case .logarithm = transform { return range.lowerBound >= 0 }
    return false
  }

  private func spread(_ share: Double) -> Double {
    switch transform {
    case .linear: return share
    case .squareRoot: return share.squareRoot()
    case .logarithm(let from):
      let least = min(max(from / range.upperBound, 1e-30), 0.999)
      return share <= least ? 0 : 1 - log(share) / log(least)
    }
  }

  private func powers(from least: Double, to limit: Double) -> [Double] {
    guard range.lowerBound >= 0, least > 0 else { return [limit] }
    let exponents = min(Int(log10(least).rounded(.up)), 0)...0
    let inside = exponents.map { exp10($0) }.filter { $0 <= limit }
    return (inside + [limit]).unique
  }

  private func exp10(_ exponent: Int) -> Double { pow(10, Double(exponent)) }

  private static func roundedUp(_ largest: Double) -> Double {
    guard largest > 0, largest.isFinite else { return 1 }
    let power: Double
    if largest <= 1 {
      power = pow(10, floor(log10(largest)))
    } else {
      power = largest <= 100 ? 1 : pow(10, floor(log10(largest)) - 1)
    }
    return (largest / power - 1e-9).rounded(.up) * power
  }
}

extension [Double] {
  /// The values in rising order, each once.
  fileprivate var unique: [Double] { Set(self).sorted() }
}
