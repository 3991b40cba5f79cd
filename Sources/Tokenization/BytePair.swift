internal import Files

/// Byte-pair encoding: a word begins as its characters, and the pair that was learnt first is
/// merged again and again (Sennrich et al. 2016, arXiv:1508.07909).
struct BytePair: TokenModel {
  /// Two tokens that become one.
  struct Merge {
    var left: Substring
    var right: Substring
  }

  /// The choices of the file.
  struct Options: Sendable {
    var unknownToken: String?
    /// Put before every character but a word's first.
    var continuingPrefix = ""
    /// Put behind a word's last character.
    var wordSuffix = ""
    /// Neighbouring unknown characters are one token.
    var fusesUnknown = false
    /// An unknown character is spelt by the tokens `<0x00>` to `<0xFF>`.
    var fallsBackToBytes = false
    /// A word that is a token is that token, whatever the merges say.
    var prefersWholeWords = false
  }

  let name = "BPE"
  let vocabulary: Vocabulary
  let options: Options
  let unknownID: Int?
  /// From a pair of ids to the rank of its merge and the id of the result.
  private var merges: IntegerTable<UInt64, UInt64>
  private var byteIDs: [Int?] = []

  /// Joins a vocabulary and its merges, most important first.
  ///
  /// - Throws: `FileError` for a merge of unknown tokens.
  init(
    vocabulary: Vocabulary, merges: some Collection<Merge>, options: Options, path: String
  ) throws {
    self.vocabulary = vocabulary
    self.options = options
    unknownID = options.unknownToken.flatMap { vocabulary.id($0) }
    self.merges = IntegerTable(capacity: merges.count)
    for (rank, merge) in merges.enumerated() { try addMerge(merge, rank: rank, path: path) }
    if options.fallsBackToBytes {
      byteIDs = (0..<256).map { vocabulary.id(byteToken(UInt8($0))) }
    }
  }

  private mutating func addMerge(_ merge: Merge, rank: Int, path: String) throws {
    let rest = merge.right.utf8.dropFirst(options.continuingPrefix.utf8.count)
    guard let leftNode = vocabulary.node(merge.left.utf8), let leftID = vocabulary.id(at: leftNode),
      let rightID = vocabulary.id(merge.right.utf8),
      let joined = vocabulary.node(rest, from: leftNode).flatMap(vocabulary.id(at:))
    else {
      throw FileError(
        .badData, path,
        "merge \(rank + 1), \(String(merge.left).quoted) with \(String(merge.right).quoted), needs tokens that are not in the vocabulary"
      )
    }
    merges.set(Self.pair(leftID, rightID), UInt64(rank) << 32 | UInt64(joined))
  }

  /// Takes pieces with scores in place of merges, as SentencePiece does: of all neighbours that are
  /// a piece when joined, those with the highest score are joined first.
  ///
  /// - Parameter scores: The pieces that can come of joining, and their scores.
  /// - Throws: `FileError` when the pieces are so long that this would not end.
  init(
    vocabulary: Vocabulary, scores: [(id: Int, score: Double)], options: Options, path: String
  ) throws {
    try self.init(
      vocabulary: vocabulary, merges: EmptyCollection<Merge>(), options: options, path: path)
    merges = IntegerTable(capacity: 4 * scores.count)
    var rank = -1
    var last: Double?
    var steps = 0
    for (id, score) in scores.sorted(by: { ($1.score, $0.id) < ($0.score, $1.id) }) {
      if score != last { rank += 1 }
      last = score
      addMerges(into: id, rank: rank, steps: &steps)
      guard steps < 1 << 28 else {
        throw FileError(.badData, path, "the pieces of the vocabulary are too long to be joined")
      }
    }
  }

  /// Adds every way to cut a piece into two that are pieces themselves.
  private mutating func addMerges(into id: Int, rank: Int, steps: inout Int) {
    let bytes = Array((vocabulary.token(id) ?? "").utf8)
    var node = Vocabulary.root
    for cut in bytes.indices.dropLast() {
      guard let next = vocabulary.child(of: node, bytes[cut]) else { return }
      node = next
      guard let left = vocabulary.id(at: node) else { continue }
      steps += bytes.count - cut
      guard let right = vocabulary.id(bytes[(cut + 1)...]) else { continue }
      merges.set(Self.pair(left, right), UInt64(rank) << 32 | UInt64(id))
    }
  }

  private static func pair(_ left: Int, _ right: Int) -> UInt64 {
    UInt64(left) << 32 | UInt64(right)
  }

  // MARK: tokenizing

  func tokenize(_ word: [UInt8], into tokens: inout [ModelToken]) throws {
    if options.prefersWholeWords, let id = vocabulary.id(word) {
      tokens.append(ModelToken(id, 0..<word.count))
      return
    }
    var chain = SymbolChain(capacity: word.count)
    try addCharacters(of: word, to: &chain)
    chain.merge { merges[Self.pair($0, $1)] }
    chain.appendTokens(to: &tokens)
  }

  /// Turns the characters of a word into symbols. An unknown character waits until the next known
  /// one, for the case that more follow it; bytes do not end that wait, as in the reference.
  private func addCharacters(of word: [UInt8], to chain: inout SymbolChain) throws {
    var unknown: (id: Int, length: Int)?
    var start = 0
    while start < word.count {
      let end = min(start + sequenceLength(word[start]), word.count)
      let id = characterID(word, start..<end)
      if let id {
        if let waiting = unknown { chain.append(waiting.id, length: waiting.length) }
        unknown = nil
        chain.append(id, length: end - start)
      } else if let ids = bytesOf(word[start..<end], isFirst: start == 0, isLast: end == word.count)
      {
        for id in ids { chain.append(id, length: 1) }
      } else if let token = options.unknownToken {
        guard let unknownID else { throw TokenizationError.noUnknownToken(token) }
        var length = end - start
        if let waiting = unknown {
          if options.fusesUnknown {
            length += waiting.length
          } else {
            chain.append(waiting.id, length: waiting.length)
          }
        }
        unknown = (unknownID, length)
      }
      start = end
    }
    if let unknown { chain.append(unknown.id, length: unknown.length) }
  }

  private func characterID(_ word: [UInt8], _ range: Range<Int>) -> Int? {
    var node = Vocabulary.root
    if range.lowerBound > 0, !options.continuingPrefix.isEmpty {
      guard let next = vocabulary.node(options.continuingPrefix.utf8) else { return nil }
      node = next
    }
    guard var node = vocabulary.node(word[range], from: node) else { return nil }
    if range.upperBound == word.count, !options.wordSuffix.isEmpty {
      guard let next = vocabulary.node(options.wordSuffix.utf8, from: node) else { return nil }
      node = next
    }
    return vocabulary.id(at: node)
  }

  /// The byte tokens of a character with its prefix and suffix, when all of them exist.
  private func bytesOf(_ character: ArraySlice<UInt8>, isFirst: Bool, isLast: Bool) -> [Int]? {
    guard options.fallsBackToBytes else { return nil }
    var bytes = isFirst ? [] : Array(options.continuingPrefix.utf8)
    bytes += character
    if isLast { bytes += options.wordSuffix.utf8 }
    let ids = bytes.compactMap { byteIDs[Int($0)] }
    return ids.count == bytes.count ? ids : nil
  }
}

/// The token that stands for one byte: `<0x0A>`.
func byteToken(_ byte: UInt8) -> String {
  let digits = String(byte, radix: 16, uppercase: true)
  return "<0x" + (digits.utf8.count == 1 ? "0" : "") + digits + ">"
}
