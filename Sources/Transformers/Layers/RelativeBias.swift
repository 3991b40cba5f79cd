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

  /// The bias of queries among keys, of which the last is the last query's own, `[H, n, m]`.
  func callAsFunction(queries: Int, keys: Int) -> Tensor {
    let heads = table.width
    let first = keys - queries
    return Tensor(shape: [heads, queries, keys]) { out in
      table.withNumbers { table in
        for query in 0..<queries {
          for key in 0..<keys {
            let bucket = scheme.bucket(of: key - query - first)
            for head in 0..<heads {
              out[(head * queries + query) * keys + key] = table[bucket * heads + head]
            }
          }
        }
      }
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
