public import Files

/// The losses of a run, step by step: what its learning curve shows.
public struct LearningLog: Sendable, Equatable {
  /// One step.
  public struct Step: Sendable, Equatable {
    /// Which, from 1.
    public var step: Int
    /// The mean of −ln p of the batch, in nats.
    public var loss: Double
    /// The learning rate.
    public var rate: Double
    /// The norm of the gradient before it was clipped.
    public var norm: Double
  }

  /// A look at what was kept aside.
  public struct Look: Sendable, Equatable {
    /// After which step.
    public var step: Int
    /// The mean of −ln p, in nats.
    public var loss: Double
  }

  /// Every step.
  public internal(set) var steps: [Step] = []
  /// Every look.
  public internal(set) var looks: [Look] = []

  init() {}

  /// The log as JSON: a list for each quantity.
  public func json(_ settings: TrainingSettings) -> JSON {
    [
      "settings": settings.json,
      "step": .array(steps.map { .integer($0.step) }),
      "loss": .array(steps.map { .number($0.loss) }),
      "learning_rate": .array(steps.map { .number($0.rate) }),
      "gradient_norm": .array(steps.map { .number($0.norm) }),
      "validation_step": .array(looks.map { .integer($0.step) }),
      "validation_loss": .array(looks.map { .number($0.loss) }),
    ]
  }

  /// Reads what `json` wrote, up to a step.
  init(_ json: JSON, until last: Int) {
    func numbers(_ key: String) -> [Double] { json[key]?.elements?.compactMap(\.number) ?? [] }
    let (loss, rate, norm) = (numbers("loss"), numbers("learning_rate"), numbers("gradient_norm"))
    for (index, step) in numbers("step").enumerated()
    where Int(step) <= last && index < min(loss.count, rate.count, norm.count) {
      steps.append(Step(step: Int(step), loss: loss[index], rate: rate[index], norm: norm[index]))
    }
    for (step, loss) in zip(numbers("validation_step"), numbers("validation_loss"))
    where Int(step) <= last {
      looks.append(Look(step: Int(step), loss: loss))
    }
  }
}
