/// What a reward model learned from pairs: the scores of what was preferred against what was
/// rejected, their margins, how well its probabilities hold, what its score goes with, and the
/// strengths of several policies from comparisons.
public struct Preference: Figure {
  /// Two continuations of a prompt, scored.
  public struct Pair: Equatable, Sendable {
    /// The score of the one that was preferred.
    public var preferred: Double
    /// The score of the other.
    public var rejected: Double

    /// Creates a pair.
    public init(preferred: Double, rejected: Double) {
      (self.preferred, self.rejected) = (preferred, rejected)
    }

    /// The margin Δ = r_w − r_l.
    public var margin: Double { preferred - rejected }
  }

  /// Pairs of about the same predicted probability.
  public struct Bin: Equatable, Sendable {
    /// The mean of σ(Δ), the predicted probability that the first text is preferred.
    public var predicted: Double
    /// The share of these pairs in which it was.
    public var observed: Double
    /// An interval around `observed`.
    public var interval: ClosedRange<Double>
    /// How many pairs.
    public var count: Int

    /// Creates a bin.
    public init(predicted: Double, observed: Double, interval: ClosedRange<Double>, count: Int) {
      (self.predicted, self.observed) = (predicted, observed)
      (self.interval, self.count) = (interval, count)
    }
  }

  /// How strongly the score goes with something.
  public struct Link: Equatable, Sendable {
    /// What it goes with: "the rule".
    public var name: String
    /// A correlation, from −1 to 1; `nil` where it is not defined.
    public var correlation: Double?
    /// Whether it should be large.
    public var isWanted: Bool

    /// Creates a link.
    public init(_ name: String, _ correlation: Double?, isWanted: Bool) {
      (self.name, self.correlation, self.isWanted) = (name, correlation, isWanted)
    }
  }

  /// A policy that was compared with others.
  public struct Policy: Equatable, Sendable {
    /// What it is called.
    public var name: String
    /// Its strength by Bradley and Terry, on the scale of Elo: 400 are odds of ten to one.
    public var strength: Double
    /// Its standard error; `nil` where it is not known.
    public var error: Double?
    /// Its rating by Elo's rule, one comparison after the other; `nil` where it was not played.
    public var elo: Double?
    /// In how many comparisons it stood.
    public var comparisons: Int

    /// Creates a policy.
    public init(
      _ name: String, strength: Double, error: Double?, elo: Double?, comparisons: Int
    ) {
      (self.name, self.strength, self.error) = (name, strength, error)
      (self.elo, self.comparisons) = (elo, comparisons)
    }
  }

  /// Its name in the catalogue.
  public static let name = "preference"

  /// The words around the picture.
  public var caption: Caption
  /// Pairs the model did not learn from, with its scores.
  public var pairs: [Pair]
  /// Its probabilities against what was preferred, by size.
  public var bins: [Bin]
  /// What its score goes with.
  public var links: [Link]
  /// The policies that were compared, best first; none where they were not.
  public var policies: [Policy]

  /// Creates the figure of one pair or more, with finite scores.
  public init(
    caption: Caption, pairs: [Pair], bins: [Bin], links: [Link], policies: [Policy] = []
  ) {
    precondition(!pairs.isEmpty, "no pairs")
    precondition(
      pairs.allSatisfy { $0.preferred.isFinite && $0.rejected.isFinite }, "scores not finite")
    self.caption = caption
    self.pairs = pairs
    self.bins = bins
    self.links = links
    self.policies = policies
  }

  /// The pairs whose preferred one has the higher score.
  public var right: Int { pairs.count { $0.margin > 0 } }

  /// Lays the figure out.
  public func scene(in style: Style) -> Scene { PreferenceLayout(self, in: style).scene() }
}
