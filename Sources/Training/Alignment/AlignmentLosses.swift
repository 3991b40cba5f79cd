#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A loss, and how it changes with each of the numbers that it is learned by.
package struct SlopedLoss: Sendable, Equatable {
  /// The loss: a sum, of which the caller takes the mean.
  package var loss: Double
  /// Its derivative with respect to each number.
  package var slopes: [Double]
}

/// The losses of alignment in double precision, each with its derivative: pure functions of what a
/// model gave.
package enum AlignmentLoss {
  /// Σ −ln σ(r_w − r_l) of pairs (Bradley & Terry 1952; Ouyang et al. 2022, eq. 1).
  ///
  /// - Returns: The slopes with respect to r_w; those with respect to r_l are their negatives.
  package static func pairs(chosen: [Double], rejected: [Double]) -> SlopedLoss {
    let margins = zip(chosen, rejected).map { $0 - $1 }
    return SlopedLoss(
      loss: margins.reduce(0) { $0 + softplus(-$1) }, slopes: margins.map { -sigmoid(-$0) })
  }

  /// Σ −ln σ(β (Δ_w − Δ_l)), where Δ = ln π(y) − ln π_ref(y) of a whole text (Rafailov et al. 2023,
  /// eq. 7).
  ///
  /// - Returns: The slopes with respect to ln π of the chosen text; those of the rejected one are
  ///   their negatives.
  package static func direct(
    chosen: [Double], rejected: [Double], chosenReference: [Double], rejectedReference: [Double],
    beta: Double
  ) -> SlopedLoss {
    var result = pairs(
      chosen: zip(chosen, chosenReference).map { beta * ($0 - $1) },
      rejected: zip(rejected, rejectedReference).map { beta * ($0 - $1) })
    result.slopes = result.slopes.map { $0 * beta }
    return result
  }

  /// Σ −min(ρ A, clip(ρ, 1 − ε, 1 + ε) A), ρ = π(a) / π_old(a) (Schulman et al. 2017, eq. 7).
  ///
  /// - Returns: The slopes with respect to ln π.
  package static func clipped(
    new: [Double], old: [Double], advantages: [Double], clip: Double
  ) -> SlopedLoss {
    var result = SlopedLoss(loss: 0, slopes: [])
    for (place, advantage) in advantages.enumerated() {
      let ratio = exp(new[place] - old[place])
      let bound = min(max(ratio, 1 - clip), 1 + clip)
      let isFree = ratio * advantage <= bound * advantage
      result.loss -= isFree ? ratio * advantage : bound * advantage
      result.slopes.append(isFree ? -ratio * advantage : 0)
    }
    return result
  }

  /// Σ −A ln π(a) (Williams 1992).
  ///
  /// - Returns: The slopes with respect to ln π.
  package static func reinforced(new: [Double], advantages: [Double]) -> SlopedLoss {
    SlopedLoss(
      loss: zip(new, advantages).reduce(0) { $0 - $1.0 * $1.1 }, slopes: advantages.map { -$0 })
  }

  /// Σ ½ (V − R)².
  ///
  /// - Returns: The slopes with respect to V.
  package static func values(_ values: [Double], returns: [Double]) -> SlopedLoss {
    let errors = zip(values, returns).map { $0 - $1 }
    return SlopedLoss(loss: errors.reduce(0) { $0 + $1 * $1 / 2 }, slopes: errors)
  }

  /// ln(1 + eˣ).
  private static func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }

  /// σ(x) = 1 / (1 + e⁻ˣ): the probability that a Bradley–Terry model gives to a difference.
  package static func sigmoid(_ x: Double) -> Double {
    x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x))
  }
}
