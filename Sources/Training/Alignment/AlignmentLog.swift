public import Files

/// Everything that a run of policy optimisation is to be remembered by.
public struct AlignmentLog: Sendable, Equatable {
  /// The model's name.
  public var model = ""
  /// The rule behind the preferences, where there is one.
  public var rule: PreferenceRule?
  /// The reward model's evaluation, where there is a reward model.
  public var reward: RewardEvaluation?
  /// Every iteration.
  public internal(set) var iterations: [AlignmentIteration] = []
  /// The policy measured with prompts that were kept aside, before, during and after: numbered by
  /// the iterations that were made.
  public internal(set) var evaluations: [AlignmentIteration] = []
  /// The fixed prompts before, during and after.
  public internal(set) var samples: [AlignmentSamples] = []
  /// One of the prompts before and after.
  public internal(set) var look: AlignmentLook?
  /// Why the run stopped before its last iteration.
  public internal(set) var stopped: String?
  /// How long each iteration took: the one thing here that is not the same in every run.
  public internal(set) var seconds: [Double] = []

  /// The name of the file in a run's folder.
  public static let fileName = "alignment.json"
  static let schema = "attnviz.alignment/1"

  init() {}

  /// Reads the log in a run's folder, with the settings of the run.
  ///
  /// - Throws: `FileError` when there is none, or it is broken.
  public static func read(
    _ folder: InputFolder
  ) throws -> (log: AlignmentLog, settings: AlignmentSettings) {
    let path = folder.path(of: fileName)
    let json = try folder.json(fileName, limit: 1 << 28)
    guard json["schema"]?.string == schema else {
      throw FileError(.badData, path, "is no log of an alignment; its schema is not \(schema)")
    }
    let log = AlignmentLog(json, until: .max)
    guard log.iterations.count == json["iterations"]?.elements?.count else {
      throw FileError(.badData, path, "an iteration lacks a number")
    }
    return (log, AlignmentSettings(json["settings"] ?? [:]))
  }

  /// The log as JSON.
  public func json(_ settings: AlignmentSettings) -> JSON {
    [
      "schema": .string(Self.schema), "model": .string(model),
      "rule": rule.map { .string($0.rawValue) } ?? .null, "kl_estimator": "k1",
      "settings": settings.json, "reward_model": reward?.json ?? .null,
      "iterations": .array(iterations.map(\.json)),
      "evaluations": .array(evaluations.map(\.json)), "samples": .array(samples.map(\.json)),
      "look": look?.json ?? .null, "stopped": stopped.map(JSON.string) ?? .null,
      "seconds": .array(seconds.map(JSON.number)),
    ]
  }

  /// Reads what `json` wrote, up to an iteration.
  init(_ json: JSON, until last: Int) {
    model = json["model"]?.string ?? ""
    rule = json["rule"]?.string.flatMap(PreferenceRule.init)
    reward = json["reward_model"].flatMap(RewardEvaluation.init)
    iterations = (json["iterations"]?.elements ?? []).compactMap(AlignmentIteration.init)
      .filter { $0.iteration <= last }
    evaluations = (json["evaluations"]?.elements ?? []).compactMap(AlignmentIteration.init)
      .filter { $0.iteration <= last }
    samples = (json["samples"]?.elements ?? []).compactMap(AlignmentSamples.init)
      .filter { $0.iteration <= last }
    look = json["look"].flatMap(AlignmentLook.init)
    stopped = json["stopped"]?.string
    seconds = Array(
      (json["seconds"]?.elements ?? []).compactMap(\.number).prefix(iterations.count))
  }
}
