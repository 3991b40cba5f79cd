#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// The temperature τ of every step of a run.
///
/// With x = step / (steps − 1), from 0 at the first step to 1 at the last:
///
/// - linear: τ = a + (b − a) x
/// - geometric: τ = a (b/a)ˣ, which multiplies by the same factor every step
/// - cosine: τ = b + (a − b)(1 + cos πx)/2, half a cosine, level at both ends
///
/// The first step has exactly a and the last exactly b; a run of one step has a. What is between
/// them in geometric and cosine schedules is rounded to 40 bits, so that machines whose mathematics
/// libraries differ in the last bit agree.
public struct Schedule: Sendable, Equatable {
  /// How τ goes from its first value to its last.
  public enum Shape: String, Sendable, CaseIterable {
    case linear, geometric, cosine
  }

  /// How τ changes; `nil` when it does not.
  public let shape: Shape?
  /// τ of the first step.
  public let first: Double
  /// τ of the last step.
  public let last: Double

  /// One τ for every step, from 0 to ∞.
  ///
  /// - Precondition: τ is not negative and not NaN.
  public init(_ temperature: Double) {
    precondition(temperature >= 0, "a temperature of \(temperature)")
    shape = nil
    first = temperature
    last = temperature
  }

  /// τ that changes from step to step.
  ///
  /// - Returns: `nil` unless both ends are finite and not negative, and for a geometric schedule
  ///   above 0.
  public init?(_ shape: Shape, from first: Double, to last: Double) {
    guard first >= 0, last >= 0, first.isFinite, last.isFinite else { return nil }
    guard shape != .geometric || first > 0 && last > 0 else { return nil }
    self.shape = shape
    self.first = first
    self.last = last
  }

  /// τ of a step, counted from 0, of a run of so many.
  public func temperature(step: Int, of steps: Int) -> Double {
    guard let shape, step > 0 else { return first }
    guard step < steps - 1 else { return last }
    let x = Double(step) / Double(steps - 1)
    let tau =
      switch shape {
      case .linear: first + (last - first) * x
      case .geometric: first * pow(last / first, x)
      case .cosine: last + (first - last) * (1 + cos(.pi * x)) / 2
      }
    let held = min(max(tau, min(first, last)), max(first, last))
    return shape == .linear ? held : Self.rounded(held)
  }

  /// The nearest number with a significand of 40 bits.
  private static func rounded(_ x: Double) -> Double {
    guard x.isNormal else { return x }
    return Double(
      sign: .plus, exponent: x.exponent, significand: (x.significand * 0x1p40).rounded() * 0x1p-40)
  }
}
