#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// The learning rate of every step: it grows in a straight line, then falls along half a cosine
/// (Loshchilov & Hutter 2017, eq. 5).
public struct LearningRate: Sendable, Equatable {
  /// The largest rate.
  public var peak: Double
  /// What it ends with, as a part of the largest.
  public var floor: Double
  /// Steps until it is reached.
  public var warmup: Int
  /// Steps in all.
  public var steps: Int

  /// Creates a schedule.
  public init(peak: Double, floor: Double = 0.1, warmup: Int, steps: Int) {
    self.peak = peak
    self.floor = floor
    self.warmup = warmup
    self.steps = steps
  }

  /// The rate of a step, counted from 0.
  public subscript(step: Int) -> Double {
    if step < warmup { return peak * Double(step + 1) / Double(warmup) }
    let part = min(1, Double(step - warmup) / Double(max(1, steps - warmup)))
    return peak * (floor + (1 - floor) * (1 + cos(.pi * part)) / 2)
  }
}
