import Files

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The two streams: data on standard output, messages on standard error.
enum Output {
  /// Writes data.
  ///
  /// - Throws: `FileError` of kind `inputOutput`, for instance on a full disk.
  static func data(_ text: String) throws {
    try data(Array(text.utf8))
  }

  /// Writes data.
  static func data(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try writeAll($0, to: STDOUT_FILENO, path: "standard output") }
  }

  /// Writes JSON for people and programs: indented, one line at the end.
  static func data(_ json: JSON) throws {
    try data(json.text(indented: true) + "\n")
  }

  /// Writes a message. A message that cannot be written is nothing the program could report.
  static func message(_ text: String) {
    try? Array((text + "\n").utf8).withUnsafeBytes {
      try writeAll($0, to: STDERR_FILENO, path: "standard error")
    }
  }

  /// Writes to a file, or to standard output for `-`.
  static func write(_ bytes: [UInt8], to path: String) throws {
    if path == "-" { try data(bytes) } else { try writeFile(path, bytes) }
  }
}
