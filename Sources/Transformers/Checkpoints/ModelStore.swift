#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif
internal import Files

/// The models a user has added, and the way from what they write to a model's files.
///
/// Each model is a folder `models/NAME` in the user's data folder with the model's files and a
/// manifest; it appears whole or not at all.
public struct ModelStore: Sendable {
  private let root: Result<String, any Error>
  let digests: DigestCache
  let client: PackageClient
  private let parts: [EmbeddedModel]

  /// The user's store.
  public init() {
    root = Result { try UserFolders.data() }
    digests = DigestCache(folder: (try? UserFolders.cache()).map { $0 + "/sha256" })
    client = PackageClient()
    parts = EmbeddedModel.all
  }

  /// A store in a folder of its own.
  package init(
    folder: String, cache: String?, client: PackageClient = PackageClient(),
    embedded: [EmbeddedModel] = []
  ) {
    root = .success(folder)
    digests = DigestCache(folder: cache.map { $0 + "/sha256" })
    self.client = client
    parts = embedded
  }

  /// The folder that holds a folder for every model.
  public var folder: String {
    get throws { try root.get() + "/models" }
  }

  /// Whether a text can name a stored model: letters, digits, "_", "-" and ".", at most 64, the
  /// first a letter or digit.
  public static func isName(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count) && text.utf8.allSatisfy(\.isWordByte)
      && text.first.map { $0.isLetter || $0.isNumber } == true
  }

  /// The stored models, sorted by name.
  ///
  /// - Throws: `FileError` when the folder cannot be read; a folder that is not there has none.
  public func models() throws -> [ModelLocation] {
    guard folderExists(try folder) else { return [] }
    return try namesInFolder(try folder).compactMap(stored)
  }

  /// The stored model of this name.
  public func stored(_ name: String) -> ModelLocation? {
    guard Self.isName(name), let path = try? folder + "/" + name,
      let manifest = try? ModelManifest(folder: path)
    else { return nil }
    return try? ModelLocation(at: path, name: name, manifest: manifest)
  }

  /// The models that are a part of the program; a stored one of the same name goes before them.
  public var embedded: [ModelLocation] { parts.map(ModelLocation.init) }

  /// The names of all of them, each once.
  public var names: [String] {
    let stored = ((try? models()) ?? []).map(\.name)
    return stored + embedded.map(\.name).filter { !stored.contains($0) }
  }

  /// The model of this name: a stored one, else one that is a part of the program.
  public func named(_ name: String) -> ModelLocation? {
    stored(name) ?? embedded.first { $0.name == name }
  }

  /// Removes a stored model; when it was the default there is none afterwards.
  ///
  /// - Throws: `FileError` of kind `notFound`, or when it cannot be removed.
  public func remove(_ name: String) throws {
    let path = try folder + "/" + name
    guard Self.isName(name), folderExists(path) else { throw unknown(name) }
    if defaultName == name { try removeTree(try defaultFile) }
    let doomed = try folder + "/.\(name).\(getpid()).removed"
    guard rename(path, doomed) == 0 else {
      throw FileError(.noPermission, path, "cannot be removed: \(systemMessage(errno))")
    }
    try removeTree(doomed)
  }

  /// The SHA-256 of a file, remembered by device, inode, size and time of change.
  ///
  /// - Throws: `FileError` when the file cannot be read.
  public func digest(of file: String) throws -> String {
    try digests.digest(of: file)
  }

  /// The SHA-256 of a model's parameters: from its manifest, else of its file; for shards that of
  /// the listing that `sha256sum model-*.safetensors` prints.
  ///
  /// - Returns: `nil` when the model has no file of parameters.
  /// - Throws: `FileError` when a file cannot be read.
  public func digest(of model: ModelLocation) throws -> String? {
    if let digest = model.manifest?.sha256 { return digest }
    if let embedded = model.embedded { return try embedded.sha256 }
    return try ModelFiles.digest(of: try model.parameterFiles()) { name in
      try digest(of: model.folder + "/" + name)
    }
  }
}

// MARK: the default model

extension ModelStore {
  private var defaultFile: String {
    get throws { try root.get() + "/default-model" }
  }

  /// The name of the default model, when there is one.
  public var defaultName: String? {
    guard let bytes = try? readFile(try defaultFile, limit: 256) else { return nil }
    let name = String(decoding: bytes, as: UTF8.self).filter { !$0.isNewline }
    return Self.isName(name) ? name : nil
  }

  /// Makes a stored model, or one that is a part of the program, the default.
  ///
  /// - Throws: `FileError` of kind `notFound`, or when the choice cannot be written.
  public func setDefault(_ name: String) throws {
    guard named(name) != nil else { throw unknown(name) }
    try createFolder(try root.get())
    try writeFile(try defaultFile, name + "\n")
  }
}

// MARK: from a name to a model

extension ModelStore {
  /// Finds the model that a user means (see `chosen`), else the first that is a part of the program.
  ///
  /// - Throws: `FileError` that says what to do.
  public func resolve(_ nameOrPath: String?) throws -> ModelLocation {
    if let model = try chosen(nameOrPath) ?? embedded.first { return model }
    let names = try models().map(\.name)
    throw FileError(
      .notFound, "model",
      names.isEmpty
        ? "there is none yet; get one with: attnviz models add minilm"
        : "none is the default; choose one with: attnviz models default \(names[0])")
  }

  /// The model that a user chose: the name of a stored model or of one that is a part of the program, a
  /// folder, a `.gguf` file, or `ORG/NAME[@REVISION]` in the hub cache; without one,
  /// `$ATTNVIZ_MODEL`, else the default.
  ///
  /// A name goes before a folder of that name in the current one ("./NAME" is the folder).
  ///
  /// - Returns: `nil` when nothing was chosen.
  /// - Throws: `FileError` that says what to do.
  public func chosen(_ nameOrPath: String?) throws -> ModelLocation? {
    if let nameOrPath { return try find(nameOrPath) }
    if let name = environment("ATTNVIZ_MODEL") {
      do {
        return try find(name)
      } catch var error as FileError {
        error.fact += " (named by ATTNVIZ_MODEL)"
        throw error
      }
    }
    return try defaultName.map(find)
  }

  private func find(_ text: String) throws -> ModelLocation {
    if let model = named(text) { return model }
    if fileExists(text) || folderExists(text) { return try ModelLocation(at: text) }
    guard !text.hasSuffix(".gguf"), HubCache.isRepository(String(text.prefix { $0 != "@" }))
    else { throw FileError(.notFound, text.visible, "no such file or folder") }
    if PinnedModel.named(text) != nil {
      throw FileError(.notFound, text, "not here yet; get it with: attnviz models add \(text)")
    }
    let hub = try HubCache()
    guard text.contains("/") || hub.contains(text) else { throw unknown(text) }
    let name = String(text.prefix { $0 != "@" })
    return try ModelLocation(at: try hub.snapshot(of: text), name: name)
  }

  private func unknown(_ name: String) -> FileError {
    let here = names
    let known = PinnedModel.all.map(\.name)
    if let meant = nearestWord(to: name, among: here) {
      return FileError(.notFound, name.visible, "no such model; did you mean \(meant)?")
    }
    if let meant = nearestWord(to: name, among: known) {
      return FileError(
        .notFound, name.visible,
        "no such model; did you mean \(meant)? Get it with: attnviz models add \(meant)")
    }
    return FileError(
      .notFound, name.visible,
      "no such model ("
        + (here.isEmpty ? "none is stored" : "here: " + here.joined(separator: ", "))
        + "; attnviz models add gets: \(known.joined(separator: ", ")))")
  }
}
