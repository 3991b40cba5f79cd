#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// How many states are in play at every temperature: perplexity and the size of the top-p set, and
/// how the probability is shared out by rank.
public struct EntropyCurve: Figure {
  /// The distribution at one temperature.
  public struct Sample: Equatable, Sendable {
    /// τ, positive and finite.
    public var temperature: Double
    /// The entropy H, in nats; the perplexity is e^H.
    public var entropy: Double
    /// The smallest number of states that hold a share of `EntropyCurve.topShare` together.
    public var setSize: Int
    /// The probability of every band of ranks.
    public var shares: [Double]

    /// Creates a sample.
    public init(temperature: Double, entropy: Double, setSize: Int, shares: [Double]) {
      self.temperature = temperature
      self.entropy = entropy
      self.setSize = setSize
      self.shares = shares
    }
  }

  /// Its name in the catalogue.
  public static let name = "entropy"

  /// The words around the picture.
  public var caption: Caption
  /// What the states are called.
  public var stateName: StateName
  /// How many states there are, without the masked ones.
  public let count: Int
  /// The states of the first ranks; one at least.
  public let leading: [TokenLabel]
  /// The share p that the top-p set holds.
  public let topShare: Double
  /// The ranks of every band, one after the other from rank 1.
  public let bands: [ClosedRange<Int>]
  /// The samples, by temperature.
  public let samples: [Sample]
  /// The sample at τ = 1; `nil` leaves its marks out.
  public let own: Sample?

  /// Creates a figure.
  ///
  /// - Parameters:
  ///   - caption: The words around the picture.
  ///   - stateName: What the states are called.
  ///   - count: How many states there are, without the masked ones.
  ///   - leading: The states of the first ranks, as many as there are bands of one rank.
  ///   - topShare: The share p that the top-p set holds.
  ///   - bands: The ranks of the bands that `shares` are of; see `bands(of:)`.
  ///   - samples: The samples, by temperature.
  ///   - own: The sample at τ = 1; `nil` leaves its marks out.
  public init(
    caption: Caption, stateName: StateName = .token, count: Int,
    leading: [TokenLabel],
    topShare: Double = 0.9, bands: [ClosedRange<Int>], samples: [Sample], own: Sample?
  ) {
    precondition(!leading.isEmpty, "no state")
    precondition(samples.count > 1, "\(samples.count) temperatures")
    precondition(
      (samples + (own.map { [$0] } ?? [])).allSatisfy { $0.shares.count == bands.count },
      "a sample is not of \(bands.count) bands")
    self.caption = caption
    self.stateName = stateName
    self.count = count
    self.leading = leading
    self.topShare = topShare
    self.bands = bands
    self.samples = samples.sorted { $0.temperature < $1.temperature }
    self.own = own
  }

  /// Bands of ranks that tell a distribution of `count` states: up to five, each state alone when
  /// there are so few, else rank 1 and powers of ten.
  public static func bands(of count: Int) -> [ClosedRange<Int>] {
    guard count > 5 else { return (1...max(count, 1)).map { $0...$0 } }
    var (bands, start) = ([1...1], 2)
    var end = count > 2000 ? 100 : 10
    while bands.count < 4, end < count {
      bands.append(start...end)
      (start, end) = (end + 1, end * 10)
    }
    return bands + [start...count]
  }

  /// Lays the figure out.
  public func scene(in style: Style) -> Scene {
    EntropyLayout(self, in: style).scene()
  }

  /// The name of a band: its one state's, else its ranks.
  func name(of band: Int) -> String {
    let ranks = bands[band]
    if ranks.count == 1, ranks.lowerBound <= leading.count {
      return leading[ranks.lowerBound - 1].text
    }
    let low = NumberFormat.count(ranks.lowerBound)
    guard ranks.count > 1 else { return "rank \(low)" }
    return "\(band == 1 ? "ranks " : "")\(low)–\(NumberFormat.count(ranks.upperBound))"
  }

  /// What the figure shows, from its numbers.
  var summary: String {
    let range = [samples.first, samples.last].compactMap { $0 }.map {
      "e^H = \(NumberFormat.perplexity($0.entropy)) at τ = \(NumberFormat.temperature($0.temperature))"
    }
    let own = own.map { own in
      " At τ = 1 the perplexity is \(NumberFormat.perplexity(own.entropy)), and "
        + "\(stateName.counted(own.setSize)) hold a share of "
        + "\(NumberFormat.temperature(topShare)); \(leading[0].text) has "
        + NumberFormat.probability(own.shares.first ?? 0, isExact: count == 1) + "."
    }
    return "How many of \(stateName.counted(count)) are in play, by temperature: "
      + range.joined(separator: ", ") + "." + (own ?? "")
  }
}
