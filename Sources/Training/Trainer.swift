public import Files
internal import TensorFiles
internal import Tensors
internal import Tokenization
public import Transformers

/// A training run: it steps, looks at what is kept aside, and saves itself so that it goes on
/// exactly where it was.
public struct Trainer: Sendable {
  /// How the model is trained.
  public var settings: TrainingSettings
  /// The losses so far.
  public private(set) var log = LearningLog()
  private var learner: Learner
  private let batches: Batches
  /// The `config.json` of the model.
  private let config: JSON
  private let tokenizer: JSON
  private let endToken: Int?

  /// Tokens that the model read since the run began or was taken up.
  public private(set) var tokens = 0

  /// Steps that were made.
  public var step: Int { learner.optimizer.steps }

  /// How many numbers the model learns.
  public var parameterCount: Int { learner.parameters.values.reduce(0) { $0 + $1.count } }

  /// Begins a run with a new model.
  ///
  /// - Parameters:
  ///   - config: Its `config.json`.
  ///   - tokenizer: Its `tokenizer.json`.
  ///   - endToken: The token that ends a text.
  ///   - batches: What it learns from.
  ///   - settings: How the model is trained.
  /// - Throws: `FileError` where the configuration is wrong or not understood.
  public init(
    _ config: JSON, tokenizer: JSON, endToken: Int?, _ batches: Batches,
    _ settings: TrainingSettings
  ) throws {
    let blueprint = try Blueprint(config, path: "config.json")
    let deviation = (config["initializer_range"] ?? config["init_std"])?.number ?? 0.02
    let parameters = try Learner.newParameters(
      blueprint, deviation: deviation, seed: UInt64(bitPattern: Int64(settings.seed)))
    self.init(blueprint, parameters, config, tokenizer, endToken, batches, settings)
  }

  private init(
    _ blueprint: Blueprint, _ parameters: [String: Tensor], _ config: JSON, _ tokenizer: JSON,
    _ endToken: Int?, _ batches: Batches, _ settings: TrainingSettings
  ) {
    var optimizer = Optimizer()
    optimizer.decay = settings.decay
    optimizer.clip = settings.clip > 0 ? settings.clip : nil
    learner = Learner(blueprint, parameters: parameters, optimizer: optimizer)
    learner.dropout = Float(settings.dropout)
    learner.seed = UInt64(bitPattern: Int64(settings.seed))
    self.settings = settings
    self.batches = batches
    self.config = config
    self.tokenizer = tokenizer
    self.endToken = endToken
  }

  /// Looks at the new model before its first step: how long gradients are in every block, and where
  /// heads look in a text that is watched from now on.
  ///
  /// - Throws: `ModelError` for a text that the model does not take.
  public mutating func begin(watching text: WatchedText? = nil) throws {
    log.flow = try GradientFlow(
      of: learner, batches.batch(step: step, count: settings.batch))
    log.watched = try text?.looked(at: learner, after: step)
  }

  /// One step.
  ///
  /// - Throws: `ModelError` when the loss is no number any more.
  public mutating func learn() throws {
    let rate = LearningRate(
      peak: settings.rate, warmup: settings.warmup, steps: settings.steps)[step]
    let batch = batches.batch(step: step, count: settings.batch)
    let outcome = try learner.learn(batch, rate: rate)
    tokens += batch.reduce(0) { $0 + $1.tokens.count + $1.source.count }
    log.steps.append(.init(step: step, loss: outcome.loss, rate: rate, norm: outcome.norm))
    if WatchedText.steps(of: settings.steps).contains(step) {
      log.watched = try log.watched?.looked(at: learner, after: step)
    }
  }

  /// Notes the loss of what is kept aside, where something is.
  public mutating func look() throws {
    let kept = batches.kept(most: 64)
    guard !kept.isEmpty else { return }
    log.looks.append(.init(step: step, loss: try learner.loss(of: kept)))
  }

  // MARK: folders

  private static let state = "training.safetensors"

  /// Writes the model's folder, so that every other command reads it, and what a run needs to go on.
  ///
  /// Each file appears whole or not at all, and everything that a run goes on from is in one of
  /// them, so a run that is killed at any time can be taken up.
  ///
  /// - Throws: `FileError` for what cannot be written.
  public func save(to folder: String) throws {
    try createFolder(folder)
    try writeFile(folder + "/config.json", config.text(indented: true) + "\n")
    try writeFile(folder + "/tokenizer.json", tokenizer.text() + "\n")
    let generation: JSON = ["eos_token_id": endToken.map(JSON.integer) ?? .null]
    try writeFile(folder + "/generation_config.json", generation.text(indented: true) + "\n")
    try writeFile(
      folder + "/" + LearningLog.fileName, log.json(settings).text(indented: true) + "\n")
    try learner.state(
      metadata: [
        ("step", String(step)), ("settings", settings.json.text()),
        ("corpus", String(batches.digest)),
      ]
    ).write(to: folder + "/" + Self.state)
    try Archive.parameters(learner.parameters).write(to: folder + "/model.safetensors")
  }

  /// Whether a folder holds a run that can go on.
  public static func canResume(_ folder: String) -> Bool { fileExists(folder + "/" + state) }

  /// The settings of the run in a folder.
  ///
  /// - Throws: `FileError` when there is none.
  public static func settings(of folder: String) throws -> TrainingSettings {
    let path = folder + "/" + state
    guard let text = try SafeTensors(path).metadata.first(where: { $0.key == "settings" }) else {
      throw FileError(.badData, path, "says nothing of its settings; it is no training run")
    }
    return TrainingSettings(try JSON(parsing: [UInt8](text.value.utf8), path: path))
  }

  /// Takes up the run of a folder.
  ///
  /// - Throws: `FileError` when there is none, or it is broken.
  public init(
    resuming folder: String, endToken: Int?, _ batches: Batches, _ settings: TrainingSettings
  ) throws {
    func json(_ name: String) throws -> JSON {
      try JSON(
        parsing: try readFile(folder + "/" + name, limit: 100_000_000), path: folder + "/" + name)
    }
    let path = folder + "/" + Self.state
    let file = try SafeTensors(path)
    guard let step = file.metadata.first(where: { $0.key == "step" }).flatMap({ Int($0.value) })
    else { throw FileError(.badData, path, "says no step; it is no training run") }
    guard file.metadata.contains(where: { $0 == ("corpus", String(batches.digest)) }) else {
      throw FileError(
        .badData, path, "the run learned from another text; give the one it began with")
    }
    let config = try json("config.json")
    self.init(
      try Blueprint(config, path: folder + "/config.json"), [:], config,
      try json("tokenizer.json"), endToken, batches, settings)
    try learner.resume(file, steps: step)
    log = LearningLog(try json(LearningLog.fileName), until: step)
  }
}
