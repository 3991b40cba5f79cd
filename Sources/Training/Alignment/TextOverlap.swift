#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// How much of a text stands in a reference: rewards that need nobody's opinion, and know nothing of
/// what a text says.
public enum TextOverlap {
  /// The share of the words that occur in a reference at all, each as often as it is written: what
  /// BLEU's clipping was made for.
  public static func plainPrecision(_ candidate: [String], _ references: [[String]]) -> Double {
    let known = Set(references.joined())
    return candidate.isEmpty
      ? 0 : Double(candidate.count { known.contains($0) }) / Double(candidate.count)
  }

  /// The hits among the runs of `n` words, each counted no more often than in the reference that has
  /// it most often, and all runs (Papineni et al. 2002, section 2.1).
  public static func clippedCounts(
    _ candidate: [String], _ references: [[String]], n: Int
  ) -> (hits: Int, all: Int) {
    let own = counts(candidate, n)
    let most = references.map { counts($0, n) }.reduce(into: [:]) { most, counts in
      most.merge(counts) { max($0, $1) }
    }
    let hits = own.reduce(0) { $0 + min($1.value, most[$1.key] ?? 0) }
    return (hits, own.values.reduce(0, +))
  }

  /// BLEU of one text without smoothing: the geometric mean of the clipped precisions of runs of 1 to
  /// `order` words, less where the text is shorter than the reference of the nearest length.
  public static func bleu(_ candidate: [String], _ references: [[String]], order: Int = 4) -> Double
  {
    var sum = 0.0
    for n in 1...order {
      let (hits, all) = clippedCounts(candidate, references, n: n)
      guard hits > 0 else { return 0 }
      sum += log(Double(hits) / Double(all)) / Double(order)
    }
    let length = candidate.count
    let nearest = references.map(\.count).min {
      (abs($0 - length), $0) < (abs($1 - length), $1)
    }
    let shortness = 1 - Double(nearest ?? 0) / Double(length)
    return exp(sum + min(shortness, 0))
  }

  /// ROUGE-L: the harmonic mean of the shares that the longest common subsequence has of the text and
  /// of the reference (Lin 2004, section 3.1, with β = 1).
  public static func rougeL(_ candidate: [String], _ reference: [String]) -> Double {
    let shared = Double(commonSubsequence(candidate, reference))
    guard shared > 0 else { return 0 }
    let (precision, recall) = (shared / Double(candidate.count), shared / Double(reference.count))
    return 2 * precision * recall / (precision + recall)
  }

  private static func counts(_ words: [String], _ n: Int) -> [ArraySlice<String>: Int] {
    guard words.count >= n else { return [:] }
    return (0...words.count - n).reduce(into: [:]) { $0[words[$1..<$1 + n], default: 0] += 1 }
  }

  private static func commonSubsequence(_ a: [String], _ b: [String]) -> Int {
    var row = [Int](repeating: 0, count: b.count + 1)
    for word in a {
      var diagonal = 0
      for (column, other) in b.enumerated() {
        let above = row[column + 1]
        row[column + 1] = word == other ? diagonal + 1 : max(above, row[column])
        diagonal = above
      }
    }
    return row[b.count]
  }
}
