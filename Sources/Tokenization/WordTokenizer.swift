/// Cuts the words of one text into tokens, and remembers what it did with short ones.
struct WordTokenizer {
  private static let longestRemembered = 64
  private static let mostRemembered = 50_000

  /// A token of a word; it covers these scalars of the word.
  private struct WordToken {
    var id: Int
    var token: String
    var spaces: OuterSpaces
    var scalars: Range<Int>
  }

  /// A word and its tokens, as places in the stores.
  private struct Remembered {
    var scalars: Range<Int>
    var tokens: Range<Int>
  }

  private let model: any TokenModel
  private var words: [Remembered] = []
  /// From the hash of a word to its place.
  private var placeByHash = IntegerTable<UInt64, UInt64>(capacity: 1024)
  private var scalarStore: [Unicode.Scalar] = []
  private var tokenStore: [WordToken] = []
  /// How many tokens of the store are of remembered words; others go after use.
  private var remembered = 0
  private let seed = UInt64.random(in: 0 ... .max) | 1
  // Space for one word.
  private var bytes: [UInt8] = []
  private var scalarOfByte: [Int] = []
  private var modelTokens: [ModelToken] = []

  init(model: any TokenModel) {
    self.model = model
  }

  /// Appends the tokens of all words of a text.
  mutating func tokenize(_ words: Words, into tokens: inout [TextToken]) throws {
    for range in words.ranges {
      let places = try places(of: words.text.scalars[range])
      for token in tokenStore[places] {
        let scalars =
          range.lowerBound + token.scalars.lowerBound..<range.lowerBound + token.scalars.upperBound
        tokens.append(
          TextToken(
            id: token.id, token: token.token, range: words.text.origin(of: scalars),
            spaces: token.spaces))
      }
      if places.upperBound > remembered { tokenStore.removeSubrange(remembered...) }
    }
  }

  /// Where the tokens of a word are in the store.
  private mutating func places(of word: ArraySlice<Unicode.Scalar>) throws -> Range<Int> {
    let hash = hash(of: word)
    if let place = placeByHash[hash] {
      let known = words[Int(place)]
      if scalarStore[known.scalars].elementsEqual(word) { return known.tokens }
    }
    try cut(word)
    let places = remembered..<tokenStore.count
    if word.count <= Self.longestRemembered, words.count < Self.mostRemembered {
      let start = scalarStore.count
      scalarStore += word
      placeByHash.set(hash, UInt64(words.count))
      words.append(Remembered(scalars: start..<scalarStore.count, tokens: places))
      remembered = tokenStore.count
    }
    return places
  }

  /// A hash that is another one in every process, and never `UInt64.max`.
  private func hash(of scalars: ArraySlice<Unicode.Scalar>) -> UInt64 {
    var hash = seed
    for scalar in scalars {
      hash = (hash ^ UInt64(scalar.value)) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 32
    }
    return hash >> 1
  }

  /// Lets the model cut a word; the tokens go to the end of the store.
  private mutating func cut(_ word: ArraySlice<Unicode.Scalar>) throws {
    spell(word)
    modelTokens.removeAll(keepingCapacity: true)
    try model.tokenize(bytes, into: &modelTokens)
    let vocabulary = model.vocabulary
    let last = bytes.count - 1
    for token in modelTokens {
      let first = scalarOfByte[min(Int(token.start), last)]
      let end = scalarOfByte[min(Int(token.end) - 1, last)] + 1
      let text = vocabulary.token(Int(token.id)) ?? ""
      tokenStore.append(
        WordToken(
          id: Int(token.id), token: text, spaces: OuterSpaces(of: text.unicodeScalars),
          scalars: first..<max(first, end)))
    }
  }

  /// Writes a word as UTF-8, and the scalar that each byte belongs to.
  private mutating func spell(_ word: ArraySlice<Unicode.Scalar>) {
    bytes.removeAll(keepingCapacity: true)
    scalarOfByte.removeAll(keepingCapacity: true)
    for (index, scalar) in word.enumerated() {
      for byte in UTF8.encode(scalar) ?? .init() {
        bytes.append(byte)
        scalarOfByte.append(index)
      }
    }
  }
}
