#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Rotary position embedding (Su et al. 2021, eq. 34): the first half of the turned dimensions is
/// paired with the second, and pair i is turned by position · frequency i.
public struct Rotation: Sendable {
  /// Cosines and sines of the turned positions, `[positions, pairs]`.
  private let cosines: [Float]
  private let sines: [Float]
  private let half: Int

  /// Prepares the angles.
  ///
  /// - Parameters:
  ///   - frequencies: The angle of each pair from one position to the next; base^(−2i/d) in the
  ///     paper.
  ///   - factor: What the turned dimensions are multiplied by.
  ///   - positions: Which positions the rows have, counted from 0.
  public init(frequencies: [Double], factor: Double = 1, positions: Range<Int>) {
    half = frequencies.count
    let angles = positions.flatMap { position in frequencies.map { Double(position) * $0 } }
    cosines = angles.map { Float(cos($0) * factor) }
    sines = angles.map { Float(sin($0) * factor) }
  }

  /// Turns every row of every head, `[heads, n, d]`, by its position; dimensions behind the pairs
  /// stay as they are.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let turned = turning(x, by: 1)
    guard x.isTracked else { return turned }
    return turned.derived(from: [x]) { gradient, inputs in
      inputs[0]?.add(turning(gradient, by: -1))
    }
  }

  /// - Parameter direction: 1, or −1 to turn back.
  private func turning(_ x: Tensor, by direction: Float) -> Tensor {
    let (n, d) = (x.shape[1], x.shape[2])
    precondition(d >= 2 * half && n * half <= cosines.count, "\(x.shape) turned by \(half)")
    return Tensor(shape: x.shape) { out in
      x.withNumbers { numbers in
        for row in 0..<x.rows {
          for i in 0..<half {
            let angle = row % n * half + i
            let (first, second) = (numbers[row * d + i], numbers[row * d + half + i])
            let sine = direction * sines[angle]
            out[row * d + i] = first * cosines[angle] - second * sine
            out[row * d + half + i] = second * cosines[angle] + first * sine
          }
          for i in 2 * half..<d { out[row * d + i] = numbers[row * d + i] }
        }
      }
    }
  }
}
