internal import Files
public import Tensors

/// A file of named parameters that lists them.
public protocol TensorListing: ParameterFile {
  /// What it holds.
  var tensors: [StoredTensor] { get }

  /// Opens and checks a file.
  init(_ path: String) throws
}

extension SafeTensors: TensorListing {
  /// The tensors in the order of their bytes.
  public var tensors: [StoredTensor] {
    entries.map { StoredTensor(name: $0.name, type: $0.type, shape: $0.shape) }
  }
}

/// A checkpoint in several files with an index that says which tensor is in which.
///
/// The index and the files must agree: every tensor is where the index says, and no file holds
/// another.
public struct Shards<File: TensorListing>: TensorListing {
  /// The index file.
  public let path: String
  /// The files, in the order in which the index names them.
  public let files: [File]
  /// What the files hold, file by file.
  public let tensors: [StoredTensor]
  private let places: [ByteString: Int]

  /// Opens an index and all its files.
  ///
  /// - Throws: `FileError` that names the file, and the tensor where it is about one.
  public init(_ path: String) throws {
    self.path = path
    let index = try ShardIndex(path)
    files = try index.files.map { try File(index.path(of: $0)) }
    places = Dictionary(
      index.tensors.map { (ByteString($0.name), $0.file) }, uniquingKeysWith: { first, _ in first })
    tensors = files.flatMap(\.tensors)
    try checkMissing(index)
    try checkExtra()
  }

  /// Whether there is a tensor of this name.
  public func contains(_ name: String) -> Bool { places[ByteString(name)] != nil }

  /// Reads a tensor of floating-point numbers.
  ///
  /// - Returns: `nil` when there is no such tensor.
  public func tensor(_ name: String) throws -> Tensor? {
    try file(of: name)?.tensor(name)
  }

  /// The rows of a matrix as they are stored.
  ///
  /// - Returns: `nil` when there is no such tensor, or its file has no such rows.
  public func rows(_ name: String) throws -> PackedRows? {
    try file(of: name)?.rows(name)
  }

  /// The file that holds a tensor.
  public func file(of name: String) -> File? {
    places[ByteString(name)].map { files[$0] }
  }

  private func checkMissing(_ index: ShardIndex) throws {
    for (name, file) in index.tensors where !files[file].contains(name) {
      throw FileError(
        .badData, path,
        "\(name.visible) is said to be in \(index.files[file].visible), which does not hold it")
    }
  }

  private func checkExtra() throws {
    for (place, file) in files.enumerated() {
      for tensor in file.tensors {
        let expected = places[ByteString(tensor.name)]
        guard expected != place else { continue }
        let fact =
          expected == nil
          ? "holds \(tensor.name.visible), which the index does not name"
          : "holds \(tensor.name.visible), which the index says is in another file"
        throw FileError(.badData, file.path, fact)
      }
    }
  }
}
