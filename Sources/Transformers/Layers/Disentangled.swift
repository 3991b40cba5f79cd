import Tensors

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// What the distance of two tokens adds to their score beside their contents (He et al. 2020,
/// eq. 4): distances have keys, which meet the queries, and queries, which meet the keys.
struct Disentangled: Sendable {
  /// The keys of every bucket of distances, `[H, 2·span, d]`.
  let keys: Tensor?
  /// Their queries, `[H, 2·span, d]`.
  let queries: Tensor?
  let scheme: Configuration.Disentangled

  /// The bias of n queries among n keys, `[H, n, n]`.
  func callAsFunction(_ q: Tensor, _ k: Tensor, scale: Float) -> Tensor {
    let (heads, n) = (q.shape[0], q.shape[1])
    let span = 2 * scheme.span
    let places = (1 - n..<n).map { min(max(scheme.bucket(of: $0) + scheme.span, 0), span - 1) }
    let seen = keys.map { q.headwiseProducts(with: $0, scale: scale) }  // [H, n, 2·span]
    let seeing = queries.map { k.headwiseProducts(with: $0, scale: scale) }
    let bias = Tensor(shape: [heads, n, n]) { out in
      out.update(repeating: 0)
      seen?.withNumbers { numbers in
        for row in 0..<heads * n {
          for key in 0..<n {
            out[row * n + key] += numbers[row * span + places[row % n - key + n - 1]]
          }
        }
      }
      seeing?.withNumbers { numbers in
        for row in 0..<heads * n {
          for key in 0..<n {
            let from = (row / n * n + key) * span
            out[row * n + key] += numbers[from + places[row % n - key + n - 1]]
          }
        }
      }
    }
    guard seen?.isTracked == true || seeing?.isTracked == true else { return bias }
    return bias.derived(from: [seen, seeing]) { gradient, inputs in
      gradient.withNumbers { gradient in
        for (input, isSeen) in zip(inputs, [true, false]) {
          input?.addToSome(heads * n * span) { out in
            for row in 0..<heads * n {
              for key in 0..<n {
                let from = (isSeen ? row : row / n * n + key) * span
                out[from + places[row % n - key + n - 1]] += gradient[row * n + key]
              }
            }
          }
        }
      }
    }
  }
}

extension Configuration.Disentangled {
  /// The bucket of a query that stands `distance` behind the key: the distance itself where it is
  /// small, beyond on a scale of logarithms.
  func bucket(of distance: Int) -> Int {
    guard let buckets else { return distance }
    let (middle, steps) = (buckets / 2, abs(distance))
    guard steps > middle else { return distance }
    // In single precision, as the models were trained: where a bucket ends it decides.
    let part =
      logf(Float(steps) / Float(middle)) / logf(Float(Double(length - 1) / Double(middle)))
    let place = Int((part * Float(middle - 1)).rounded(.up)) + middle
    return distance < 0 ? -place : place
  }
}
