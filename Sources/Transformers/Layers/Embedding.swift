import Tensors

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A vector that the embedding of a token is a sum of.
public enum EmbeddingPart: String, Sendable {
  case word, type, position
}

/// Token numbers to vectors: word, position and type vectors added, normalised and projected where
/// the family does so.
struct Embedding: Sendable {
  /// Word vectors, `[V, D]`, or narrower.
  let words: Matrix
  /// What word vectors are multiplied by.
  let scale: Float
  /// Brings word vectors to the width of the stream before positions are added.
  let wordProjection: Linear?
  /// Position vectors, `[positions, D]`, where positions are added here.
  let positions: Matrix?
  /// Type vectors, `[types, D]`.
  let types: Matrix?
  let norm: Norm?
  /// Brings the normalised sum to the width of the stream.
  let projection: Linear?
  let scheme: Configuration.Positions

  /// The vectors of tokens of which the first has position `first`; of several texts of one width,
  /// the first of each.
  func callAsFunction(
    _ ids: [Int], types typeIDs: [Int], from first: Int, texts: Int = 1
  ) -> Tensor {
    let parts = parts(ids, types: typeIDs, from: first, texts: texts)
    var x = parts[0].rows
    for part in parts.dropFirst() { x = x + part.rows }
    x = norm(x)
    return projection.map { $0(x) } ?? x
  }

  /// What is added, in this order: word, type and position vectors, `[n, D]` each.
  func parts(
    _ ids: [Int], types typeIDs: [Int], from first: Int, texts: Int = 1
  ) -> [(part: EmbeddingPart, rows: Tensor)] {
    let width = ids.count / texts
    var x = words.gatheringRows(ids)  // [n, D]
    if scale != 1 { x = x.scaled(by: scale) }
    if let wordProjection { x = wordProjection(x) }
    var parts: [(part: EmbeddingPart, rows: Tensor)] = [(.word, x)]
    if let types { parts.append((.type, types.gatheringRows(typeIDs))) }
    if let positions {
      let rows = (0..<texts).flatMap { text in
        places(of: Array(ids[text * width..<(text + 1) * width]), from: first)
      }
      parts.append((.position, positions.gatheringRows(rows)))
    }
    if case .sinusoidal(let order) = scheme {
      let rows = order.rows(first..<first + width, width: x.width)
      parts.append(
        (.position, texts == 1 ? rows : .stacking(Array(repeating: rows, count: texts))))
    }
    return parts
  }

  /// The row of the position table of every token.
  private func places(of ids: [Int], from first: Int) -> [Int] {
    switch scheme {
    case .learned(let offset, nil):
      return ids.indices.map { first + $0 + offset }
    case .learned(let offset, let padding?):
      var next = offset
      return ids.map { id in
        guard id != padding else { return padding }
        defer { next += 1 }
        return next
      }
    case .sinusoidal, .none:
      return []
    }
  }
}

extension Configuration.SinusoidOrder {
  /// The vectors of positions: sin(p ω) and cos(p ω) of the frequencies ω = 10000^(−2i/D).
  func rows(_ positions: Range<Int>, width: Int) -> Tensor {
    let pairs = (width + 1) / 2
    let frequencies = (0..<pairs).map { pow(10_000, -2 * Double($0) / Double(width)) }
    return Tensor(shape: [positions.count, width]) { out in
      for (row, position) in positions.enumerated() {
        for (pair, frequency) in frequencies.enumerated() {
          let (sine, cosine) =
            self == .halves ? (pair, pairs + pair) : (2 * pair, 2 * pair + 1)
          out[row * width + sine] = Float(sin(Double(position) * frequency))
          guard cosine < width else { continue }
          out[row * width + cosine] = Float(cos(Double(position) * frequency))
        }
      }
    }
  }
}
