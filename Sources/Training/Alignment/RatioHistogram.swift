public import Files

/// How often the new policy gave a token ρ times the probability that the old one did, where the
/// advantage is above 0 and where it is below: the clip cuts the first above 1 + ε and the second
/// below 1 − ε.
public struct RatioHistogram: Sendable, Equatable {
  /// ε.
  public var clip: Double
  /// Counts of tokens with an advantage above 0; the first and the last bin have all that is
  /// beyond.
  public var better: [Int]
  /// Counts of tokens with an advantage below 0.
  public var worse: [Int]

  /// Bins between 1 − 3ε and 1 + 3ε, a fifth of ε each, and one on either side.
  public static let bins = 32

  /// Nothing yet.
  public init(clip: Double) {
    self.clip = clip
    better = Array(repeating: 0, count: Self.bins)
    worse = better
  }

  /// Where bin 1, 2, … begin; the last edge is where the last bin begins.
  public var edges: [Double] {
    (0..<Self.bins - 1).map { 1 - 3 * clip + Double($0) * clip / 5 }
  }

  /// All tokens.
  public var count: Int { (better + worse).reduce(0, +) }

  /// The share of the tokens from which nothing is learned: those whose ratio left the band on the
  /// side on which the advantage wants it.
  public var clippedShare: Double {
    // Five bins of ε/5 lie between 1 and the band's end, one beyond 1 + 3ε.
    let end = Self.bins / 2 + 5
    let clipped = better[end...].reduce(0, +) + worse[..<(Self.bins - end)].reduce(0, +)
    return count == 0 ? 0 : Double(clipped) / Double(count)
  }

  /// Adds a token.
  package mutating func add(ratio: Double, advantage: Double) {
    guard ratio.isFinite, advantage != 0, clip > 0 else { return }
    // Counted from 1, so that a ratio of exactly 1 is in the bin that begins there.
    let place = ((ratio - 1) / (clip / 5)).rounded(.down) + 15
    let bin = Int(min(max(place, -1), Double(Self.bins - 2))) + 1
    if advantage > 0 { better[bin] += 1 } else { worse[bin] += 1 }
  }

  /// Adds the counts of another one.
  mutating func add(_ other: RatioHistogram) {
    for bin in 0..<Self.bins {
      better[bin] += other.better[bin]
      worse[bin] += other.worse[bin]
    }
  }

  var json: JSON {
    [
      "clip": .number(clip), "edges": .array(edges.map(JSON.number)),
      "better": .array(better.map(JSON.integer)), "worse": .array(worse.map(JSON.integer)),
    ]
  }

  /// Reads what `json` wrote; `nil` where it does not fit together.
  init?(_ json: JSON) {
    guard let clip = json["clip"]?.number, clip > 0, clip.isFinite else { return nil }
    self.init(clip: clip)
    better = json["better"]?.elements?.compactMap(\.integer) ?? []
    worse = json["worse"]?.elements?.compactMap(\.integer) ?? []
    let all = better + worse
    guard better.count == Self.bins, worse.count == Self.bins,
      all.allSatisfy({ (0...1_000_000_000).contains($0) })
    else { return nil }
  }
}
