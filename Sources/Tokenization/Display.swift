internal import Files

/// A token as people read it.
public struct DisplayToken: Sendable, Equatable {
  /// What sort of token it is.
  public enum Kind: Sendable {
    /// A word or a part of one, or white space.
    case word
    /// A token with a meaning of its own: `[CLS]`, `<|endoftext|>`.
    case special
    /// The token for what the vocabulary lacks.
    case unknown
    /// Punctuation or symbols alone.
    case punctuation
    /// Bytes that are not whole characters by themselves.
    case partial
  }

  /// The token for a label, never empty: `␣` for a space at an end, `⏎` for a newline, `⇥` for a
  /// tab, `<E6>` for bytes that are no character, `<U+202E>` for characters that do not show, `◌`
  /// under a combining mark that begins the token.
  ///
  /// It is what the model reads: `naive` where the text has `naïve` and the model no accents.
  public var text: String
  /// The string of the vocabulary: `Ġthe`, `##ing`, `▁the`.
  public var raw: String
  /// What sort of token it is.
  public var kind: Kind
  /// The piece of the source text it covers, as it is; empty for special tokens the tokenizer
  /// adds. Tokens that are parts of one character all have that character.
  public var source: String
  /// The word it belongs to: the pieces of one word share a number, which counts from 0.
  public var word: Int

  /// An entry of a vocabulary that is known by its number only: "#464".
  public static func numbered(_ id: Int) -> DisplayToken {
    DisplayToken(text: "#\(id)", raw: "#\(id)", kind: .word, source: "", word: 0)
  }
}

extension Tokenizer {
  /// Shows the tokens of a text.
  ///
  /// - Parameters:
  ///   - encoding: What `encode` gave for the text.
  ///   - text: The text.
  ///   - pair: The second text, if there was one.
  public func display(
    _ encoding: Encoding, text: String, pair: String? = nil
  ) -> [DisplayToken] {
    let texts = [Array(text.unicodeScalars), Array((pair ?? "").unicodeScalars)]
    var reader = DisplayReader(TokenSpelling(model: tokenModel, decoder: decoder))
    for (index, id) in encoding.ids.enumerated() {
      let scalars = encoding.sequence[index].map { texts[$0] } ?? []
      let range = encoding.offsets[index].clamped(to: scalars.indices)
      read(
        id, isAdded: encoding.isSpecial[index], sequence: encoding.sequence[index],
        source: String(String.UnicodeScalarView(scalars[range])), into: &reader)
    }
    return reader.finish()
  }

  /// Shows tokens that a model generated. Their source is the text that they stand for.
  public func display(ids: [Int]) -> [DisplayToken] {
    var reader = DisplayReader(TokenSpelling(model: tokenModel, decoder: decoder))
    for id in ids { read(id, isAdded: false, sequence: 0, source: nil, into: &reader) }
    return reader.finish()
  }

  private func read(
    _ id: Int, isAdded: Bool, sequence: Int?, source: String?, into reader: inout DisplayReader
  ) {
    let isUnknown = !isAdded && id == tokenModel.unknownID
    reader.read(
      token(id) ?? "<\(id)>", isUnknown ? .unknown : isAdded || isSpecial(id) ? .special : .word,
      isSpelled: addedTokens[id] == nil, sequence: sequence, source: source)
  }

  /// Shows one entry of the vocabulary by itself.
  public func display(id: Int) -> DisplayToken {
    display(ids: [id])[0]
  }
}

/// Reads one token after the other and finds the characters and words they make together.
struct DisplayReader {
  /// A token while it is read.
  private struct Item {
    var raw: String
    var kind: DisplayToken.Kind
    var bytes: [UInt8] = []
    var sequence: Int?
    var source: String?
    /// For bytes that are not whole characters: the characters they belong to, by number.
    var characters: ClosedRange<Int>?
  }

  private let spelling: TokenSpelling
  private var items: [Item] = []

  init(_ spelling: TokenSpelling) { self.spelling = spelling }

  /// Reads a token.
  ///
  /// - Parameters:
  ///   - kind: `special`, `unknown`, or `word` for any other.
  ///   - isSpelled: Whether its marks stand for bytes and spaces.
  mutating func read(
    _ raw: String, _ kind: DisplayToken.Kind, isSpelled: Bool = true, sequence: Int?,
    source: String?
  ) {
    var item = Item(raw: raw, kind: kind, sequence: sequence, source: source)
    if kind == .word {
      item.bytes = isSpelled ? spelling.bytes(of: raw) : Array(raw.utf8)
      if isSymbols(item.bytes) { item.kind = .punctuation }
    }
    items.append(item)
  }

  mutating func finish() -> [DisplayToken] {
    findCharacters()
    var word = -1
    return items.indices.map { index in
      let item = items[index]
      if index == 0 || !isSameWord(index - 1, index) { word += 1 }
      let isText = item.kind != .special && item.kind != .unknown
      return DisplayToken(
        text: label(isText ? item.bytes : Array(item.raw.utf8)),
        raw: item.raw, kind: item.kind,
        source: item.source ?? (isText ? String(decoding: item.bytes, as: UTF8.self) : ""),
        word: word)
    }
  }

  // MARK: characters that several tokens make

  /// Finds tokens that end or begin within a character.
  private mutating func findCharacters() {
    var run: [Int] = []  // the tokens of the text since the last special one
    var count = 0
    for index in items.indices {
      let item = items[index]
      let isText = item.kind != .special && item.kind != .unknown
      if let last = run.last, !isText || items[last].sequence != item.sequence {
        markParts(run, &count)
        run = []
      }
      if isText { run.append(index) }
    }
    markParts(run, &count)
  }

  /// Marks the parts of characters among neighbouring tokens.
  private mutating func markParts(_ run: [Int], _ count: inout Int) {
    let bytes = run.flatMap { items[$0].bytes }
    let owners = run.flatMap { Array(repeating: $0, count: items[$0].bytes.count) }
    var start = 0
    while start < bytes.count {
      let length = wholeCharacter(in: bytes[start...])
      let end = start + (length ?? 1)
      if length == nil || owners[start] != owners[end - 1] {
        for owner in Set(owners[start..<end]) {
          items[owner].kind = .partial
          items[owner].characters = (items[owner].characters?.lowerBound ?? count)...count
          if length != nil, items[owner].source == nil {
            items[owner].source = String(decoding: bytes[start..<end], as: UTF8.self)
          }
        }
        count += 1
      }
      start = end
    }
  }

  // MARK: words

  private func isSameWord(_ left: Int, _ right: Int) -> Bool {
    let (a, b) = (items[left], items[right])
    guard a.sequence == b.sequence, a.sequence != nil else { return false }
    if let characters = a.characters, let others = b.characters, characters.overlaps(others) {
      return true
    }
    guard isWordLike(a), isWordLike(b) else { return false }
    if spelling.marksWords { return spelling.continues(b.raw, after: a.raw) }
    return !isSpace(a.bytes.last) && !isSpace(b.bytes.first)
  }

  /// Whether a token can be part of a word. Parts of emoji cannot, parts of letters can.
  private func isWordLike(_ item: Item) -> Bool {
    switch item.kind {
    case .word: true
    case .partial: !isSymbols(Array((item.source ?? "").utf8))
    default: false
    }
  }

  private func isSpace(_ byte: UInt8?) -> Bool {
    byte.map { $0 == 0x20 || (0x09...0x0D).contains($0) } ?? false
  }
}

// MARK: - labels

/// The length of the character at the beginning of `bytes`, when it is there as a whole.
private func wholeCharacter(in bytes: ArraySlice<UInt8>) -> Int? {
  guard let lead = bytes.first else { return nil }
  let length = sequenceLength(lead)
  return String(validating: bytes.prefix(length), as: UTF8.self) == nil ? nil : length
}

/// Whether there is something besides spaces, and all of it is punctuation or symbols.
private func isSymbols(_ bytes: [UInt8]) -> Bool {
  guard let text = String(validating: bytes, as: UTF8.self) else { return false }
  let scalars = text.unicodeScalars.filter { !$0.isSpace }
  return !scalars.isEmpty
    && scalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol, .format: true
      case let category: category.isPunctuation || scalar.properties.isVariationSelector
      }
    }
}

/// The label of a token's bytes.
private func label(_ bytes: [UInt8]) -> String {
  var label = ""
  var start = 0
  while start < bytes.count {
    if let length = wholeCharacter(in: bytes[start...]) {
      label += String(decoding: bytes[start..<start + length], as: UTF8.self)
      start += length
      continue
    }
    var end = start + 1
    while end < bytes.count, wholeCharacter(in: bytes[end...]) == nil { end += 1 }
    label += "<" + bytes[start..<end].map(hexadecimal).joined(separator: " ") + ">"
    start = end
  }
  return label.isEmpty ? "∅" : showingSpace(label)
}

private func hexadecimal(_ byte: UInt8) -> String {
  (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
}

/// The text with its white space at the ends, and everything that does not show, made visible.
private func showingSpace(_ text: String) -> String {
  let scalars = Array(text.unicodeScalars)
  let first = scalars.firstIndex { $0 != " " } ?? scalars.count
  let last = scalars.lastIndex { $0 != " " } ?? -1
  let isAllHidden = scalars.allSatisfy(\.properties.isDefaultIgnorableCodePoint)
  let hasMarkFirst = !isAllHidden && scalars.first?.properties.generalCategory.isMark == true
  var shown = hasMarkFirst ? "◌" : ""
  for (index, scalar) in scalars.enumerated() {
    switch scalar {
    case " ": shown += index < first || index > last ? "␣" : " "
    case "\n": shown += "⏎"
    case "\t": shown += "⇥"
    case _ where isAllHidden || scalar.isSpace: shown += codePoint(scalar)
    default: shown.unicodeScalars.append(scalar)
    }
  }
  return shown.visible
}

private func codePoint(_ scalar: Unicode.Scalar) -> String {
  let digits = String(scalar.value, radix: 16, uppercase: true)
  return "<U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits + ">"
}
