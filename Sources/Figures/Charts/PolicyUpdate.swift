/// What proximal policy optimisation did: how far probabilities moved in an update, what the clipped
/// objective makes of it, the reward and its penalty over the steps, and reward against distance for
/// several penalties.
public struct PolicyUpdate: Figure {
  /// Tokens whose probability moved about as far.
  public struct Bin: Equatable, Sendable {
    /// Their probability under the new policy over that under the one that wrote them; without a
    /// lower or an upper bound all that is beyond.
    public var low: Double?
    /// The upper bound.
    public var high: Double?
    /// Those with an advantage above 0.
    public var better: Int
    /// Those with an advantage below 0.
    public var worse: Int

    /// Creates a bin with one bound or two.
    public init(low: Double?, high: Double?, better: Int, worse: Int) {
      precondition(low != nil || high != nil, "a bin without bounds")
      (self.low, self.high, self.better, self.worse) = (low, high, better, worse)
    }
  }

  /// The means of a step.
  public struct Step: Equatable, Sendable {
    /// Which step, from 1.
    public var step: Int
    /// The reward model's score, r_θ.
    public var reward: Double
    /// The distance from the frozen reference, r_KL, in nats for a whole continuation.
    public var distance: Double
    /// What is maximised, r_θ − λ r_KL.
    public var total: Double

    /// Creates the means of a step.
    public init(step: Int, reward: Double, distance: Double, total: Double) {
      (self.step, self.reward) = (step, reward)
      (self.distance, self.total) = (distance, total)
    }
  }

  /// A whole run at one penalty.
  public struct Run: Equatable, Sendable {
    /// The penalty λ.
    public var penalty: Double
    /// The distance from the reference at its end, in nats.
    public var distance: Double
    /// The reward at its end.
    public var reward: Double
    /// Whether it is the one that the other panels show.
    public var isShown: Bool
    /// What tells it from others of the same penalty: "seed 2"; empty where nothing does.
    public var name: String

    /// Creates a run.
    public init(
      penalty: Double, distance: Double, reward: Double, isShown: Bool = false, name: String = ""
    ) {
      (self.penalty, self.distance, self.reward) = (penalty, distance, reward)
      (self.isShown, self.name) = (isShown, name)
    }
  }

  /// Its name in the catalogue.
  public static let name = "ppo"

  /// The words around the picture.
  public var caption: Caption
  /// The tokens of updates by their ratios, the bins side by side.
  public var bins: [Bin]
  /// Which updates: "all steps of iteration 40".
  public var updates: String
  /// Half the width of the clip band, ε.
  public var clip: Double
  /// The steps, in order.
  public var steps: [Step]
  /// The penalty λ of the run.
  public var penalty: Double
  /// One run for every penalty that was tried.
  public var runs: [Run]
  /// The reward before the first step; `nil` where it was not measured.
  public var start: Double?

  /// Creates the figure of a run with a step or more; bins end at the edges of the clip band.
  public init(
    caption: Caption, bins: [Bin], updates: String, clip: Double, steps: [Step],
    penalty: Double, runs: [Run], start: Double? = nil
  ) {
    precondition(!steps.isEmpty, "a run without steps")
    precondition(clip > 0, "a clip band without width")
    self.caption = caption
    (self.bins, self.updates, self.clip) = (bins, updates, clip)
    (self.steps, self.penalty, self.runs, self.start) = (steps, penalty, runs, start)
  }

  /// The band of ratios that are not clipped.
  public var band: ClosedRange<Double> { (1 - clip)...(1 + clip) }

  /// min(ρ A, clip(ρ) A) for an advantage of 1 or −1 (Schulman et al. 2017, equation 7).
  public func objective(_ ratio: Double, isGood: Bool) -> Double {
    let clipped = min(max(ratio, band.lowerBound), band.upperBound)
    return isGood ? min(ratio, clipped) : min(-ratio, -clipped)
  }

  /// Whether nothing is learned from tokens of a bin: their ratio left the band on the side on which
  /// the advantage wants it.
  func isClipped(_ bin: Bin, isGood: Bool) -> Bool {
    isGood
      ? (bin.low ?? -.infinity) > band.upperBound - 1e-9
      : (bin.high ?? .infinity) < band.lowerBound + 1e-9
  }

  /// The tokens of one kind from which nothing is learned, and all of it.
  func clipped(isGood: Bool) -> (count: Int, all: Int) {
    func count(_ bin: Bin) -> Int { isGood ? bin.better : bin.worse }
    let clipped = bins.filter { isClipped($0, isGood: isGood) }
    return (clipped.reduce(0) { $0 + count($1) }, bins.reduce(0) { $0 + count($1) })
  }

  /// The ratios that are drawn: those of bins with two bounds.
  var domain: ClosedRange<Double> {
    let edges = bins.flatMap { [$0.low, $0.high] }.compactMap(\.self)
    let reach = max(edges.reduce(0) { max($0, abs($1 - 1)) }, 1.5 * clip)
    return min(
      edges.min() ?? 1 - reach, 1 - 1.5 * clip)...max(edges.max() ?? 1 + reach, 1 + 1.5 * clip)
  }

  /// Lays the figure out.
  public func scene(in style: Style) -> Scene { PolicyUpdateLayout(self, in: style).scene() }
}
