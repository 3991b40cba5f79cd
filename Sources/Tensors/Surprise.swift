#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

extension Tensor {
  /// −ln p of one state of every row of logits, in nats, `[n]`: the cross-entropy of training.
  ///
  /// Its gradient is the probabilities, less 1 where the state is.
  ///
  /// - Precondition: There is a state for every row, of the vocabulary.
  public func surprises(of states: [Int]) -> Tensor {
    precondition(
      states.count == rows && states.allSatisfy { $0 >= 0 && $0 < width },
      "\(states.count) states for \(shape)")
    let probabilities = detached.softmax()
    let result = Tensor(shape: [rows]) { out in
      withNumbers { z in
        probabilities.withNumbers { p in
          for (row, state) in states.enumerated() {
            let line = row * width..<(row + 1) * width
            guard let top = z[line].max(), let largest = p[line].max() else { continue }
            // The largest probability is 1 / Σ exp(z − top).
            out[row] = Float(
              Double(top) - Double(z[line.lowerBound + state]) - log(Double(largest)))
          }
        }
      }
    }
    guard isTracked else { return result }
    return result.derived(from: [self]) { gradient, inputs in
      inputs[0]?.add(probabilities.lessOne(at: states, times: gradient))
    }
  }

  /// Every row less 1 at one place, times a factor.
  private func lessOne(at places: [Int], times factors: Tensor) -> Tensor {
    let size = width
    return Tensor(shape: shape) { out in
      withNumbers { p in
        factors.withNumbers { factors in
          for (row, place) in places.enumerated() {
            let factor = factors[row]
            for index in row * size..<(row + 1) * size { out[index] = p[index] * factor }
            out[row * size + place] -= factor
          }
        }
      }
    }
  }
}
