#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Interpolated Kneser–Ney smoothing (Chen & Goodman 1999, eq. 24 and 27): what counting runs of
/// tokens knows of the next one. A trained model is compared with it.
///
/// The longest runs are counted as they are, shorter ones by how many different tokens stand before
/// them; every count is made smaller by a discount of its length, and what that leaves goes to the
/// shorter run.
public struct KneserNey: Sendable {
  /// The runs of one length, and what follows them.
  fileprivate struct Level: Sendable {
    var counts: [UInt64: Int] = [:]
    var contexts: [UInt64: (total: Int, kinds: Int)] = [:]
    var discount = 0.0
  }

  /// The most tokens of a run: as many as a key has room for.
  public static let longest = 4
  private let before: Int
  private let vocabulary: Int
  private var levels: [Level]

  /// Counts.
  ///
  /// - Parameters:
  ///   - order: Tokens of the longest runs: 2 for pairs.
  ///   - texts: What is learned from, each text with what ends it.
  ///   - before: The token before a text.
  ///   - vocabulary: How many tokens there are.
  /// - Precondition: There are 1 to `longest` tokens in a run and at most 65,536 in all.
  public init(order: Int, texts: [[Int]], before: Int, vocabulary: Int) {
    precondition((1...Self.longest).contains(order) && vocabulary <= 1 << 16)
    self.before = before
    self.vocabulary = vocabulary
    levels = Array(repeating: Level(), count: order)
    for text in texts {
      var run = Self.start(before)
      for token in text {
        run = Self.adding(token, to: run)
        levels[order - 1].counts[Self.last(order, of: run), default: 0] += 1
      }
    }
    for level in (0..<order - 1).reversed() {
      for run in levels[level + 1].counts.keys {
        levels[level].counts[Self.last(level + 1, of: run), default: 0] += 1
      }
    }
    for level in levels.indices { levels[level].finish() }
  }

  /// −ln p of every token of a text, in nats.
  public func surprises(of text: [Int]) -> [Double] {
    var run = Self.start(before)
    return text.map { token in
      run = Self.adding(token, to: run)
      return -log(probability(of: run))
    }
  }

  /// The probability of the last token of a run after those before it.
  private func probability(of run: UInt64) -> Double {
    levels.enumerated().reduce(1 / Double(vocabulary)) { lower, level in
      let (length, level) = (level.offset + 1, level.element)
      let key = Self.last(length, of: run)
      guard let context = level.contexts[key >> 16] else { return lower }
      let count = max(Double(level.counts[key] ?? 0) - level.discount, 0)
      return (count + level.discount * Double(context.kinds) * lower) / Double(context.total)
    }
  }

  // MARK: runs as numbers, 16 bits a token, the last one lowest

  private static func start(_ before: Int) -> UInt64 {
    (0..<longest).reduce(0) { run, _ in adding(before, to: run) }
  }

  private static func adding(_ token: Int, to run: UInt64) -> UInt64 {
    run << 16 | UInt64(truncatingIfNeeded: token) & 0xFFFF
  }

  private static func last(_ count: Int, of run: UInt64) -> UInt64 {
    count == longest ? run : run & (1 << (16 * UInt64(count)) - 1)
  }
}

extension KneserNey.Level {
  /// Sums up what follows every run, and finds the discount (Chen & Goodman 1999, eq. 22).
  fileprivate mutating func finish() {
    for (run, count) in counts {
      contexts[run >> 16, default: (0, 0)].total += count
      contexts[run >> 16, default: (0, 0)].kinds += 1
    }
    let (ones, twos) = counts.values.reduce(into: (0, 0)) {
      $0.0 += $1 == 1 ? 1 : 0
      $0.1 += $1 == 2 ? 1 : 0
    }
    discount = ones > 0 ? Double(ones) / Double(ones + 2 * twos) : 0.5
  }
}
