#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Probabilities, entropies and temperatures in figures of distributions.
extension NumberFormat {
  /// A probability: three decimals, "0.773"; below 0.0005 "2.6·10⁻⁴"; just under 1 ">0.999".
  ///
  /// "0" and "1" are printed for exactly 0 and 1 only.
  ///
  /// - Parameters:
  ///   - value: The number.
  ///   - isExact: Whether a 0 or 1 is one. A probability that was computed can be rounded to them:
  ///     it is printed as "<10⁻³⁰⁰" or ">0.999" then.
  public static func probability(_ value: Double, isExact: Bool = true) -> String {
    guard value.isFinite, value >= 0, value <= 1 else { return score(value) }
    if value == 0 { return isExact ? "0" : "<10⁻³⁰⁰" }
    if value == 1, isExact { return "1" }
    if value < 0.0005 { return scientific(value) }
    return value >= 0.9995 ? ">0.999" : fixed(value, decimals: 3)
  }

  /// A share that may come close to 1: as `probability`, but with as many decimals, up to six, as
  /// tell it from 1, "0.9998".
  public static func share(_ value: Double, isExact: Bool = true) -> String {
    guard value >= 0.9995, value < 1 || !isExact else {
      return probability(value, isExact: isExact)
    }
    let decimals = (4...6).first { fixed(value, decimals: $0).hasPrefix("0") }
    return decimals.map { fixed(value, decimals: $0) } ?? ">0.999999"
  }

  /// A quantity that is not a share of 1 and never negative, with three decimals: "1.481"; below
  /// 0.0005 "4.1·10⁻⁵"; from 1,000 a whole number, "5,633".
  ///
  /// - Parameters:
  ///   - value: The number.
  ///   - decimals: How many decimals it gets.
  ///   - isExact: Whether a 0 is one; else it is printed as "<10⁻³⁰⁰".
  public static func amount(_ value: Double, decimals: Int = 3, isExact: Bool = true) -> String {
    guard value.isFinite else { return score(value) }
    if value == 0 { return isExact ? "0" : "<10⁻³⁰⁰" }
    if value > 0, value < 0.5 * pow(10, -Double(decimals)) { return scientific(value) }
    if value >= 999.5, value < 1e15 { return count(Int(value.rounded())) }
    return fixed(value, decimals: decimals)
  }

  /// e^H of an entropy H in nats: two decimals, "4.40"; from 1,000 a whole number.
  static func perplexity(_ entropy: Double) -> String { amount(exp(entropy), decimals: 2) }

  /// A positive number as a mantissa of two digits and a power of ten: "2.6·10⁻⁴".
  ///
  /// - Parameters:
  ///   - value: The number.
  ///   - decimals: The decimals of the mantissa.
  public static func scientific(_ value: Double, decimals: Int = 1) -> String {
    guard value.isFinite, value > 0 else { return score(value) }
    var exponent = Int(floor(log10(value)))
    // In two steps, for the smallest numbers there are have powers of ten that are infinite.
    var mantissa =
      value * pow(10, -Double(exponent / 2)) * pow(10, -Double(exponent - exponent / 2))
    if fixed(mantissa, decimals: decimals).hasPrefix("10") {
      (mantissa, exponent) = (1, exponent + 1)
    }
    return fixed(mantissa, decimals: decimals) + "·10" + superscript(exponent)
  }

  /// A temperature, an energy or another number with three digits and no zeros at its end: "0.5",
  /// "1.35", "∞".
  public static func temperature(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return score(value) }
    let size = value.magnitude
    if size >= 999.5 { return size < 1e6 ? count(Int(value.rounded())) : score(value) }
    if size < 0.00095 { return (value < 0 ? "−" : "") + scientific(size) }
    var text = fixed(value, decimals: max(2 - Int(floor(log10(size))), 0))
    if text.contains(".") {
      while text.last == "0" { text.removeLast() }
      if text.last == "." { text.removeLast() }
    }
    return text
  }

  /// Round values beside an axis, all with the same number of decimals and 0 as "0": "0", "0.05",
  /// "0.10".
  public static func ticks(_ values: [Double]) -> [String] {
    let decimals = values.reduce(0) { most, value in
      max(
        most,
        tick(value).split(separator: ".", omittingEmptySubsequences: false).dropFirst()
          .first?.count ?? 0)
    }
    return values.map { value in
      if value == 0 || value.magnitude >= 1e6 { return tick(value) }
      let text = fixed(value, decimals: decimals)
      guard decimals == 0 else { return text }
      return count(Int(value.rounded()))
    }
  }

  /// A power of ten beside a logarithmic axis: "1", "10⁻⁴".
  static func power(_ value: Double) -> String {
    let exponent = Int(log10(value).rounded())
    return exponent == 0 ? "1" : "10" + superscript(exponent)
  }
}

/// Numbers that stand under each other.
extension NumberFormat {
  /// The decimals, up to two, that temperatures under each other share; `nil` where two would make
  /// one of them 0.
  static func decimals(ofTemperatures values: [Double]) -> Int? {
    guard !values.contains(where: { $0 > 0 && $0 < 0.005 }) else { return nil }
    return (0...1).first { decimals in
      values.filter(\.isFinite).allSatisfy { value in
        fixed(value, decimals: decimals) + (decimals == 0 ? ".00" : "0")
          == fixed(value, decimals: 2)
      }
    } ?? 2
  }

  /// A temperature among others with as many decimals; "0" only for exactly 0.
  static func temperature(_ value: Double, decimals: Int?) -> String {
    guard let decimals, value.isFinite, value != 0, value < 1000 else { return temperature(value) }
    return fixed(value, decimals: decimals)
  }

  /// An entropy or a surprise in nats or bits, with two decimals: "1.48"; above 0 never "0.00" but
  /// "<0.01".
  static func nats(_ value: Double) -> String {
    if value == 0 { return "0" }
    return value > 0 && value < 0.005 ? "<0.01" : fixed(value, decimals: 2)
  }
}
