/// Cuts the words of one text into tokens, and remembers what it did with short ones.
struct WordTokenizer {
  private static let longestRemembered = 64
  private static let mostRemembered = 20_000

  private let model: any TokenModel
  private let vocabulary: Vocabulary
  private var remembered: [[UInt8]: Range<Int>] = [:]
  /// The tokens of remembered words, one word after the other.
  private var store: [ModelToken] = []
  private var bytes: [UInt8] = []
  /// The scalar that each byte belongs to.
  private var scalarOfByte: [Int32] = []
  private var fresh: [ModelToken] = []

  init(model: any TokenModel) {
    self.model = model
    vocabulary = model.vocabulary
  }

  /// Appends the tokens of a word.
  mutating func tokenize(
    _ word: Range<Int>, of text: AlignedText, into tokens: inout [TextToken]
  ) throws {
    spell(text.scalars, word)
    for token in try tokensOfBytes() {
      let last = bytes.count - 1
      let first = Int(scalarOfByte[min(Int(token.start), last)])
      let end = Int(scalarOfByte[min(Int(token.end) - 1, last)]) + 1
      tokens.append(
        TextToken(
          id: Int(token.id), token: vocabulary.token(Int(token.id)) ?? "",
          range: text.origin(of: first..<max(first, end))))
    }
  }

  private mutating func spell(_ scalars: [Unicode.Scalar], _ word: Range<Int>) {
    bytes.removeAll(keepingCapacity: true)
    scalarOfByte.removeAll(keepingCapacity: true)
    for index in word {
      let scalar = scalars[index]
      if scalar.isASCII {
        bytes.append(UInt8(scalar.value))
        scalarOfByte.append(Int32(index))
      } else {
        for byte in UTF8.encode(scalar) ?? .init() {
          bytes.append(byte)
          scalarOfByte.append(Int32(index))
        }
      }
    }
  }

  private mutating func tokensOfBytes() throws -> ArraySlice<ModelToken> {
    if let range = remembered[bytes] { return store[range] }
    fresh.removeAll(keepingCapacity: true)
    try model.tokenize(bytes, into: &fresh)
    guard bytes.count <= Self.longestRemembered, remembered.count < Self.mostRemembered else {
      return fresh[...]
    }
    let start = store.count
    store += fresh
    remembered[bytes] = start..<store.count
    return fresh[...]
  }
}
