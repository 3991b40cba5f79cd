internal import Figures

/// How a walk prints numbers: short, with a true minus sign, so that a line can be calculated again.
enum WalkNumbers {
  /// Two decimals, more where a number is small: "7.12", "−0.031", "4.4·10⁻⁵".
  static func text(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return NumberFormat.score(value) }
    let size = value.magnitude
    if size >= 99_999.5 { return NumberFormat.score(value) }
    if size < 0.0005 { return (value < 0 ? "−" : "") + NumberFormat.scientific(size) }
    let decimals =
      size >= 999.95 ? 0 : size >= 99.995 ? 1 : size >= 0.0995 ? 2 : size >= 0.00995 ? 3 : 4
    return NumberFormat.fixed(value, decimals: decimals)
  }

  /// A number as a factor: "(−0.31)".
  static func factor(_ value: Double) -> String {
    value < 0 ? "(\(text(value)))" : text(value)
  }

  /// A number that is added: "+ 0.42", "− 0.31".
  static func added(_ value: Double) -> String {
    value < 0 ? "− " + text(-value) : "+ " + text(value)
  }

  /// "0.42·(−1.31) + 0.10·0.31 + … (64 products)"; up to four are all shown.
  static func products(_ a: [Double], _ b: [Double]) -> String {
    let shown = a.count <= 4 ? a.count : 3
    let terms = zip(a, b).prefix(shown).enumerated().map { index, pair in
      (index == 0 ? text(pair.0) : added(pair.0)) + "·" + factor(pair.1)
    }
    return terms.joined(separator: " ")
      + (a.count > shown ? " + … (\(NumberFormat.count(a.count)) products)" : "")
  }

  /// "0.42 − 0.31 + … (12 terms)"; up to four are all shown, or as many as are asked for.
  static func sum(_ terms: [Double], of noun: String, most: Int = 4) -> String {
    guard let first = terms.first else { return "0" }
    let shown = terms.count <= most ? terms.count : most - 1
    let all = [text(first)] + terms.prefix(shown).dropFirst().map(added)
    return all.joined(separator: " ")
      + (terms.count > shown ? " + … (\(NumberFormat.count(terms.count)) \(noun))" : "")
  }

  /// "(7.12, −0.31, 0.44, …, 1.02)".
  static func vector(_ values: [Double]) -> String {
    guard values.count > 5, let last = values.last else {
      return "(\(values.map(text).joined(separator: ", ")))"
    }
    return "(\(values.prefix(3).map(text).joined(separator: ", ")), …, \(text(last)))"
  }

  /// A number as an index: "₁₂".
  static func index(_ number: Int) -> String {
    let digits: [Character] = ["₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"]
    return String(String(number).compactMap(\.wholeNumberValue).map { digits[$0] })
  }

  /// Two numbers as indices: "₅₃", "₁₂,₃".
  static func indices(_ a: Int, _ b: Int) -> String {
    index(a) + (a > 9 || b > 9 ? "," : "") + index(b)
  }

  /// A part of 1 in percent: "44 %".
  static func percent(_ value: Double) -> String { Precision.percent(value) }
}

/// The lines of a norm with the numbers of one vector.
struct NormLines {
  /// The lines, and what dimension 0 becomes.
  let lines: [String]

  /// - Parameters:
  ///   - name: What the norm makes: "x̂₅".
  ///   - inner: What it is made of: "x₅".
  ///   - values: The numbers of that.
  init(
    _ name: String, of inner: String, _ values: [Double], result: Double, scale: Double,
    shift: Double?, epsilon: Double, word: String
  ) {
    let text = WalkNumbers.text
    let square = values.dot(values) / Double(max(values.count, 1))
    let (mean, deviation) = values.meanAndDeviation
    if let shift {
      let size = (deviation * deviation + epsilon).squareRoot()
      lines = [
        "\(name) = \(word)(\(inner)), where \(inner) has mean \(text(mean)) and deviation \(text(size))",
        "\(name)[0] = \(text(scale))·(\(text(values[0])) \(WalkNumbers.added(-mean)))/\(text(size)) "
          + "\(WalkNumbers.added(shift)) = \(text(result))",
      ]
    } else {
      let size = (square + epsilon).squareRoot()
      lines = [
        "\(name) = \(word)(\(inner)), where \(inner) has root mean square \(text(size))",
        "\(name)[0] = \(text(scale))·\(WalkNumbers.factor(values[0]))/\(text(size)) = \(text(result))",
      ]
    }
  }
}
