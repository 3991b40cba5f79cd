public import Files
internal import TensorFiles
public import Tokenization

/// Where a model is.
public struct ModelLocation: Sendable, Equatable {
  /// What to call it: the stored name, `ORG/NAME`, or the last part of the path.
  public var name: String
  /// The folder with `config.json`, or the GGUF file.
  public var path: String
  /// What the store knows about it, when it is a stored model.
  public var manifest: ModelManifest?
  /// The model, when it is a part of the program.
  let embedded: EmbeddedModel?

  /// Whether this is a GGUF file.
  public var isGGUF: Bool { path.hasSuffix(".gguf") }

  /// The folder the model's files are in.
  public var folder: String {
    isGGUF ? path.split(at: "/").folder : path
  }

  /// Whether it is a part of the program.
  public var isEmbedded: Bool { embedded != nil }

  /// The files.
  public var input: InputFolder { embedded?.folder ?? InputFolder(folder) }

  /// The bytes of all files that make the model, as far as the store knows them.
  public var size: Int { manifest?.size ?? (try? embedded?.size) ?? 0 }

  /// Where it came from, in words.
  public var source: String? { isEmbedded ? "in the program" : manifest?.source.description }

  /// The licence, as far as the store or the model's card states it.
  public var licence: String? {
    manifest?.licence ?? (isEmbedded ? ModelFiles.licence(inCardOf: input) : nil)
  }

  /// Whether both are the same model at the same place.
  public static func == (a: ModelLocation, b: ModelLocation) -> Bool {
    (a.name, a.path, a.manifest) == (b.name, b.path, b.manifest)
  }

  /// The names of the files in the folder that make the model.
  ///
  /// - Throws: `FileError` when the folder cannot be read.
  public func files() throws -> [String] {
    if isGGUF { return [path.split(at: "/").name] }
    let names = try input.names()
    let parameters = ModelFiles.parameters(among: names)
    return names.filter {
      parameters.contains($0) || (ModelFiles.isNeeded($0) && !ModelFiles.isParameters($0))
    }
  }

  /// The names of the files that hold the parameters: one, or the shards.
  ///
  /// - Throws: `FileError` when the folder cannot be read.
  public func parameterFiles() throws -> [String] {
    ModelFiles.parameters(among: try files())
  }

  /// Reads the model's tokenizer and nothing else.
  ///
  /// - Throws: `FileError` when there is none or it is broken.
  public func tokenizer() throws -> Tokenizer {
    isGGUF ? try GGUF(path).tokenizer() : try Tokenizer.load(input)
  }

  /// A model that is a part of the program.
  init(_ model: EmbeddedModel) {
    (name, path, embedded) = (model.name, model.folder.path, model)
  }

  /// A model in a folder or file of the user.
  ///
  /// - Throws: `FileError` of kind `badData` when nothing there is a model.
  init(at path: String, name: String? = nil, manifest: ModelManifest? = nil) throws {
    self.path = path
    self.name = name ?? absolutePath(path).split(at: "/").name
    self.manifest = manifest
    embedded = nil
    if fileExists(path) {
      guard !path.hasSuffix(".onnx") else { throw Self.onnx(path) }
      guard isGGUF else {
        throw FileError(
          .badData, path.visible,
          "a model is a folder with config.json and model.safetensors, or a .gguf file")
      }
    } else if !fileExists(path + "/config.json") {
      let names = ModelFiles.parameters(among: try namesInFolder(path))
        .filter { $0.hasSuffix(".gguf") }
      guard names.count == 1 else {
        let onnx = try namesInFolder(path).first { $0.hasSuffix(".onnx") }
        if let onnx, names.isEmpty { throw Self.onnx(path + "/" + onnx) }
        throw FileError(
          .badData, path.visible,
          names.isEmpty
            ? "no model in this folder: neither config.json nor a .gguf file"
            : "several .gguf files in this folder; name one of them")
      }
      self.path = path + "/" + names[0]
    }
  }
}

extension ModelLocation {
  /// ONNX files hold a graph of operations without the layers and heads that are shown here.
  private static func onnx(_ path: String) -> FileError {
    FileError(
      .badData, path.visible,
      "ONNX is not read; use the model it was exported from: config.json and model.safetensors, as "
        + "save_pretrained writes them")
  }
}

extension String {
  /// What stands before and after the last separator.
  fileprivate func split(at separator: Character) -> (folder: String, name: String) {
    guard let place = lastIndex(of: separator) else { return (".", self) }
    return (String(self[..<place]), String(self[index(after: place)...]))
  }
}
