import Foundation

/// A line of a calculation by hand, "(3 + 4) / √2 = 4.95", worked out in double precision.
struct Calculation {
  /// The value of the left side.
  let value: Double
  /// The number on the right as it is printed.
  let printed: String

  /// Whether the printed number is the value, rounded or cut to its digits.
  var isRight: Bool {
    guard let number = Double(printed.replacing("−", with: "-").replacing(" ", with: "")) else {
      return false
    }
    let decimals =
      printed.split(separator: ".", omittingEmptySubsequences: false).dropFirst()
      .first?.count ?? 0
    return abs(value - number) <= 0.6 * pow(10, -Double(decimals))
  }

  /// - Returns: `nil` where the line is no calculation.
  init?(_ line: String) {
    let sides = line.components(separatedBy: " = ")
    guard sides.count == 2 else { return nil }
    var reader = Reader(rest: Substring(sides[0].filter { $0 != " " }))
    guard let value = reader.sum(), reader.rest.isEmpty else { return nil }
    (self.value, printed) = (value, sides[1].trimmingCharacters(in: .whitespaces))
  }

  /// Reads sums of products of powers.
  private struct Reader {
    var rest: Substring

    mutating func sum() -> Double? {
      guard var value = product() else { return nil }
      while let sign = rest.first, "+-−".contains(sign) {
        rest.removeFirst()
        guard let next = product() else { return nil }
        value += sign == "+" ? next : -next
      }
      return value
    }

    private mutating func product() -> Double? {
      guard var value = power() else { return nil }
      while let sign = rest.first, "×·*/".contains(sign) {
        rest.removeFirst()
        guard let next = power() else { return nil }
        value = sign == "/" ? value / next : value * next
      }
      return value
    }

    private mutating func power() -> Double? {
      guard var value = atom() else { return nil }
      while rest.first == "²" {
        rest.removeFirst()
        value *= value
      }
      guard rest.first == "^" else { return value }
      rest.removeFirst()
      return atom().map { pow(value, $0) }
    }

    private mutating func atom() -> Double? {
      for (name, function) in Self.functions where rest.hasPrefix(name) {
        rest.removeFirst(name.count)
        return atom().map(function)
      }
      if rest.first == "(" {
        rest.removeFirst()
        guard let value = sum(), rest.first == ")" else { return nil }
        rest.removeFirst()
        return value
      }
      let digits = rest.prefix { $0.isNumber && $0.isASCII || $0 == "." }
      rest.removeFirst(digits.count)
      return Double(digits)
    }

    private static let functions: [(String, @Sendable (Double) -> Double)] = [
      ("√", { $0.squareRoot() }), ("exp", { exp($0) }), ("ln", { log($0) }), ("log2", { log2($0) }),
      ("sin", { sin($0) }),
      ("cos", { cos($0) }), ("-", { -$0 }), ("−", { -$0 }),
    ]
  }
}
