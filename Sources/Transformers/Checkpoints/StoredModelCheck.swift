internal import Files

extension ModelStore {
  /// The pip that models are fetched with, in its own words; `nil` when there is none. It is started
  /// to find out.
  public var pip: String? { client.version }

  /// The folders of the store that are no models: their manifest is missing or broken.
  public func strangers() throws -> [String] {
    guard folderExists(try folder) else { return [] }
    return try namesInFolder(try folder).filter { !$0.hasPrefix(".") && stored($0) == nil }
  }

  /// What is wrong with the files of a stored model, compared with its manifest: every file is read and
  /// its digest computed.
  ///
  /// - Parameters:
  ///   - model: The stored model.
  ///   - progress: Learns how many bytes are done.
  /// - Returns: `nil` when nothing is wrong, or when the model is not a stored one.
  public func damage(of model: ModelLocation, progress: (ModelProgress) -> Void = { _ in })
    -> String?
  {
    guard let manifest = model.manifest else { return nil }
    var done = 0
    for file in manifest.files {
      progress(ModelProgress(stage: .checking, done: done, total: manifest.size))
      do {
        let map = try MappedFile(model.folder + "/" + file.name)
        guard map.bytes.count == file.size else {
          return "\(file.name.visible) has \(map.bytes.count) bytes, not \(file.size)"
        }
        guard Digest.of(map.bytes) == file.sha256 else {
          return "\(file.name.visible) is not what was stored: its SHA-256 differs"
        }
      } catch {
        return "\(error)"
      }
      done += file.size
    }
    return nil
  }
}
