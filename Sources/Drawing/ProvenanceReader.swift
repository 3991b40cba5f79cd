/// Reads what a picture was made from: the JSON object that `Export.provenance` left in it.
///
/// - Parameter bytes: A PNG, SVG or PDF file.
/// - Returns: The object, serialised; `nil` when the file has none. In a PDF that another program
///   compressed as a whole it is not found.
/// - Throws: `DrawingError` of kind `badFile` when the bytes are none of the three, or broken.
public func provenance(inFile bytes: [UInt8]) throws -> String? {
  let text: String?
  if bytes.starts(with: PNGChunks.signature) {
    text = try PNGChunks(bytes).text("attnviz")
  } else if bytes.starts(with: "%PDF-".utf8) {
    text = try PDFInformation(bytes).text("Keywords")
  } else {
    text = try metadata(inSVG: bytes)
  }
  return text.flatMap { $0.first == "{" ? $0 : nil }
}

private func metadata(inSVG bytes: [UInt8]) throws -> String? {
  guard bytes.firstRange(of: Array("<svg".utf8)) != nil else {
    throw DrawingError(.badFile, "this is no PNG, SVG or PDF")
  }
  guard let text = String(validating: bytes, as: UTF8.self) else {
    throw DrawingError(.badFile, "the SVG is not UTF-8; take a copy that was not changed")
  }
  guard text.utf8.reversed().drop(while: { $0 <= 32 }).starts(with: "</svg>".utf8.reversed()) else {
    throw DrawingError(.badFile, "the SVG ends too early; take a complete copy")
  }
  guard let opening = text.firstRange(of: "<metadata") else { return nil }
  let rest = text[opening.upperBound...]
  guard let start = rest.firstIndex(of: ">"), let end = rest.firstRange(of: "</metadata>"),
    start < end.lowerBound
  else { return nil }
  return XML.unescaped(rest[rest.index(after: start)..<end.lowerBound])
}

/// The chunks of a PNG file.
private struct PNGChunks {
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The text of the first `iTXt` chunk with a keyword (PNG specification, 11.3.3.4).
  func text(_ keyword: String) throws -> String? {
    var found: ArraySlice<UInt8>?
    var rest = bytes.dropFirst(Self.signature.count)
    while true {
      guard rest.count >= 12, rest.prefix(4).number <= rest.count - 12 else {
        throw DrawingError(.badFile, "the PNG ends too early; take a complete copy")
      }
      let chunk = rest.dropFirst(4).prefix(rest.prefix(4).number + 4)
      let checksum = rest.dropFirst(4 + chunk.count).prefix(4).number
      rest = rest.dropFirst(8 + chunk.count)
      if chunk.starts(with: "IEND".utf8) { return try found.map(Self.text) }
      guard found == nil, chunk.starts(with: "iTXt\(keyword)\0".utf8) else { continue }
      guard checksum == chunk.checksum else { throw Self.damaged }
      found = chunk.dropFirst(4 + keyword.utf8.count + 1)
    }
  }

  /// What follows the keyword: two bytes about compression, a language and a translated keyword,
  /// both ended by a zero, and the text.
  private static func text(_ content: ArraySlice<UInt8>) throws -> String {
    guard content.first == 0 else {
      throw DrawingError(
        .badFile, "the PNG's text was compressed by another program; take the original")
    }
    let parts = content.dropFirst(2).split(
      separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let text = String(validating: parts[2], as: UTF8.self) else {
      throw damaged
    }
    return text
  }

  private static var damaged: DrawingError {
    DrawingError(.badFile, "the PNG's text was damaged; take an undamaged copy")
  }
}

extension Sequence<UInt8> {
  /// The bytes as one number, the largest first.
  fileprivate var number: Int { reduce(0) { $0 << 8 | Int($1) } }

  /// The cyclic redundancy check of PNG (specification, 5.5).
  fileprivate var checksum: Int {
    let remainder = reduce(0xFFFF_FFFF as UInt32) { remainder, byte in
      (0..<8).reduce(remainder ^ UInt32(byte)) { value, _ in
        value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0)
      }
    }
    return Int(~remainder)
  }
}
