internal import Files

/// The precompiled character map of SentencePiece: a double-array trie (darts-clone) from
/// characters to what replaces them.
struct CharacterMap: Sendable {
  private let units: [UInt32]
  /// The replacements, each ended by a zero byte.
  private let replacements: [UInt8]

  /// Reads a map: the trie's size in bytes, the trie, the replacements.
  ///
  /// - Throws: `FileError` when the sizes do not fit.
  init(bytes: [UInt8], path: String) throws {
    (units, replacements) = try bytes.withUnsafeBytes { buffer in
      var reader = ByteReader(buffer, path: path)
      let size = Int(try reader.integer(UInt32.self))
      guard size % 4 == 0, size > 0, size <= reader.remaining else {
        throw FileError(
          .badData, path,
          "\"precompiled_charsmap\" says its table has \(size) bytes; \(reader.remaining) follow")
      }
      let units = try (0..<size / 4).map { _ in try reader.integer(UInt32.self) }
      return (units, Array(try reader.take(reader.remaining)))
    }
    guard String(validating: replacements, as: UTF8.self) != nil else {
      throw FileError(.badData, path, "\"precompiled_charsmap\" holds text that is not UTF-8")
    }
  }

  /// Reads a map in base64.
  init(base64: String, path: String) throws {
    guard let bytes = decodeBase64(base64) else {
      throw FileError(.badData, path, "\"precompiled_charsmap\" is not base64")
    }
    try self.init(bytes: bytes, path: path)
  }

  /// Replaces grapheme clusters of less than six bytes that the map knows, and the scalars of all
  /// others one by one.
  func apply(to text: inout AlignedText) {
    var string = ""
    string.unicodeScalars.append(contentsOf: text.scalars)
    var edits: [AlignedText.Edit] = []
    edits.reserveCapacity(text.scalars.count)
    var isChanged = false
    for cluster in string {
      let scalars = cluster.unicodeScalars
      if cluster.utf8.count < 6, let replacement = replacement(for: cluster.utf8) {
        Self.append(replacement, for: scalars.count, to: &edits)
        isChanged = true
        continue
      }
      for scalar in scalars {
        if let replacement = replacement(for: UTF8.encode(scalar) ?? .init()) {
          Self.append(replacement, for: 1, to: &edits)
          isChanged = true
        } else {
          edits.append(AlignedText.Edit(scalar: scalar, consumed: 1))
        }
      }
    }
    if isChanged { text.rewrite(edits) }
  }

  /// Replaces, from left to right, the longest pieces that the map knows, as SentencePiece does.
  func applyLongest(to text: inout AlignedText) {
    var bytes: [UInt8] = []
    for scalar in text.scalars { bytes.append(contentsOf: UTF8.encode(scalar) ?? .init()) }
    var edits: [AlignedText.Edit] = []
    edits.reserveCapacity(text.scalars.count)
    var scalars = text.scalars.makeIterator()
    var position = 0
    while position < bytes.count {
      let match = longestMatch(bytes[position...])
      let length = match?.length ?? sequenceLength(bytes[position])
      let replaced = bytes[position..<position + length].count { $0 & 0xC0 != 0x80 }
      let first = scalars.next()
      for _ in 1..<max(replaced, 1) { _ = scalars.next() }
      if let match {
        Self.append(match.replacement, for: replaced, to: &edits)
      } else if let first {
        edits.append(AlignedText.Edit(scalar: first, consumed: 1))
      }
      position += length
    }
    text.rewrite(edits)
  }

  /// The longest beginning of `text` that the map knows and that ends with a whole scalar.
  private func longestMatch(_ text: ArraySlice<UInt8>) -> (replacement: String, length: Int)? {
    var best: (replacement: String, length: Int)?
    var position = Self.offset(units[0])
    for index in text.indices {
      let byte = text[index]
      position ^= Int(byte)
      guard byte != 0, position < units.count, units[position] & 0x8000_00FF == UInt32(byte) else {
        break
      }
      let unit = units[position]
      position ^= Self.offset(unit)
      let isWhole = index + 1 == text.endIndex || text[index + 1] & 0xC0 != 0x80
      guard unit >> 8 & 1 == 1, isWhole, position < units.count else { continue }
      if let replacement = replacement(at: Int(units[position] & 0x7FFF_FFFF)) {
        best = (replacement, index + 1 - text.startIndex)
      }
    }
    return best
  }

  /// Pairs the scalars of a replacement with those replaced; what is left of these goes to the
  /// last edit.
  private static func append(
    _ replacement: String, for count: Int, to edits: inout [AlignedText.Edit]
  ) {
    var left = count
    for scalar in replacement.unicodeScalars {
      edits.append(AlignedText.Edit(scalar: scalar, consumed: left > 0 ? 1 : 0))
      left = max(0, left - 1)
    }
    if left > 0, !edits.isEmpty { edits[edits.count - 1].consumed += left }
  }

  /// What replaces the shortest beginning of `text` that the map knows.
  private func replacement(for text: some Sequence<UInt8>) -> String? {
    value(forShortestPrefixOf: text).flatMap(replacement(at:))
  }

  private func replacement(at start: Int) -> String? {
    guard start < replacements.count else { return nil }
    let rest = replacements[start...]
    return String(validating: rest[..<(rest.firstIndex(of: 0) ?? rest.endIndex)], as: UTF8.self)
  }

  private func value(forShortestPrefixOf text: some Sequence<UInt8>) -> Int? {
    var position = Self.offset(units[0])
    for byte in text {
      guard byte != 0 else { return nil }
      position ^= Int(byte)
      guard position < units.count, units[position] & 0x8000_00FF == UInt32(byte) else {
        return nil
      }
      let unit = units[position]
      position ^= Self.offset(unit)
      if unit >> 8 & 1 == 1 {
        return position < units.count ? Int(units[position] & 0x7FFF_FFFF) : nil
      }
    }
    return nil
  }

  private static func offset(_ unit: UInt32) -> Int {
    Int(unit >> 10) << Int((unit & 0x200) >> 6)
  }
}

/// The bytes of a base64 text with padding (RFC 4648).
private func decodeBase64(_ text: String) -> [UInt8]? {
  let digits = Array(text.utf8)
  guard digits.count % 4 == 0 else { return nil }
  let padding = digits.suffix(2).count { $0 == UInt8(ascii: "=") }
  var bytes: [UInt8] = []
  bytes.reserveCapacity(digits.count / 4 * 3)
  var bits: UInt32 = 0
  for (index, digit) in digits.dropLast(padding).enumerated() {
    guard let value = base64Value(digit) else { return nil }
    bits = bits << 6 | value
    switch index % 4 {
    case 1: bytes.append(UInt8(truncatingIfNeeded: bits >> 4))
    case 2: bytes.append(UInt8(truncatingIfNeeded: bits >> 2))
    case 3: bytes.append(UInt8(truncatingIfNeeded: bits))
    default: break
    }
  }
  return bytes
}

private func base64Value(_ digit: UInt8) -> UInt32? {
  switch digit {
  case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit) - 65
  case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit) - 71
  case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit) + 4
  case UInt8(ascii: "+"): 62
  case UInt8(ascii: "/"): 63
  default: nil
  }
}
