/// The tokens of a text as a recording names them, shown without their tokenizer: how they are
/// spelled is seen in themselves.
public struct RecordedText: Sendable {
  /// The tokens; numbers that were not recorded are −1.
  public let encoding: Encoding
  /// The tokens as people read them.
  public let tokens: [DisplayToken]
  /// The text: as it was recorded, or put together from the tokens where they are not found in it.
  public let text: String

  /// Reads tokens.
  ///
  /// - Parameters:
  ///   - names: The strings of the vocabulary: `Ġthe`, `##ing`, `▁the`, ` the`.
  ///   - ids: Their numbers, as many, where they were recorded.
  ///   - offsets: Where each stands in the text, as many, where they were recorded.
  ///   - text: The text, where it was recorded.
  ///   - pair: A second text.
  public init(
    _ names: [String], ids: [Int]? = nil, offsets: [Range<Int>]? = nil, text: String? = nil,
    pair: String? = nil
  ) {
    let spelling = TokenSpelling(of: names)
    let offsets = text == nil ? nil : offsets
    let special = names.indices.map { index in
      Self.isSpecial(names[index], at: offsets?[index], spelling)
    }
    let pieces = names.indices.map { special[$0] ? [] : spelling.bytes(of: names[$0]) }
    let assembled = Self.assembled(pieces, names, special, spelling)
    let found = text.flatMap { Self.offsets(of: pieces, in: $0) }
    let ranges = offsets ?? found ?? assembled.offsets
    self.text = offsets == nil && found == nil ? assembled.text : text ?? assembled.text
    var (encoding, sequence, last) = (Encoding(), 0, 0)
    for index in names.indices {
      let range = special[index] ? 0..<0 : ranges[index]
      if !special[index] {
        if pair != nil, range.lowerBound < last { sequence = 1 }
        last = range.lowerBound
      }
      encoding.append(
        ids?[index] ?? -1, names[index], range, type: 0,
        sequence: special[index] ? nil : sequence)
    }
    self.encoding = encoding
    let texts = [Array(self.text.unicodeScalars), Array((pair ?? "").unicodeScalars)]
    var reader = DisplayReader(spelling)
    for index in names.indices {
      let kind: DisplayToken.Kind =
        Self.isUnknown(names[index])
        ? .unknown : special[index] || Self.isSpecialName(names[index]) ? .special : .word
      let scalars = texts[encoding.sequence[index] ?? 0]
      let range = encoding.offsets[index].clamped(to: scalars.indices)
      reader.read(
        names[index], kind, sequence: encoding.sequence[index],
        source: special[index] ? "" : String(String.UnicodeScalarView(scalars[range])))
    }
    tokens = reader.finish()
  }

  // MARK: special tokens

  /// Whether a tokenizer added a token: it stands for no text.
  private static func isSpecial(
    _ name: String, at range: Range<Int>?, _ spelling: TokenSpelling
  ) -> Bool {
    guard let range else { return isSpecialName(name) }
    let isSpace = spelling.bytes(of: name).allSatisfy { $0 == 0x20 }
    return range.isEmpty && !isSpace && !isUnknown(name)
  }

  private static func isUnknown(_ name: String) -> Bool { ["[UNK]", "<unk>"].contains(name) }

  /// A name such as `[CLS]`, `<s>` or `<|endoftext|>`.
  private static func isSpecialName(_ name: String) -> Bool {
    let scalars = Array(name.unicodeScalars)
    guard scalars.count > 2, let first = scalars.first, let last = scalars.last else { return false }
    let inner = scalars.dropFirst().dropLast()
    if first == "[", last == "]" {
      return inner.allSatisfy { ("A"..."Z").contains($0) || $0 == "_" } && name != "[UNK]"
    }
    guard first == "<", last == ">", name != "<unk>" else { return false }
    let isByte = inner.count == 4 && inner.starts(with: "0x".unicodeScalars)
    return !isByte
      && inner.allSatisfy { $0.properties.isAlphabetic || "|_/▁-0123456789".unicodeScalars.contains($0) }
  }

  // MARK: the text

  /// The text that tokens make, and where they stand in it.
  private static func assembled(
    _ pieces: [[UInt8]], _ names: [String], _ special: [Bool], _ spelling: TokenSpelling
  ) -> (text: String, offsets: [Range<Int>]) {
    var (bytes, ends) = ([UInt8](), [Range<Int>]())
    for index in pieces.indices {
      if spelling.marksWords, !special[index], !bytes.isEmpty,
        !spelling.continues(names[index], after: names[index - 1])
      {
        bytes.append(0x20)
      }
      ends.append(bytes.count..<bytes.count + pieces[index].count)
      bytes += pieces[index]
    }
    // The character that each byte is of: parts of one have it in common.
    var character = -1
    let characters = bytes.map { byte in
      character += byte & 0xC0 == 0x80 ? 0 : 1
      return max(character, 0)
    }
    let offsets = ends.map { range in
      range.isEmpty ? 0..<0 : characters[range.lowerBound]..<characters[range.upperBound - 1] + 1
    }
    return (String(decoding: bytes, as: UTF8.self), offsets)
  }

  /// Where the pieces stand one after the other in a text, whatever their case; `nil` when one of
  /// them is not there.
  private static func offsets(of pieces: [[UInt8]], in text: String) -> [Range<Int>]? {
    let scalars = text.unicodeScalars.map(\.properties.lowercaseMapping)
    var position = 0
    var ranges: [Range<Int>] = []
    for piece in pieces {
      let wanted = String(decoding: piece, as: UTF8.self).unicodeScalars
        .drop { $0 == " " }.map(\.properties.lowercaseMapping)
      guard !wanted.isEmpty else {
        ranges.append(0..<0)
        continue
      }
      // What lies between is space, or the piece is not there.
      var start = position
      while start < scalars.count, scalars[start].allSatisfy(\.isWhitespace),
        !scalars[start...].starts(with: wanted)
      {
        start += 1
      }
      guard scalars[start...].starts(with: wanted) else { return nil }
      position = start + wanted.count
      ranges.append(start..<position)
    }
    return ranges
  }
}
