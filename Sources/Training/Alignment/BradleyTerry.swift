#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// The strengths that make what was seen most probable, where the probability that i wins against j
/// is σ(s_i − s_j) (Bradley & Terry 1952).
///
/// A tie counts as half a win of each. To the log-likelihood −½ ρ Σ s² is added, so that strengths
/// stay finite where one policy always wins and their mean is 0. Standard errors are those of a
/// strength against the mean, from the inverse of the Hessian.
public struct BradleyTerry: Sendable, Equatable {
  /// The policies.
  public var names: [String]
  /// The strengths in nats: a difference of ln 3 is a chance of ¾.
  public var strengths: [Double]
  /// The standard error of each.
  public var errors: [Double]
  /// In how many matches each stood.
  public var counts: [Int]
  /// The log-likelihood without the addition.
  public var logLikelihood: Double

  /// What a square of a strength costs when nothing else is asked for: as if strengths were drawn
  /// with a deviation of 10 nats.
  public static let ridge = 0.01

  /// Fits strengths by Newton's method.
  ///
  /// - Parameters:
  ///   - matches: The comparisons.
  ///   - ridge: ρ, above 0.
  public init(_ matches: Matches, ridge: Double = BradleyTerry.ridge) {
    precondition(ridge > 0, "strengths without a mean")
    names = matches.names
    counts = names.indices.map(matches.count)
    var s = [Double](repeating: 0, count: names.count)
    var value = Self.objective(matches, s, ridge)
    for _ in 0..<200 {
      let (gradient, hessian) = Self.derivatives(matches, s, ridge)
      let step = Cholesky(hessian, s.count).solve(gradient)
      guard (step.map(abs).max() ?? 0) > 1e-12 else { break }
      // The objective is concave: half a step or less always gains.
      var share = 1.0
      while share > 1e-9 {
        let next = zip(s, step).map { $0 + share * $1 }
        let gain = Self.objective(matches, next, ridge)
        if gain >= value {
          (s, value) = (next, gain)
          break
        }
        share /= 2
      }
      if share <= 1e-9 { break }
    }
    let factor = Cholesky(Self.derivatives(matches, s, ridge).hessian, s.count)
    errors = s.indices.map { factor.varianceAgainstMean($0).squareRoot() }
    strengths = s
    logLikelihood = Self.objective(matches, s, 0)
  }

  /// A strength on the scale of Elo, where 400 are odds of ten to one and the mean is 1,500.
  public func rating(_ policy: Int) -> Double { 1500 + Self.scale * strengths[policy] }

  /// The standard error on that scale.
  public func ratingError(_ policy: Int) -> Double { Self.scale * errors[policy] }

  static let scale = 400 / log(10.0)

  /// ln σ, without overflow.
  static func logSigmoid(_ value: Double) -> Double {
    value > 0 ? -log1p(exp(-value)) : value - log1p(exp(value))
  }

  private static func objective(_ matches: Matches, _ s: [Double], _ ridge: Double) -> Double {
    matches.all.reduce(-0.5 * ridge * s.reduce(0) { $0 + $1 * $1 }) { sum, match in
      let margin = s[match.first] - s[match.second]
      return sum + match.result * logSigmoid(margin) + (1 - match.result) * logSigmoid(-margin)
    }
  }

  /// The gradient, and minus the Hessian, row by row.
  private static func derivatives(
    _ matches: Matches, _ s: [Double], _ ridge: Double
  ) -> (gradient: [Double], hessian: [Double]) {
    let count = s.count
    var gradient = s.map { -ridge * $0 }
    var hessian = [Double](repeating: 0, count: count * count)
    for place in s.indices { hessian[place * count + place] = ridge }
    for match in matches.all {
      let (i, j) = (match.first, match.second)
      let p = exp(logSigmoid(s[i] - s[j]))
      gradient[i] += match.result - p
      gradient[j] -= match.result - p
      let curvature = p * (1 - p)
      hessian[i * count + i] += curvature
      hessian[j * count + j] += curvature
      hessian[i * count + j] -= curvature
      hessian[j * count + i] -= curvature
    }
    return (gradient, hessian)
  }
}

/// The factor L of a positive definite matrix A = L Lᵀ.
private struct Cholesky {
  private let count: Int
  private var factor: [Double]

  init(_ matrix: [Double], _ count: Int) {
    self.count = count
    factor = matrix
    for row in 0..<count {
      for column in 0...row {
        var sum = matrix[row * count + column]
        for k in 0..<column { sum -= factor[row * count + k] * factor[column * count + k] }
        factor[row * count + column] =
          row == column ? max(sum, 1e-300).squareRoot() : sum / factor[column * count + column]
      }
    }
  }

  /// A⁻¹ b.
  func solve(_ b: [Double]) -> [Double] {
    var x = b
    for row in 0..<count {
      for k in 0..<row { x[row] -= factor[row * count + k] * x[k] }
      x[row] /= factor[row * count + row]
    }
    for row in (0..<count).reversed() {
      for k in (row + 1)..<max(count, row + 1) { x[row] -= factor[k * count + row] * x[k] }
      x[row] /= factor[row * count + row]
    }
    return x
  }

  /// uᵀ A⁻¹ u, where u takes the mean of all off one of them.
  func varianceAgainstMean(_ place: Int) -> Double {
    var contrast = [Double](repeating: -1 / Double(count), count: count)
    contrast[place] += 1
    return max(zip(contrast, solve(contrast)).reduce(0) { $0 + $1.0 * $1.1 }, 0)
  }
}
