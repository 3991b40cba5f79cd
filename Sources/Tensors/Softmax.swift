internal import CKernels

/// Which keys every query may look at: a run of keys a query.
///
/// A causal mask lets query i look at keys 0…i; a sliding window at the last ones of them. Keys
/// outside are skipped, never lowered by a large number: their weight is exactly 0.
public struct KeyRanges: Sendable, Equatable {
  /// The keys of each query.
  public let ranges: [Range<Int>]

  /// Creates a mask from the keys of each query.
  public init(_ ranges: [Range<Int>]) {
    self.ranges = ranges
  }

  /// The keys up to and including the query's own position; with a window, the last `window` of
  /// them.
  public static func causal(queries: Int, keys: Int, window: Int? = nil) -> KeyRanges {
    KeyRanges(
      (0..<queries).map { query in
        let end = query + keys - queries + 1
        return max(0, end - (window ?? end))..<end
      })
  }

  /// The keys that stand at most `reach` before or behind the query.
  public static func near(_ count: Int, reach: Int) -> KeyRanges {
    KeyRanges((0..<count).map { max(0, $0 - reach)..<min(count, $0 + reach + 1) })
  }

  /// Whether a query may look at a key.
  public func allows(query: Int, key: Int) -> Bool {
    ranges[query].contains(key)
  }
}

extension Tensor {
  /// The softmax of every row with temperature τ: aⱼ = exp(αⱼ/τ) / Σₗ exp(αₗ/τ).
  ///
  /// τ = 1 is bit for bit the plain softmax. τ = 0 is the limit: the largest entries share the
  /// mass. τ = ∞ is uniform. Keys that the mask leaves out get exactly 0, and a row without any
  /// key is all 0.
  ///
  /// - Parameters:
  ///   - temperature: τ, from 0 to ∞.
  ///   - mask: For `[heads, n, m]`, the keys of each of the n queries.
  /// - Precondition: `temperature` is not negative and not NaN.
  public func softmax(temperature: Double = 1, mask: KeyRanges? = nil) -> Tensor {
    softmax(temperatures: [temperature], mask: mask)
  }

  /// The softmax of every row with a temperature τ for each head of `[heads, n, m]`.
  ///
  /// - Precondition: There are as many temperatures as heads, or one for all; none is negative
  ///   and none NaN.
  public func softmax(temperatures: [Double], mask: KeyRanges? = nil) -> Tensor {
    let (m, count) = (width, rows)
    precondition(temperatures.allSatisfy { $0 >= 0 }, "temperatures of \(temperatures)")
    precondition(
      temperatures.count == 1 || temperatures.count == shape.first,
      "\(temperatures.count) temperatures for \(shape)")
    let rowsOfOne = Swift.max(count / temperatures.count, 1)
    let weights = Tensor(shape: shape) { out in
      guard let target = out.baseAddress.map(Shared.init) else { return }
      Threads.forRanges(count, cost: m) { part in
        withNumbers { numbers in
          for row in part {
            let keys = mask.map { $0.ranges[row % $0.ranges.count] } ?? 0..<m
            let line = UnsafeMutableBufferPointer(start: target.pointer + row * m, count: m)
            let scores = UnsafeBufferPointer(rebasing: numbers[row * m..<(row + 1) * m])
            Self.softmax(scores, keys, temperatures[row / rowsOfOne], into: line)
          }
        }
      }
    }
    guard isTracked else { return weights }
    return weights.derived(from: [self]) { gradient, inputs in
      inputs[0]?.add(weights.softmaxGradient(gradient, temperatures))
    }
  }

  /// The gradient of the scores behind these weights a, by that of the weights:
  /// (g − Σ a g) · a / τ. Weights of 0 have none, and where τ is 0 or ∞ a small change of the
  /// scores changes no weight.
  private func softmaxGradient(_ gradient: Tensor, _ temperatures: [Double]) -> Tensor {
    let (m, rowsOfOne) = (width, Swift.max(rows / temperatures.count, 1))
    return Tensor(shape: shape) { out in
      guard let target = out.baseAddress.map(Shared.init) else { return }
      Threads.forRanges(rows, cost: m) { part in
        withNumbers { weights in
          gradient.withNumbers { gradient in
            for row in part {
              let temperature = temperatures[row / rowsOfOne]
              let inverse = temperature == 0 ? 0 : Float(1 / temperature)
              ckernels().pointee.softmax_gradient(
                weights.baseAddress?.advanced(by: row * m),
                gradient.baseAddress?.advanced(by: row * m), target.pointer + row * m, m, inverse)
            }
          }
        }
      }
    }
  }

  private static func softmax(
    _ scores: UnsafeBufferPointer<Float>, _ keys: Range<Int>, _ temperature: Double,
    into out: UnsafeMutableBufferPointer<Float>
  ) {
    out[..<keys.lowerBound].update(repeating: 0)
    out[keys.upperBound...].update(repeating: 0)
    guard !keys.isEmpty, let from = scores.baseAddress, let to = out.baseAddress else { return }
    if temperature == 0 {
      let top = scores[keys].max() ?? 0
      let ties = scores[keys].reduce(0) { $0 + ($1 == top ? 1 : 0) }
      for key in keys { out[key] = scores[key] == top ? 1 / Float(ties) : 0 }
    } else if temperature == .infinity {
      out[keys].update(repeating: 1 / Float(keys.count))
    } else {
      ckernels().pointee.softmax(
        from + keys.lowerBound, to + keys.lowerBound, keys.count, Float(1 / temperature))
    }
  }
}
