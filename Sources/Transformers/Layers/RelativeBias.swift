import Tensors

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// What the distance of two tokens adds to their score, for every head (Raffel et al. 2020, §2.1).
struct RelativeBias: Sendable {
  /// A row for every bucket of distances, `[buckets, H]`.
  let table: Tensor
  let scheme: Configuration.RelativePositions

  /// The bias of queries among keys, of which the last is the last query's own, `[H, n, m]`; of
  /// several texts each head's one behind the other.
  func callAsFunction(queries: Int, keys: Int, texts: Int = 1) -> Tensor {
    let heads = table.width
    let cells = cells(queries: queries, keys: keys, texts: texts)
    let bias = Tensor(shape: [heads * texts, queries, keys]) { out in
      table.withNumbers { numbers in
        for cell in cells { out[cell.place] = numbers[cell.entry] }
      }
    }
    guard table.isTracked else { return bias }
    return bias.derived(from: [table]) { [count = table.count] gradient, inputs in
      inputs[0]?.addToSome(count) { out in
        gradient.withNumbers { gradient in
          for cell in cells { out[cell.entry] += gradient[cell.place] }
        }
      }
    }
  }

  /// Which entry of the table stands at which place of the bias.
  private func cells(
    queries: Int, keys: Int, texts: Int
  ) -> [(place: Int, entry: Int)] {
    let (heads, first) = (table.width, keys - queries)
    let buckets = (0..<queries).flatMap { query in
      (0..<keys).map { scheme.bucket(of: $0 - query - first) * heads }
    }
    return (0..<heads * texts).flatMap { head in
      buckets.enumerated().map { (head * buckets.count + $0, $1 + head / texts) }
    }
  }
}

extension Configuration.RelativePositions {
  /// The bucket of a key that stands `distance` behind the query: half of the buckets for each
  /// direction, or all for what is before; of these, half for small distances and the rest on a
  /// scale of logarithms.
  func bucket(of distance: Int) -> Int {
    let count = isBidirectional ? buckets / 2 : buckets
    let (exact, steps) = (count / 2, isBidirectional ? abs(distance) : max(0, -distance))
    let start = isBidirectional && distance > 0 ? count : 0
    guard steps >= exact else { return start + steps }
    // In single precision, as the models were trained: at a power of two it decides.
    let part =
      logf(Float(steps) / Float(exact)) / Float(log(Double(maximumDistance) / Double(exact)))
    return start + min(exact + Int(part * Float(count - exact)), count - 1)
  }
}
