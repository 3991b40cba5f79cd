public import Files
public import TensorFiles
public import Tokenization

/// A model that is ready to run: transformer, tokenizer, and where they come from.
public struct Model: Sendable {
  /// The name people know it by.
  public let name: String
  /// The folder, or the GGUF file, it was read from.
  public var folder: String { files.path }
  /// Its files, where it is not a GGUF file.
  public let files: InputFolder
  /// The transformer.
  public let transformer: Transformer
  /// The tokenizer of what the model reads.
  public let tokenizer: Tokenizer
  /// The tokenizer of what it writes: another one only in an encoder–decoder whose folder has a
  /// `target_tokenizer.json`.
  public let targetTokenizer: Tokenizer
  /// The tokens that end a text, by `generation_config.json`, else `config.json`; or by the GGUF
  /// file.
  public let endTokens: Set<Int>
  /// The parameters' file.
  public let checkpoint: any ParameterFile
  /// The Jinja template that turns a conversation into a text, when there is one.
  public let chatTemplate: String?

  /// The transformer's shape.
  public var configuration: Configuration { transformer.configuration }

  /// Reads a folder as Hugging Face lays it out: `config.json`, the parameters (see `Checkpoint`)
  /// and the tokenizer's files.
  ///
  /// - Throws: `FileError` that names the file and the fact.
  public init(folder: String, name: String) throws {
    try self.init(InputFolder(folder), name: name)
  }

  /// Reads the files of a folder, on the disk or in the program.
  ///
  /// - Throws: `FileError` that names the file and the fact.
  public init(_ files: InputFolder, name: String) throws {
    let configuration = try Self.configuration(files)
    checkpoint = try Checkpoint.open(files)
    transformer = try Transformer(
      configuration.shape,
      from: Parameters(
        checkpoint: checkpoint, names: configuration.family.names, shape: configuration.shape))
    tokenizer = try Tokenizer.load(files)
    targetTokenizer =
      configuration.shape.encoder == nil
      ? tokenizer : try Tokenizer.loadTarget(files) ?? tokenizer
    endTokens = try Self.endTokens(files)
    chatTemplate = try Self.chatTemplate(files)
    self.name = name
    self.files = files
  }

  /// Reads a GGUF file: everything is in it. Quantised parameters stay as they are.
  ///
  /// - Throws: `FileError` that names the file and the fact.
  public init(gguf path: String, name: String) throws {
    let file = try GGUF(path)
    let (_, layout, shape) = try GGUFLayout.read(file)
    checkpoint = file
    transformer = try Transformer(
      shape,
      from: Parameters(checkpoint: file, names: layout.names, shape: shape))
    tokenizer = try file.tokenizer()
    targetTokenizer = tokenizer
    endTokens = try file.endTokens()
    chatTemplate = file["tokenizer.chat_template"]?.string
    self.name = name
    files = InputFolder(path)
  }

  /// Reads a model where the store, the hub cache or the user has it.
  ///
  /// - Throws: `FileError` that names the file and the fact.
  public init(_ location: ModelLocation) throws {
    if location.isGGUF {
      try self.init(gguf: location.path, name: location.name)
    } else {
      try self.init(location.input, name: location.name)
    }
  }

  /// The shape of a model; its parameters are not read.
  ///
  /// - Throws: `FileError` that names the file and the fact.
  public static func shape(of location: ModelLocation) throws -> Configuration {
    location.isGGUF
      ? try GGUFLayout.read(GGUF(location.path)).2 : try configuration(location.input).shape
  }

  private static func endTokens(_ files: InputFolder) throws -> Set<Int> {
    for name in ["generation_config.json", "config.json"] where files.contains(name) {
      guard let end = try files.json(name, limit: 10_000_000)["eos_token_id"], !end.isNull else {
        continue
      }
      return Set((end.elements ?? [end]).compactMap(\.integer))
    }
    return []
  }

  /// Reads and checks a folder's `config.json`.
  static func configuration(
    _ files: InputFolder
  ) throws -> (family: Family, shape: Configuration) {
    let name = "config.json"
    return try configuration(
      files.json(name, limit: 10_000_000), path: files.path(of: name))
  }

  /// Reads and checks what a `config.json` says.
  static func configuration(
    _ json: JSON, path: String
  ) throws -> (family: Family, shape: Configuration) {
    let family = try Family.of(json, path: path)
    var reader = try ConfigurationReader(json, path: path)
    try reader.require("quantization_config", .null)
    try reader.require("pruned_heads", .object([]))
    try reader.require("is_decoder", false)
    try reader.require("add_cross_attention", false)
    let shape = try family.configuration(&reader)
    try reader.require("is_encoder_decoder", .bool(shape.encoder != nil))
    try reader.finish(harmless: family.harmless)
    guard shape.maximumTokens > 0 else {
      throw FileError(.badData, path, "the model has no room for a token")
    }
    return (family, shape)
  }
}
