import Files

/// How a family's checkpoints map onto the one transformer: config keys and tensor names.
struct Family: Sendable {
  /// The `model_type` values.
  let types: [String]
  /// Reads the family's keys of a `config.json`.
  let configuration: @Sendable (inout ConfigurationReader) throws -> Configuration
  /// Keys of this family that change no number.
  var harmless: Set<String> = []
  /// Where the parameters are.
  let names: Names
  /// How GGUF files of this family differ, when they are read.
  var gguf: GGUFLayout?

  /// Every family the engine knows.
  static let all: [Family] = [
    .bert, .distilBERT, .roberta, .albert, .electra, .mpnet, .modernBERT, .debertaV2, .gpt2,
    .gptNeo, .gptNeoX,
    .opt, .llama, .mistral, .qwen2, .qwen3, .gemma, .gemma2, .gemma3, .phi, .phi3, .olmo2,
    .vaswani, .t5, .bart, .marian,
  ]

  /// The family of a `config.json`.
  static func of(_ config: JSON, path: String) throws -> Family {
    let known = all.flatMap(\.types).sorted().joined(separator: ", ")
    guard let type = config["model_type"]?.string else {
      throw FileError(.badData, path, "\"model_type\" is missing; known: \(known)")
    }
    guard let family = all.first(where: { $0.types.contains(type) }) else {
      throw FileError(
        .badData, path, "the model type \"\(type.visible)\" is not supported; known: \(known)")
    }
    return family
  }
}

extension Configuration {
  /// Reads the shape of a model from the `config.json` of its folder.
  ///
  /// - Throws: `FileError` for what is missing, wrong, or not understood.
  public init(folder: String) throws {
    self = try Model.configuration(InputFolder(folder)).shape
  }
}
