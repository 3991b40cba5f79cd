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
  /// How long gradients were in the new model's blocks.
  public internal(set) var flow: GradientFlow?
  /// A text in which heads were watched.
  public internal(set) var watched: WatchedText?

  /// The name of the file in a model's folder.
  public static let fileName = "learning.json"

  init() {}

  /// Reads the log in a model's folder, with the settings of the run.
  ///
  /// - Throws: `FileError` when there is none, or it is broken.
  public static func read(
    _ folder: InputFolder
  ) throws -> (log: LearningLog, settings: TrainingSettings) {
    let json = try folder.json(fileName, limit: 1 << 28)
    let log = LearningLog(json, until: .max)
    guard !log.steps.isEmpty else {
      throw FileError(.badData, folder.path(of: fileName), "holds no step of a training run")
    }
    return (log, TrainingSettings(json["settings"] ?? [:]))
  }

  /// The log as JSON: a list for each quantity.
  public func json(_ settings: TrainingSettings) -> JSON {
    let numbers: JSON = [
      "settings": settings.json,
      "step": .array(steps.map { .integer($0.step) }),
      "loss": .array(steps.map { .number($0.loss) }),
      "learning_rate": .array(steps.map { .number($0.rate) }),
      "gradient_norm": .array(steps.map { .number($0.norm) }),
      "validation_step": .array(looks.map { .integer($0.step) }),
      "validation_loss": .array(looks.map { .number($0.loss) }),
    ]
    return .object(
      (numbers.members ?? []) + (flow.map { [JSON.Member("new_model", $0.json)] } ?? [])
        + (watched.map { [JSON.Member("watched", $0.json)] } ?? []))
  }

  /// Reads what `json` wrote, up to a step.
  init(_ json: JSON, until last: Int) {
    func numbers(_ key: String) -> [Double] { json[key]?.elements?.compactMap(\.number) ?? [] }
    let (loss, rate, norm) = (numbers("loss"), numbers("learning_rate"), numbers("gradient_norm"))
    let count = min(loss.count, rate.count, norm.count)
    for (index, number) in numbers("step").prefix(count).enumerated() {
      guard let step = Int(exactly: number), step <= last else { continue }
      steps.append(Step(step: step, loss: loss[index], rate: rate[index], norm: norm[index]))
    }
    for (number, loss) in zip(numbers("validation_step"), numbers("validation_loss")) {
      guard let step = Int(exactly: number), step <= last else { continue }
      looks.append(Look(step: step, loss: loss))
    }
    flow = json["new_model"].flatMap(GradientFlow.init)
    watched = json["watched"].flatMap { WatchedText($0, until: last) }
  }
}
