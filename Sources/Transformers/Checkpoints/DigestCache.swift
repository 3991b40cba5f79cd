#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif
internal import Files

/// Remembers digests of files by device, inode, size and time of change, so that no file is read
/// twice: one small file per digest.
struct DigestCache: Sendable {
  /// Where the digests are kept; `nil` keeps none.
  var folder: String?

  /// The SHA-256 of a file.
  ///
  /// - Throws: `FileError` when the file cannot be read. A cache that cannot be written is not an
  ///   error.
  func digest(of path: String) throws -> String {
    guard let folder, let key = Self.key(of: path) else { return try Digest.of(file: path) }
    let place = folder + "/" + key
    if let bytes = try? readFile(place, limit: 64) {
      let text = String(decoding: bytes, as: UTF8.self)
      if Digest.isDigest(text) { return text }
    }
    let digest = try Digest.of(file: path)
    if Self.key(of: path) == key, (try? createFolder(folder)) != nil {
      try? writeFile(place, digest)
    }
    return digest
  }

  private static func key(of path: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    return "\(status.st_dev)-\(status.st_ino)-\(status.st_size)-\(time.tv_sec).\(time.tv_nsec)"
  }
}
