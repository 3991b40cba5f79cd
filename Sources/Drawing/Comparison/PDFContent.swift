internal import CZlib

/// What a PDF file shows: the size of its page and its unpacked streams, in order.
struct PDFContent {
  private var box: [Piece] = []
  private var streams: [[UInt8]] = []

  /// Reads a file that Cairo wrote; bytes that are not trusted.
  ///
  /// - Throws: `DrawingError` of kind `badFile` when a stream does not end or unpack.
  init(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    if let start = rest.firstRange(of: Array("/MediaBox".utf8))?.upperBound {
      box = Piece.all(in: rest[start...].prefix { $0 != UInt8(ascii: "]") }.dropFirst(2))
    }
    while let start = rest.firstRange(of: Array("\nstream\n".utf8)) {
      let head = rest[..<start.lowerBound].suffix(400)
      let dictionary = head.ranges(of: Array(" obj".utf8)).last.map { head[$0.upperBound...] }
      rest = rest[start.upperBound...]
      guard let end = rest.firstRange(of: Array("endstream".utf8)) else { throw Self.damaged }
      let packed = rest[..<end.lowerBound]
      rest = rest[end.upperBound...]
      let isPacked = dictionary?.firstRange(of: Array("/FlateDecode".utf8)) != nil
      streams.append(isPacked ? try unpacked(Array(packed)) : Array(packed))
    }
  }

  /// What differs from the page drawn again.
  func differences(from new: PDFContent) -> [String] {
    guard box.count == new.box.count, zip(box, new.box).allSatisfy({ $0.accepts($1) }) else {
      return ["the page has another size now"]
    }
    guard streams.count == new.streams.count else {
      return ["it has \(streams.count) streams, now \(new.streams.count)"]
    }
    return zip(streams, new.streams).enumerated().compactMap { index, pair in
      guard pair.0 != pair.1, let change = Self.change(pair.0, pair.1) else { return nil }
      return "stream \(index + 1): \(change)"
    }
  }

  /// What differs between two streams: drawing in words and numbers, else pixels or a font.
  private static func change(_ old: [UInt8], _ new: [UInt8]) -> String? {
    guard isText(old), isText(new) else {
      let count = zip(old, new).filter { abs(Int($0) - Int($1)) > Tolerance.levels }.count
      return old.count == new.count && count == 0
        ? nil : "\(count + abs(old.count - new.count)) bytes differ"
    }
    let (before, now) = (Piece.all(in: old), Piece.all(in: new))
    guard before.count == now.count else {
      return "\(before.count) words and numbers, now \(now.count)"
    }
    let changes = zip(before, now).filter { !$0.accepts($1) }
    guard let (a, b) = changes.first else { return nil }
    return "\(changes.count) of \(before.count) words and numbers differ, the first: "
      + "\(a.spelling) is now \(b.spelling)"
  }

  private static func isText(_ bytes: [UInt8]) -> Bool {
    bytes.allSatisfy { (32...126).contains($0) || $0 == 10 || $0 == 13 || $0 == 9 }
  }

  /// The most bytes that all streams may unpack to: an image of 8000 × 8000.
  private static let limit = 200_000_000

  private func unpacked(_ packed: [UInt8]) throws -> [UInt8] {
    let room = Self.limit - streams.reduce(0) { $0 + $1.count }
    var size = max(1 << 16, packed.count * 8)
    while size <= room {
      var count = uLongf(size)
      var code = Z_OK
      let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
        code = uncompress(buffer.baseAddress, &count, packed, uLong(packed.count))
        filled = code == Z_OK ? Int(count) : 0
      }
      if code == Z_OK { return bytes }
      guard code == Z_BUF_ERROR else { throw Self.damaged }
      size *= 4
    }
    throw Self.damaged
  }

  private static var damaged: DrawingError {
    DrawingError(.badFile, "the PDF has a damaged stream; take an undamaged copy")
  }
}
