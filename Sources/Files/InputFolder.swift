/// A folder to read from: one on the disk, or one that is a part of the program.
public struct InputFolder: Sendable, CustomStringConvertible {
  /// The path on the disk; of a part of the program what messages call it.
  public let path: String
  /// The files that the program holds; `nil` for a folder on the disk.
  private let resident: [MappedFile]?

  /// A folder on the disk.
  public init(_ path: String) {
    self.path = path
    resident = nil
  }

  /// A folder that is a part of the program.
  ///
  /// - Parameters:
  ///   - name: What messages call it.
  ///   - files: The name and the bytes of every file; they stay where they are while the program
  ///     runs.
  public init(resident name: String, _ files: [(name: String, bytes: UnsafeRawBufferPointer)]) {
    path = name
    resident = files.map { MappedFile(resident: $0.bytes, path: name + "/" + $0.name) }
  }

  /// What messages call it.
  public var description: String { path }

  /// What messages call a file of it; on the disk, its path.
  public func path(of name: String) -> String { path + "/" + name }

  /// Whether it has a file of this name.
  public func contains(_ name: String) -> Bool {
    let path = path(of: name)
    return resident.map { $0.contains { $0.path == path } } ?? fileExists(path)
  }

  /// The names in it, sorted by their bytes.
  ///
  /// - Throws: `FileError` when it cannot be read.
  public func names() throws -> [String] {
    guard let resident else { return try namesInFolder(path) }
    return resident.map { String($0.path.dropFirst(path.count + 1)) }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// A file of it in memory; nothing is copied.
  ///
  /// - Throws: `FileError` when it is not there or cannot be read.
  public func map(_ name: String) throws -> MappedFile {
    let path = path(of: name)
    guard let resident else { return try MappedFile(path) }
    guard let file = resident.first(where: { $0.path == path }) else {
      throw FileError(.notFound, path, "no such file")
    }
    return file
  }

  /// The bytes of a file of it.
  ///
  /// - Parameters:
  ///   - name: The file’s name in the folder.
  ///   - limit: The most bytes to accept.
  /// - Throws: `FileError` when it is not there or cannot be read.
  public func read(_ name: String, limit: Int = 1 << 30) throws -> [UInt8] {
    guard resident != nil else { return try readFile(path(of: name), limit: limit) }
    return [UInt8](try map(name).bytes)
  }

  /// What a JSON file of it says.
  ///
  /// - Throws: `FileError` when it is not there, cannot be read or is no JSON.
  public func json(_ name: String, limit: Int = 1 << 30) throws -> JSON {
    try JSON(parsing: try read(name, limit: limit), path: path(of: name))
  }
}
