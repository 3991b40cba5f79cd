public import Files
internal import Synchronization
internal import TensorFiles
package import Tensors
public import Tokenization
public import Transformers

/// A model to begin with: everything that a new folder needs, with its parameters in memory, so that
/// they can be trained.
public struct StartingModel: Sendable {
  /// Its name.
  public let name: String
  /// Its shape.
  package let blueprint: Blueprint
  /// Its parameters, by their name in a checkpoint.
  package var parameters: [String: Tensor]
  /// Its tokenizer.
  public let tokenizer: Tokenizer
  /// The tokens that end a text.
  public let ends: Set<Int>
  private let config: JSON
  private let tokenizerFile: JSON

  /// Takes the parameters of a decoder that was read.
  ///
  /// - Throws: `FileError` or `ModelError` for a model that cannot be optimised: it is no decoder,
  ///   or is not laid out as a folder with a `tokenizer.json`.
  public init(_ model: Model) throws {
    guard model.configuration.kind == .decoder else {
      throw ModelError(
        .badModel,
        "\(model.name) writes no continuations; name a decoder with --model, for instance tiny-gpt"
      )
    }
    guard model.files.contains("config.json"), model.files.contains("tokenizer.json") else {
      throw ModelError(
        .badModel,
        "\(model.name) is no folder with config.json and tokenizer.json; its copy cannot be written"
      )
    }
    name = model.name
    config = try model.files.json("config.json", limit: 10_000_000)
    tokenizerFile = try model.files.json("tokenizer.json", limit: 100_000_000)
    blueprint = try Blueprint(config, path: model.files.path(of: "config.json"))
    tokenizer = model.tokenizer
    ends = model.endTokens
    let reader = NotedParameters(model.checkpoint)
    _ = try blueprint.transformer(of: reader)
    parameters = reader.tensors
  }

  /// Its shape.
  public var configuration: Configuration { blueprint.shape }

  /// The model.
  ///
  /// - Throws: `FileError` where a parameter is missing.
  package func transformer() throws -> Transformer {
    try blueprint.transformer(of: StoredParameters(tensors: parameters))
  }

  /// What every text begins with: what the tokenizer puts before it, else the end of another text.
  package var beginning: [Int] {
    let own = (try? tokenizer.encode("").ids) ?? []
    return own.isEmpty ? [ends.min() ?? 0] : own.filter { !ends.contains($0) || own.count == 1 }
  }

  /// Writes a folder that every command reads as a model.
  ///
  /// - Throws: `FileError` for what cannot be written.
  package func write(to folder: String) throws {
    try createFolder(folder)
    try writeFile(folder + "/config.json", config.text(indented: true) + "\n")
    try writeFile(folder + "/tokenizer.json", tokenizerFile.text() + "\n")
    let end: JSON = ["eos_token_id": .array(ends.sorted().map(JSON.integer))]
    try writeFile(folder + "/generation_config.json", end.text(indented: true) + "\n")
    try Archive.parameters(parameters).write(to: folder + "/model.safetensors")
  }
}

/// Notes which parameters a model asks for, and hands them out as numbers in memory.
private final class NotedParameters: ParameterFile {
  private let file: any ParameterFile
  private let noted = Mutex<[String: Tensor]>([:])

  init(_ file: any ParameterFile) { self.file = file }

  var path: String { file.path }
  var tensors: [String: Tensor] { noted.withLock { $0 } }

  func contains(_ name: String) -> Bool { file.contains(name) }

  func tensor(_ name: String) throws -> Tensor? {
    if let tensor = noted.withLock({ $0[name] }) { return tensor }
    guard let stored = try file.tensor(name) else { return nil }
    // Copied, because the file may be replaced by what is learned.
    let tensor = Tensor(stored.numbers, shape: stored.shape)
    noted.withLock { $0[name] = tensor }
    return tensor
  }

  /// There is no other way than `tensor`.
  func rows(_ name: String) -> PackedRows? { nil }
}
