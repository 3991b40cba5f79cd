/// A string that compares and hashes by its UTF-8 bytes.
///
/// Swift's `String` treats canonically equivalent spellings as equal, so a dictionary keyed by
/// `String` merges "é" and "e\u{301}". Vocabularies and JSON keys must keep them apart.
public struct ByteString: Hashable, Sendable, CustomStringConvertible {
  /// The text.
  public let string: String

  /// Wraps a string.
  public init(_ string: String) {
    self.string = string
  }

  /// Whether both strings have the same bytes.
  public static func == (a: ByteString, b: ByteString) -> Bool {
    bytesEqual(a.string, b.string)
  }

  /// Hashes the UTF-8 bytes.
  public func hash(into hasher: inout Hasher) {
    var copy = string
    copy.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }

  /// The text itself.
  public var description: String { string }
}

/// Whether two strings have the same UTF-8 bytes.
public func bytesEqual(_ a: String, _ b: String) -> Bool {
  a.utf8.count == b.utf8.count && a.utf8.elementsEqual(b.utf8)
}
