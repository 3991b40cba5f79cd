internal import Files

/// Which of several files holds which tensor: `model.safetensors.index.json` and its like.
struct ShardIndex {
  /// More files than any model is cut into.
  private static let mostFiles = 10_000

  /// The index file.
  let path: String
  /// The names of the files, in the order in which the index first names them.
  private(set) var files: [String] = []
  /// The tensors in the order of the index, with the place of their file.
  private(set) var tensors: [(name: String, file: Int)] = []

  /// Reads an index.
  ///
  /// - Throws: `FileError` of kind `badData` for a file that is not an index, or that names anything
  ///   but plain files of its own folder.
  init(_ path: String) throws {
    self.path = path
    let json = try JSON(parsing: try readFile(path, limit: 100_000_000), path: path)
    guard let map = json["weight_map"]?.members, !map.isEmpty else {
      throw FileError(.badData, path, "has no \"weight_map\" from tensors to files")
    }
    var places: [ByteString: Int] = [:]
    for member in map {
      let file = try Self.checked(member.value, of: member.key, path)
      let place = places[ByteString(file)] ?? files.count
      if place == files.count {
        places[ByteString(file)] = place
        files.append(file)
      }
      tensors.append((member.key, place))
    }
    guard files.count <= Self.mostFiles else {
      throw FileError(
        .badData, path, "names \(files.count) files, more than the \(Self.mostFiles) accepted")
    }
  }

  /// The path of a shard.
  func path(of file: String) -> String {
    let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[...$0] } ?? ""
    return folder + file
  }

  /// Accepts a plain file name and nothing that leads elsewhere.
  private static func checked(_ value: JSON, of tensor: String, _ path: String) throws -> String {
    guard let name = value.string else {
      throw FileError(
        .badData, path, "the file of \(tensor.visible) is \(value.kind), not a string")
    }
    let isPlain =
      !name.isEmpty && name.utf8.count <= 255 && name != "." && name != ".."
      && !name.unicodeScalars.contains { $0 == "/" || $0 == "\\" || $0.value < 0x20 }
    guard isPlain else {
      let start = String(name.prefix(80)).visible
      throw FileError(
        .badData, path,
        "\(tensor.visible) is said to be in \"\(start)\", which is not a plain file name")
    }
    return name
  }
}
