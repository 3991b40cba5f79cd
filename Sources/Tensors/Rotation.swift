#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Rotary position embedding (Su et al. 2021, eq. 34): the first half of a head's dimensions is
/// paired with the second, and pair i is turned by position · base^(−2i/d).
public struct Rotation: Sendable {
  /// Cosines and sines of the turned positions, `[positions, d/2]`.
  private let cosines: [Float]
  private let sines: [Float]
  private let half: Int

  /// Prepares the angles.
  ///
  /// - Parameters:
  ///   - width: The width d of a head, an even number.
  ///   - base: θ, 10,000 in the paper.
  ///   - positions: Which positions the rows have, counted from 0.
  ///   - divisors: What the frequency of each pair is divided by; nothing for 1.
  public init(width: Int, base: Double, positions: Range<Int>, divisors: [Double] = []) {
    half = width / 2
    precondition(divisors.isEmpty || divisors.count == half, "a divisor for every pair")
    let frequencies = (0..<half).map {
      pow(base, -2 * Double($0) / Double(width)) / (divisors.isEmpty ? 1 : divisors[$0])
    }
    let angles = positions.flatMap { position in frequencies.map { Double(position) * $0 } }
    cosines = angles.map { Float(cos($0)) }
    sines = angles.map { Float(sin($0)) }
  }

  /// Turns every row of every head, `[heads, n, d]`, by its position.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let (n, d) = (x.shape[1], x.shape[2])
    precondition(d == 2 * half && n * half <= cosines.count, "\(x.shape) turned by \(half)")
    return Tensor(shape: x.shape) { out in
      x.withNumbers { numbers in
        for row in 0..<x.rows {
          for i in 0..<half {
            let angle = row % n * half + i
            let (first, second) = (numbers[row * d + i], numbers[row * d + half + i])
            out[row * d + i] = first * cosines[angle] - second * sines[angle]
            out[row * d + half + i] = second * cosines[angle] + first * sines[angle]
          }
        }
      }
    }
  }
}
