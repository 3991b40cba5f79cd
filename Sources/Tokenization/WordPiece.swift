/// WordPiece: the longest token first, then the longest that continues it, …; a word that does
/// not work out is one unknown token (Wu et al. 2016, arXiv:1609.08144; BERT's variant).
struct WordPiece: TokenModel {
  let name = "WordPiece"
  let vocabulary: Vocabulary
  let unknownToken: String
  /// Words of more scalars are unknown.
  let longestWord: Int
  let unknownID: Int?
  /// Where the tokens that continue a word begin in the trie; nil when there are none.
  private let continuation: Vocabulary.Node?

  init(
    vocabulary: Vocabulary, unknownToken: String, continuingPrefix: String, longestWord: Int
  ) {
    self.vocabulary = vocabulary
    self.unknownToken = unknownToken
    self.longestWord = longestWord
    unknownID = vocabulary.id(unknownToken)
    continuation = vocabulary.node(continuingPrefix.utf8)
  }

  func tokenize(_ word: [UInt8], into tokens: inout [ModelToken]) throws {
    let first = tokens.count
    if word.count <= 4 * longestWord, word.count(where: { $0 & 0xC0 != 0x80 }) <= longestWord {
      var start = 0
      while start < word.count, let token = longestToken(in: word, from: start) {
        tokens.append(token)
        start = Int(token.end)
      }
      if start == word.count { return }
    }
    tokens.removeSubrange(first...)
    guard let unknownID else { throw TokenizationError.noUnknownToken(unknownToken) }
    tokens.append(ModelToken(unknownID, 0..<word.count))
  }

  private func longestToken(in word: [UInt8], from start: Int) -> ModelToken? {
    guard var node = start == 0 ? Vocabulary.root : continuation else { return nil }
    var longest: ModelToken?
    for position in start..<word.count {
      guard let next = vocabulary.child(of: node, word[position]) else { break }
      node = next
      if let id = vocabulary.id(at: node) { longest = ModelToken(id, start..<position + 1) }
    }
    return longest
  }
}
