public import Files
internal import TensorFiles
internal import Tensors

extension PolicyTrainer {
  private static let state = "alignment.safetensors"
  /// More steps than any run makes.
  private static let mostSteps = 100_000_000

  /// Writes the policy's folder, so that every other command reads it as a model, the log, and
  /// what the run needs to go on.
  ///
  /// Each file appears whole or not at all, and everything that a run goes on from is in one of
  /// them, so a run that is killed at any time can be taken up.
  ///
  /// - Throws: `FileError` for what cannot be written.
  public func save(to folder: String) throws {
    try writeResult(to: folder)
    try learner.state(
      metadata: [
        ("iteration", String(iteration)), ("step", String(learner.optimizer.steps)),
        ("settings", settings.json.text()), ("material", String(material.digest)),
      ]
    ).write(to: folder + "/" + Self.state)
  }

  /// Writes the policy and the log only: the run cannot go on from these.
  ///
  /// - Throws: `FileError` for what cannot be written.
  public func writeResult(to folder: String) throws {
    var policy = material.start
    policy.parameters = learner.parameters.filter { !ScalarHead.value.names.contains($0.key) }
    try policy.write(to: folder)
    try writeFile(
      folder + "/" + AlignmentLog.fileName, log.json(settings).text(indented: true) + "\n")
  }

  /// Whether a folder holds a run that can go on.
  public static func canResume(_ folder: String) -> Bool { fileExists(folder + "/" + state) }

  /// The settings of the run in a folder.
  ///
  /// - Throws: `FileError` when there is none.
  public static func settings(of folder: String) throws -> AlignmentSettings {
    let path = folder + "/" + state
    let text = try SafeTensors(path).metadata.first { $0.key == "settings" }?.value ?? ""
    guard !text.isEmpty else {
      throw FileError(.badData, path, "says nothing of its settings; it is no run of an alignment")
    }
    return AlignmentSettings(try JSON(parsing: [UInt8](text.utf8), path: path))
  }

  /// Takes up the run of a folder.
  ///
  /// - Throws: `FileError` when there is none, it is broken, or it learned from something else.
  public init(
    resuming folder: String, _ material: PolicyMaterial, _ settings: AlignmentSettings
  ) throws {
    let path = folder + "/" + Self.state
    let file = try SafeTensors(path)
    func number(_ key: String) throws -> Int {
      let value = file.metadata.first { $0.key == key }?.value
      guard let number = value.flatMap({ Int($0) }), (0...Self.mostSteps).contains(number) else {
        throw FileError(.badData, path, "says no \(key); it is no run of an alignment")
      }
      return number
    }
    try self.init(material, settings)
    guard file.metadata.contains(where: { $0 == ("material", String(material.digest)) }) else {
      throw FileError(
        .badData, path, "the run has another model, reward, prompts or pairs; give those of before")
    }
    let shapes = learner.parameters.mapValues(\.shape)
    try learner.resume(file, steps: try number("step"))
    guard learner.parameters.mapValues(\.shape) == shapes else {
      throw FileError(.badData, path, "its parameters are not those of the model")
    }
    let iteration = try number("iteration")
    let logPath = folder + "/" + AlignmentLog.fileName
    let json = try JSON(parsing: try readFile(logPath, limit: 1 << 28), path: logPath)
    log = AlignmentLog(json, until: iteration)
    guard log.iterations.map(\.iteration) == Array(1..<iteration + 1) else {
      throw FileError(.badData, logPath, "lacks an iteration of the run")
    }
    if iteration < settings.iterations, log.stopped == nil { log.look = nil }
  }
}
