/// A number as it stands on paper: exactly so many units of a power of ten.
///
/// What is computed of such numbers by sums and products is exact, so that a reader with a
/// calculator and a program that rounds come to the same digits.
public struct PrintedNumber: Sendable, Equatable {
  /// The number times 10 to the power of `decimals`.
  public let units: Int
  /// The digits behind the point.
  public let decimals: Int

  /// So many units.
  init(units: Int, decimals: Int) {
    self.units = units
    self.decimals = decimals
  }

  /// Rounds a finite number of moderate size, halves away from 0.
  public init(_ value: Double, decimals: Int) {
    let size = (value.magnitude * Double(Self.power(decimals))).rounded()
    self.init(units: Int(value < 0 ? -size : size), decimals: decimals)
  }

  /// Rounds a fraction, halves away from 0.
  ///
  /// - Precondition: `denominator` is greater than 0.
  init(_ numerator: Int, over denominator: Int, decimals: Int) {
    let size = (2 * numerator.magnitude + UInt(denominator)) / (2 * UInt(denominator))
    self.init(units: numerator < 0 ? -Int(size) : Int(size), decimals: decimals)
  }

  /// 1 with so many decimals.
  public static func one(_ decimals: Int) -> PrintedNumber {
    PrintedNumber(units: power(decimals), decimals: decimals)
  }

  /// The number.
  public var value: Double { Double(units) / Double(Self.power(decimals)) }

  /// The sum of the products of two rows, and of a number that is added, rounded once.
  static func sum(
    _ a: [PrintedNumber], _ b: [PrintedNumber], adding extra: PrintedNumber? = nil, decimals: Int
  ) -> PrintedNumber {
    let places = (a.first?.decimals ?? 0) + (b.first?.decimals ?? 0)
    let products = zip(a, b).reduce(0) { $0 + $1.0.units * $1.1.units }
    let added = extra.map { $0.units * power(places - $0.decimals) } ?? 0
    return PrintedNumber(
      products + added, over: power(places - decimals), decimals: decimals)
  }

  /// The quotient, rounded.
  ///
  /// - Precondition: `divisor` is greater than 0.
  func divided(by divisor: PrintedNumber, decimals: Int) -> PrintedNumber {
    let places = decimals + divisor.decimals - self.decimals
    return PrintedNumber(
      units * Self.power(max(places, 0)), over: divisor.units * Self.power(max(-places, 0)),
      decimals: decimals)
  }

  static func power(_ exponent: Int) -> Int { (0..<exponent).reduce(1) { power, _ in power * 10 } }
}
