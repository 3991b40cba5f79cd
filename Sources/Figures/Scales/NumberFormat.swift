/// How numbers are written in figures and beside them.
///
/// One rule holds everywhere: "0" and "1" are printed for exactly 0 and 1, and for nothing else.
public enum NumberFormat {
  /// A weight or probability: two decimals without the leading zero, ".64". Rounding never reaches
  /// an end: just under 1 is ">.99", just over 0 is "<.01".
  public static func weight(_ value: Double) -> String {
    guard value.isFinite else { return score(value) }
    if value == 0 { return "0" }
    if value == 1 { return "1" }
    guard value > 0, value < 1 else { return fixed(value, decimals: 2) }
    if value < 0.005 { return "<.01" }
    if value >= 0.995 { return ">.99" }
    return String(fixed(value, decimals: 2).dropFirst())
  }

  /// A weight in a cell: as `weight`, but `nil`, a blank cell, above 0 and below .005, and ".99",
  /// which is within .01, just under 1.
  public static func cellWeight(_ value: Double) -> String? {
    if value >= 0.995, value < 1 { return ".99" }
    return value > 0 && value < 0.005 ? nil : weight(value)
  }

  /// A difference of two weights: two decimals with its sign, "+.31", "−.28"; below .005 as
  /// "+4.4·10⁻³".
  public static func difference(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return score(value) }
    let size = value.magnitude
    return (value < 0 ? "−" : "+") + (size < 0.005 ? scientific(size) : weight(size))
  }

  /// A difference in a cell: as `difference`, but `nil`, a blank cell, within .005 of 0.
  static func cellDifference(_ value: Double) -> String? {
    guard value != 0 else { return "0" }
    return cellWeight(value.magnitude).map { (value < 0 ? "−" : "+") + $0 }
  }

  /// A score: one decimal and a true minus sign, "−2.6"; from 100 a whole number, "−1,204"; from a
  /// million "2.5·10⁶".
  public static func score(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "−∞" : "∞" }
    if value == 0 { return "0" }
    let size = value.magnitude
    if size < 99.95 { return fixed(value, decimals: 1) }
    if size < 999_999.5 { return (value < 0 ? "−" : "") + count(Int(size.rounded())) }
    var (mantissa, exponent) = (size, 0)
    while mantissa >= 9.95 {
      mantissa /= 10
      exponent += 1
    }
    return (value < 0 ? "−" : "") + fixed(mantissa, decimals: 1) + "·10" + superscript(exponent)
  }

  /// A whole number with commas between thousands: "49,152".
  public static func count(_ value: Int) -> String {
    var digits = String(value.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (value < 0 ? "−" : "") + ([digits] + groups).joined(separator: ",")
  }

  /// A value with a fixed number of decimals, halves away from 0; a rounded 0 has no sign.
  public static func fixed(_ value: Double, decimals: Int) -> String {
    let power = (0..<decimals).reduce(1.0) { power, _ in power * 10 }
    let rounded = (value.magnitude * power).rounded()
    guard rounded < 1e15 else { return score(value) }
    let sign = value < 0 && rounded > 0 ? "−" : ""
    let whole = String(Int(rounded / power))
    guard decimals > 0 else { return sign + whole }
    let fraction = String(Int(rounded) % Int(power))
    let padding = String(repeating: "0", count: decimals - fraction.count)
    return sign + whole + "." + padding + fraction
  }

  /// A round value beside an axis, with as many decimals as it has, up to six: "0", ".25", "−2.5".
  public static func tick(_ value: Double) -> String {
    let size = value.magnitude
    guard size < 1e6 else { return score(value) }
    let decimals =
      (0...6).first { (size - rounded(size, $0)).magnitude <= 1e-9 * max(size, 1e-3) } ?? 6
    guard decimals > 0 else { return (value < 0 ? "−" : "") + count(Int(size.rounded())) }
    let text = fixed(size, decimals: decimals)
    return (value < 0 ? "−" : "") + (size < 1 ? String(text.dropFirst()) : text)
  }

  private static func rounded(_ value: Double, _ decimals: Int) -> Double {
    let power = (0..<decimals).reduce(1.0) { power, _ in power * 10 }
    return (value * power).rounded() / power
  }

  /// A whole number as an exponent: "⁻¹⁰".
  static func superscript(_ value: Int) -> String {
    let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    return (value < 0 ? "⁻" : "")
      + String(String(value).compactMap { $0.wholeNumberValue }.map { digits[$0] })
  }
}
