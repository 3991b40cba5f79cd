internal import Files
internal import TensorFiles
internal import Tensors

/// What a run goes on from: parameters and the running means of their gradients, in one file, so
/// that they belong together.
extension Learner {
  /// The state as an archive.
  func state(metadata: [(key: String, value: String)]) -> Archive {
    let parameters = parameters.sorted { $0.key < $1.key }
    let means = optimizer.means.sorted { $0.key < $1.key }
    return Archive(
      parameters.map { ("parameter." + $0, .floats($1)) }
        + means.map { ("first." + $0, Archive.Content.floats($1.first)) }
        + means.map { ("second." + $0, Archive.Content.floats($1.second)) },
      metadata: metadata)
  }

  /// Takes up what `state` wrote.
  ///
  /// - Throws: `FileError` where it does not fit together.
  mutating func resume(_ file: SafeTensors, steps: Int) throws {
    var parts: [String: [String: Tensor]] = [:]
    for entry in file.entries {
      guard let dot = entry.name.firstIndex(of: "."), let tensor = try file.tensor(entry.name)
      else {
        throw FileError(.badData, file.path, "\(entry.name.visible) belongs to no training run")
      }
      let name = String(entry.name[entry.name.index(after: dot)...])
      // Copied: the file is replaced while the run goes on.
      parts[String(entry.name[..<dot]), default: [:]][name] =
        Tensor(tensor.numbers, shape: tensor.shape)
    }
    parameters = parts["parameter"] ?? [:]
    var means: [String: (first: Tensor, second: Tensor)] = [:]
    for (name, first) in parts["first"] ?? [:] {
      guard let second = parts["second"]?[name], second.shape == first.shape,
        parameters[name]?.shape == first.shape
      else {
        throw FileError(.badData, file.path, "the means of \(name.visible) do not fit together")
      }
      means[name] = (first, second)
    }
    optimizer.resume(steps: steps, means: means)
  }
}

extension Archive {
  /// Parameters as other programs read them.
  static func parameters(_ parameters: [String: Tensor]) -> Archive {
    Archive(
      parameters.sorted { $0.key < $1.key }.map { ($0, .floats($1)) },
      metadata: [("format", "pt")])
  }

  /// Writes a file that appears whole or not at all.
  func write(to path: String) throws {
    let file = try OutputFile(path)
    try writeSafeTensors { try file.write($0) }
    try file.commit()
  }
}
