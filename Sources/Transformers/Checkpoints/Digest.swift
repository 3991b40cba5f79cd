internal import CGLib
internal import Files

/// The SHA-256 of bytes that arrive in pieces, computed by GLib.
final class Digest {
  private let checksum = g_checksum_new(G_CHECKSUM_SHA256)

  /// Takes the next bytes.
  func update(_ bytes: UnsafeRawBufferPointer) {
    g_checksum_update(
      checksum, bytes.bindMemory(to: UInt8.self).baseAddress, gssize(bytes.count))
  }

  /// The digest as 64 hexadecimal digits; nothing can be added afterwards.
  var hexadecimal: String { String(cString: g_checksum_get_string(checksum)) }

  deinit { g_checksum_free(checksum) }

  /// The digest of some bytes.
  static func of(_ bytes: UnsafeRawBufferPointer) -> String {
    let digest = Digest()
    digest.update(bytes)
    return digest.hexadecimal
  }

  /// The digest of a file.
  static func of(file path: String) throws -> String {
    let file = try MappedFile(path)
    return withExtendedLifetime(file) { of(file.bytes) }
  }

  /// Whether a text has the form of a digest.
  static func isDigest(_ text: String) -> Bool {
    text.utf8.count == 64
      && text.utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
      }
  }
}

/// The SHA-256 of some bytes, as 64 hexadecimal digits.
package func sha256(of bytes: [UInt8]) -> String { bytes.withUnsafeBytes { Digest.of($0) } }
