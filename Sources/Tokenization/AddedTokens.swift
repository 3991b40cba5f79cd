internal import Files

/// A token that is found in the text itself, before the model sees it: `[MASK]`, `<|endoftext|>`.
struct AddedToken: Sendable {
  var id: Int
  var content: String
  /// Only found where no word character stands beside it.
  var isSingleWord = false
  /// Takes the white space on its left along.
  var stripsLeft = false
  /// Takes the white space on its right along.
  var stripsRight = false
  /// Found in the normalized text.
  var isNormalized = false
  /// Left out of decoded text when asked.
  var isSpecial = false
}

/// The added tokens of a tokenizer.
struct AddedTokens: Sendable {
  private static let longest = 1000

  private var byID: [Int: AddedToken] = [:]
  private var idByContent: [ByteString: Int] = [:]
  private var raw = AddedTokenMatcher()
  private var normalized = AddedTokenMatcher()
  /// How many of the tokens the model does not have.
  private(set) var countOutsideModel = 0

  init() {}

  /// Takes the tokens; a token that the model has too must have the same id there.
  ///
  /// - Throws: `FileError` for an empty or overlong token, an id out of range, or a contradiction.
  init(
    _ tokens: [AddedToken], vocabulary: Vocabulary, normalizer: Normalizer?, path: String
  ) throws {
    for token in tokens {
      try Self.check(token, vocabulary, path: path)
      if let other = byID[token.id], !bytesEqual(other.content, token.content) {
        throw FileError(
          .badData, path,
          "the added tokens \(other.content.quoted) and \(token.content.quoted) have the same id \(token.id)"
        )
      }
      if let other = idByContent[ByteString(token.content)], other != token.id {
        throw FileError(
          .badData, path,
          "the added token \(token.content.quoted) has two ids, \(other) and \(token.id)")
      }
      if byID[token.id] == nil, vocabulary.token(token.id) == nil { countOutsideModel += 1 }
      byID[token.id] = token
      idByContent[ByteString(token.content)] = token.id
      if token.isNormalized {
        var content = AlignedText(Array(token.content.unicodeScalars))
        try normalizer?.apply(to: &content)
        normalized.add(content.scalars, token)
      } else {
        raw.add(Array(token.content.unicodeScalars)[...], token)
      }
    }
  }

  private static func check(_ token: AddedToken, _ vocabulary: Vocabulary, path: String) throws {
    let content = token.content
    let fact: String? =
      if content.isEmpty {
        "an added token is empty"
      } else if content.unicodeScalars.count > longest {
        "the added token \(content.quoted) has more than \(longest) characters"
      } else if token.id < 0 || token.id >= Vocabulary.idLimit {
        "the added token \(content.quoted) has the id \(token.id); ids from 0 to \(Vocabulary.idLimit - 1) are accepted"
      } else if let id = vocabulary.id(content), id != token.id {
        "the added token \(content.quoted) has the id \(token.id), but \(id) in the vocabulary"
      } else if let other = vocabulary.token(token.id), !bytesEqual(other, content) {
        "the added token \(content.quoted) has the id \(token.id), which is \(other.quoted) in the vocabulary"
      } else {
        nil
      }
    if let fact { throw FileError(.badData, path, fact) }
  }

  subscript(id: Int) -> AddedToken? { byID[id] }

  func id(_ token: String) -> Int? { idByContent[ByteString(token)] }

  // MARK: finding

  /// A text cut at added tokens: the rest is still to be tokenized.
  enum Segment {
    case token(AddedToken, AlignedText)
    case text(AlignedText)
  }

  /// Cuts out the tokens that are found in the original text, normalizes the rest, and cuts out
  /// those that are found in normalized text. A token is left where it is not allowed, which is
  /// asked with its range of the original.
  func segments(
    of text: String, normalizer: Normalizer?,
    allowing isAllowed: (AddedToken, Range<Int>) -> Bool = { _, _ in true }
  ) throws -> [Segment] {
    let original = AlignedText(Array(text.unicodeScalars))
    return try raw.cut(original, isAllowed).flatMap { segment -> [Segment] in
      guard case .text(var piece) = segment else { return [segment] }
      try normalizer?.apply(to: &piece)
      return normalized.cut(piece, isAllowed)
    }
  }
}

/// Finds added tokens with a trie of scalars: the leftmost first, and there the longest.
private struct AddedTokenMatcher: Sendable {
  private var edges = IntegerTable<UInt64, UInt64>()
  /// For the first scalar of every token the bit of its value modulo 64.
  private var firsts: UInt64 = 0
  /// The token that ends at each node.
  private var tokens: [AddedToken?] = [nil]

  /// Adds a token that is found where `content` stands.
  mutating func add(_ content: ArraySlice<Unicode.Scalar>, _ token: AddedToken) {
    guard let first = content.first else { return }
    firsts |= 1 << UInt64(first.value % 64)
    var node: UInt64 = 0
    for scalar in content {
      let key = node << 21 | UInt64(scalar.value)
      if let next = edges[key] {
        node = next
      } else {
        node = UInt64(tokens.count)
        tokens.append(nil)
        edges.set(key, node)
      }
    }
    tokens[Int(node)] = token
  }

  func cut(
    _ text: AlignedText, _ isAllowed: (AddedToken, Range<Int>) -> Bool
  ) -> [AddedTokens.Segment] {
    guard tokens.count > 1 else { return text.isEmpty ? [] : [.text(text)] }
    var segments: [AddedTokens.Segment] = []
    var done = text.indices.lowerBound
    var position = done
    while position < text.indices.upperBound {
      guard firsts >> UInt64(text.scalars[position].value % 64) & 1 == 1,
        let (token, end) = longestToken(in: text.scalars, at: position)
      else {
        position += 1
        continue
      }
      let match = position..<end
      guard isAllowed(token, text.origin(of: match)) else {
        position += 1
        continue
      }
      position = end
      guard !token.isSingleWord || text.standsAlone(match) else { continue }
      let range = text.widened(match, for: token, from: done)
      if done < range.lowerBound { segments.append(.text(text[done..<range.lowerBound])) }
      segments.append(.token(token, text[range]))
      done = range.upperBound
      position = max(position, done)
    }
    if done == text.indices.lowerBound { return text.isEmpty ? [] : [.text(text)] }
    if done < text.indices.upperBound {
      segments.append(.text(text[done..<text.indices.upperBound]))
    }
    return segments
  }

  private func longestToken(
    in scalars: ArraySlice<Unicode.Scalar>, at start: Int
  ) -> (AddedToken, Int)? {
    var node: UInt64 = 0
    var found: (AddedToken, Int)?
    for position in start..<scalars.endIndex {
      guard let next = edges[node << 21 | UInt64(scalars[position].value)] else { break }
      node = next
      if let token = tokens[Int(node)] { found = (token, position + 1) }
    }
    return found
  }
}

extension AlignedText {
  /// Whether no word character stands beside `range`.
  fileprivate func standsAlone(_ range: Range<Int>) -> Bool {
    let isAfterWord = range.lowerBound > indices.lowerBound && scalars[range.lowerBound - 1].isWord
    let isBeforeWord = range.upperBound < indices.upperBound && scalars[range.upperBound].isWord
    return !isAfterWord && !isBeforeWord
  }

  /// `range` with the white space that a token takes along, not before `first`.
  fileprivate func widened(
    _ range: Range<Int>, for token: AddedToken, from first: Int
  ) -> Range<Int> {
    var start = range.lowerBound
    var end = range.upperBound
    if token.stripsLeft {
      while start > first, scalars[start - 1].isSpace { start -= 1 }
    }
    if token.stripsRight {
      while end < indices.upperBound, scalars[end].isSpace { end += 1 }
    }
    return start..<end
  }
}
