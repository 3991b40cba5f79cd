public import Files
internal import Transformers

/// What several runs of `attnviz align` left behind: their logs, and what the reward model was
/// evaluated with.
public struct AlignmentRuns: Sendable, Equatable {
  /// A run.
  public struct Run: Sendable, Equatable {
    /// The name of its folder.
    public var name: String
    /// What happened.
    public var log: AlignmentLog
    /// How it was to be.
    public var settings: AlignmentSettings

    /// Creates a run.
    public init(_ name: String, _ log: AlignmentLog, _ settings: AlignmentSettings) {
      (self.name, self.log, self.settings) = (name, log, settings)
    }
  }

  /// The runs, by their names; none where there is a reward model only.
  public var runs: [Run] = []
  /// The model that all began with.
  public var model = ""
  /// The rule behind the preferences, where there is one.
  public var rule: PreferenceRule?
  /// The reward model's evaluation, where there is one.
  public var reward: RewardEvaluation?
  /// What messages call it.
  public private(set) var path: String

  static let schema = "attnviz.alignments/1"

  /// Reads a log, the evaluation of a reward model, a file of several runs, or a folder that holds
  /// one of these or has folders of runs in it.
  ///
  /// - Throws: `FileError` when there is none, or it is broken.
  public init(_ path: String) throws {
    self.path = path
    if isFolder(path) {
      try addFolder(path, name: String(path.split(separator: "/").last ?? ""))
      for name in try namesInFolder(path).sorted() where isFolder(path + "/" + name) {
        try addFolder(path + "/" + name, name: name)
      }
      guard !runs.isEmpty || reward != nil else {
        throw FileError(
          .notFound, path,
          "holds no \(AlignmentLog.fileName) and no \(RewardModel.fileName); attnviz align writes them"
        )
      }
    } else {
      try add(try JSON(parsing: try readFile(path, limit: 1 << 28), path: path), name: "run", path)
    }
  }

  private func isFolder(_ path: String) -> Bool { (try? namesInFolder(path)) != nil }

  private mutating func addFolder(_ folder: String, name: String) throws {
    for file in [RewardModel.fileName, AlignmentLog.fileName] {
      let path = folder + "/" + file
      guard fileExists(path) else { continue }
      try add(JSON(parsing: try readFile(path, limit: 1 << 28), path: path), name: name, path)
    }
  }

  private mutating func add(_ json: JSON, name: String, _ path: String) throws {
    switch json["schema"]?.string {
    case AlignmentLog.schema:
      let log = AlignmentLog(json, until: .max)
      guard log.iterations.count == json["iterations"]?.elements?.count else {
        throw FileError(.badData, path, "an iteration lacks a number")
      }
      runs.append(Run(name, log, AlignmentSettings(json["settings"] ?? [:])))
      take(log.model, log.rule, log.reward)
    case RewardModel.schema:
      guard let evaluation = json["evaluation"].flatMap(RewardEvaluation.init) else {
        throw FileError(.badData, path, "is no evaluation of a reward model")
      }
      take(
        json["model"]?.string ?? "", json["rule"]?.string.flatMap(PreferenceRule.init), evaluation)
    case Self.schema:
      if let reward = json["reward"], reward != .null { try add(reward, name: "", path) }
      for run in json["runs"]?.elements ?? [] {
        guard let name = run["name"]?.string, let log = run["log"] else {
          throw FileError(.badData, path, "a run lacks its name or its log")
        }
        try add(log, name: name, path)
      }
    default:
      throw FileError(
        .badData, path, "is no log of an alignment; its schema is none that attnviz align writes")
    }
  }

  private mutating func take(
    _ model: String, _ rule: PreferenceRule?, _ reward: RewardEvaluation?
  ) {
    if self.model.isEmpty { self.model = model }
    self.rule = self.rule ?? rule
    // One that keeps the scores of its pairs says more.
    if self.reward?.scores.isEmpty ?? true, let reward { self.reward = reward }
  }

  /// All of it as one object, the times of the iterations left out: they are the one thing that is
  /// not the same in every run.
  public var json: JSON {
    let reward: JSON? = self.reward.map {
      [
        "schema": .string(RewardModel.schema), "model": .string(model),
        "rule": rule.map { .string($0.rawValue) } ?? .null, "evaluation": $0.json,
      ]
    }
    let runs: [JSON] = self.runs.map { run in
      var log = run.log
      log.seconds = []
      // The evaluation is said once.
      if log.reward == self.reward { log.reward = nil }
      return ["name": .string(run.name), "log": log.json(run.settings)]
    }
    return [
      "schema": .string(Self.schema), "reward": reward ?? .null, "runs": .array(runs),
    ]
  }

  /// The SHA-256 of `json`: the same for a folder and for the file that was made of it.
  public var digest: String { sha256(of: Array(json.text().utf8)) }

  /// The run of a name; without one the first by proximal policy optimisation that has a penalty,
  /// else the first by it.
  ///
  /// - Throws: `FileError` where there is none.
  public func run(_ name: String?) throws -> Run {
    let all = runs.filter { $0.settings.method == .ppo && !$0.log.iterations.isEmpty }
    if let name {
      guard let run = runs.first(where: { $0.name == name }) else {
        throw FileError(
          .notFound, path,
          "has no run \(name.visible); it has " + runs.map(\.name.visible).joined(separator: ", "))
      }
      guard all.contains(run) else {
        throw FileError(.badData, path, "the run \(name.visible) made no iteration of ppo")
      }
      return run
    }
    guard let run = all.first(where: { $0.settings.kl > 0 }) ?? all.first else {
      throw FileError(.badData, path, "holds no run of ppo; attnviz align policy makes one")
    }
    return run
  }
}
