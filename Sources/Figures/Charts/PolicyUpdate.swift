/// What proximal policy optimisation did: how far probabilities moved in an update, what the clipped
/// objective makes of it, the reward and its penalty over the steps, and reward against distance for
/// several penalties.
public struct PolicyUpdate: Figure {
  /// A token of the last update.
  public struct Sample: Equatable, Sendable {
    /// Its probability under the policy over that under the one that wrote it.
    public var ratio: Double
    /// Its advantage.
    public var advantage: Double

    /// Creates a sample.
    public init(ratio: Double, advantage: Double) {
      (self.ratio, self.advantage) = (ratio, advantage)
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
  /// The tokens of one update.
  public var samples: [Sample]
  /// Which update: "last epoch of step 40".
  public var update: String
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

  /// Creates the figure of a run with a step or more; not all samples need to be there.
  public init(
    caption: Caption, samples: [Sample], update: String, clip: Double, steps: [Step],
    penalty: Double, runs: [Run], start: Double? = nil
  ) {
    precondition(!steps.isEmpty, "a run without steps")
    precondition(clip > 0, "a clip band without width")
    self.caption = caption
    (self.samples, self.update, self.clip) = (samples, update, clip)
    (self.steps, self.penalty, self.runs, self.start) = (steps, penalty, runs, start)
  }

  /// The band of ratios that are not clipped.
  public var band: ClosedRange<Double> { (1 - clip)...(1 + clip) }

  /// min(ρ A, clip(ρ) A) for an advantage of 1 or −1 (Schulman et al. 2017, equation 7).
  public func objective(_ ratio: Double, isGood: Bool) -> Double {
    let clipped = min(max(ratio, band.lowerBound), band.upperBound)
    return isGood ? min(ratio, clipped) : min(-ratio, -clipped)
  }

  /// Lays the figure out.
  public func scene(in style: Style) -> Scene { PolicyUpdateLayout(self, in: style).scene() }
}
