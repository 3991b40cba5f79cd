/// Reinforcement learning from human feedback as a diagram with a run's own numbers: a supervised
/// model, a reward model from comparisons, and the loop in which a policy is pushed towards reward and
/// held near where it began.
public struct FeedbackLoop: Figure {
  /// What a box of the diagram is.
  public enum Part: CaseIterable, Sendable {
    /// The model that everything starts from.
    case supervised
    /// Pairs of continuations, one of them preferred.
    case comparisons
    /// The model that scores continuations.
    case rewardModel
    /// The texts that are continued.
    case prompts
    /// The model that is trained, with its value head.
    case policy
    /// What it wrote.
    case samples
    /// The supervised model, never changed.
    case reference
    /// The reward model, never changed now.
    case scorer
    /// Reward and penalty together.
    case reward
    /// What was better than expected.
    case advantage
    /// The clipped step.
    case update
  }

  /// What stands beside an arrow.
  public enum Link: CaseIterable, Sendable {
    /// From comparisons to the reward model: its loss.
    case loss
    /// From the policy to what it wrote.
    case written
    /// From the scorer: r_θ.
    case score
    /// From the reference: r_KL.
    case distance
    /// From reward and penalty: r.
    case total
    /// From the policy's value head: V.
    case value
    /// From the advantage: A.
    case advantage
    /// From the update back to the policy: the ratio.
    case ratio
  }

  /// Its name in the catalogue.
  public static let name = "rlhf"

  /// The words around the picture.
  public var caption: Caption
  /// What is small in each box: this run's facts.
  public var facts: [Part: [String]]
  /// The numbers on arrows.
  public var numbers: [Link: [Inline]]

  /// Creates the figure.
  public init(caption: Caption, facts: [Part: [String]], numbers: [Link: [Inline]]) {
    (self.caption, self.facts, self.numbers) = (caption, facts, numbers)
  }

  /// Lays the figure out.
  public func scene(in style: Style) -> Scene { FeedbackLoopLayout(self, in: style).scene() }
}

extension FeedbackLoop.Part {
  /// What the box is called.
  var title: String {
    switch self {
    case .supervised: "Language model"
    case .comparisons: "Comparisons"
    case .rewardModel: "Reward model"
    case .prompts: "Prompts"
    case .policy: "Policy π"
    case .samples: "Continuations"
    case .reference: "Frozen reference"
    case .scorer: "Reward model"
    case .reward: "Reward"
    case .advantage: "Advantage A"
    case .update: "Clipped update"
    }
  }

  /// The colour of the box.
  var role: DiagramBox.Role {
    switch self {
    case .supervised, .policy: .attention
    case .comparisons, .prompts, .samples: .embedding
    case .rewardModel, .scorer, .reward: .output
    case .reference: .norm
    case .advantage, .update: .feedForward
    }
  }
}
