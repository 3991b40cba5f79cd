internal import CModels
internal import Files
internal import Synchronization

/// A model that is a part of the program: it needs no file, no network and no home folder.
public struct EmbeddedModel: Sendable {
  /// The name people call it by.
  public let name: String
  /// Its files.
  let folder: InputFolder
  private let known = KnownDigest()

  /// A model of these files.
  package init(_ name: String, _ files: [(name: String, bytes: UnsafeRawBufferPointer)]) {
    self.name = name
    folder = InputFolder(resident: "(in the program)/" + name, files)
  }

  /// The models of this program; the first is the one that is used where none is chosen. A program
  /// that was built without their folders has none.
  public static let all: [EmbeddedModel] = {
    let files = UnsafeBufferPointer(start: cmodels_files, count: cmodels_count)
    var models: [(name: String, files: [(name: String, bytes: UnsafeRawBufferPointer)])] = []
    for file in files {
      let model = String(cString: file.model)
      if models.last?.name != model { models.append((model, [])) }
      models[models.count - 1].files.append(
        (String(cString: file.name), UnsafeRawBufferPointer(start: file.bytes, count: file.size)))
    }
    return models.map { EmbeddedModel($0.name, $0.files) }
  }()

  /// The bytes of all its files.
  var size: Int {
    get throws { try folder.names().reduce(0) { try $0 + folder.map($1).bytes.count } }
  }

  /// The SHA-256 of its parameters, computed when it is first asked for.
  var sha256: String? {
    get throws {
      try known.digest.withLock { digest in
        if digest == nil {
          digest = try ModelFiles.digest(of: folder.names()) { Digest.of(try folder.map($0).bytes) }
        }
        return digest
      }
    }
  }
}

/// A digest that is computed once.
private final class KnownDigest: Sendable {
  let digest = Mutex<String?>(nil)
}
