import Files

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Where texts come from.
enum TextInput {
  /// The text of a file, a pipe or, for `-`, standard input: every byte.
  static func text(from path: String) throws -> String {
    let name = path == "-" ? "standard input" : path
    let bytes =
      if path == "-" { try readStream(STDIN_FILENO, name) } else if fileExists(path) {
        try readFile(path, limit: textLimit)
      } else { try readPipe(path) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FileError(.badData, name, "is not UTF-8 text")
    }
    return text
  }

  private static let textLimit = 64 << 20

  /// Reads what is neither a regular file nor a folder: a pipe, a device.
  private static func readPipe(_ path: String) throws -> [UInt8] {
    guard !folderExists(path) else { throw FileError(.badData, path, "is a folder, not a text") }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw FileError(
        errno == EACCES ? .noPermission : .notFound, path, systemMessage(errno).lowercased())
    }
    defer { close(descriptor) }
    return try readStream(descriptor, path)
  }

  private static func readStream(_ descriptor: Int32, _ name: String) throws -> [UInt8] {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while all.count <= textLimit {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw FileError(.inputOutput, name, systemMessage(errno)) }
      if count == 0 { return all }
      all += buffer[..<count]
    }
    throw FileError(.badData, name, "more than \(textLimit) bytes")
  }
}
