public import Tensors

/// The vectors of a vocabulary, to find those that point nearly the same way as a given one.
///
/// Similarity is the cosine of the angle between two vectors after the mean of the vocabulary is
/// taken from both: vectors of words share a direction that says nothing about any of them (Mu &
/// Viswanath 2018, "All-but-the-Top").
public struct VectorSpace: Sendable {
  /// An entry of the vocabulary, and how near it is.
  public struct Neighbour: Equatable, Sendable {
    /// The entry.
    public var id: Int
    /// The cosine, from −1 to 1.
    public var cosine: Double

    /// Creates a neighbour.
    public init(id: Int, cosine: Double) {
      self.id = id
      self.cosine = cosine
    }
  }

  /// The entries that take part.
  public let ids: [Int]
  /// Their mean, `[D]`.
  private let mean: [Float]
  /// The vectors of some entries, `[entries, D]`.
  private let vectors: @Sendable ([Int]) -> Tensor

  /// So many entries are in memory at a time.
  private static let piece = 4096

  /// Creates a space.
  ///
  /// - Parameters:
  ///   - ids: The entries that take part; at least one.
  ///   - vectors: Gives the vectors of entries.
  public init(_ ids: [Int], _ vectors: @escaping @Sendable ([Int]) -> Tensor) {
    precondition(!ids.isEmpty, "a space without vectors")
    self.ids = ids
    self.vectors = vectors
    var sum: [Double] = []
    for part in Self.pieces(ids) {
      let rows = vectors(part)
      if sum.isEmpty { sum = Array(repeating: 0, count: rows.width) }
      rows.withNumbers { numbers in
        for place in numbers.indices { sum[place % rows.width] += Double(numbers[place]) }
      }
    }
    mean = sum.map { Float($0 / Double(ids.count)) }
  }

  /// The entries nearest to each of some vectors, the nearest first, the lower id of equals.
  ///
  /// - Parameters:
  ///   - count: How many of each.
  ///   - queries: `[n, D]`.
  public func nearest(_ count: Int, to queries: Tensor) -> [[Neighbour]] {
    let queries = normalised(queries)
    let n = queries.rows
    var best: [[Neighbour]] = Array(repeating: [], count: n)
    for part in Self.pieces(ids) {
      let cosines = queries.times(Matrix(normalised(vectors(part))))  // [n, part]
      cosines.withNumbers { cosines in
        for query in 0..<n {
          for (place, id) in part.enumerated() {
            let cosine = Double(cosines[query * part.count + place])
            Self.insert(Neighbour(id: id, cosine: cosine), into: &best[query], most: count)
          }
        }
      }
    }
    return best
  }

  private static func insert(_ new: Neighbour, into best: inout [Neighbour], most: Int) {
    if best.count == most, let last = best.last, last.cosine >= new.cosine { return }
    let place = best.firstIndex { $0.cosine < new.cosine } ?? best.count
    best.insert(new, at: place)
    if best.count > most { best.removeLast() }
  }

  /// The rows less the mean, of length 1; a row that is the mean stays 0.
  private func normalised(_ rows: Tensor) -> Tensor {
    let width = rows.width
    precondition(width == mean.count, "\(rows.shape) in a space of \(mean.count) dimensions")
    let centred = zip(rows.numbers.indices, rows.numbers).map { $1 - mean[$0 % width] }
    var out: [Float] = []
    out.reserveCapacity(centred.count)
    for row in 0..<rows.rows {
      let line = centred[row * width..<(row + 1) * width]
      let length = line.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      out += line.map { length > 0 ? Float(Double($0) / length) : 0 }
    }
    return Tensor(out, shape: rows.shape)
  }

  private static func pieces(_ ids: [Int]) -> [[Int]] {
    stride(from: 0, to: ids.count, by: piece).map {
      Array(ids[$0..<min(ids.count, $0 + piece)])
    }
  }
}
