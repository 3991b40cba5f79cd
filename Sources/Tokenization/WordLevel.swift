/// One token for every word of a fixed list.
struct WordLevel: TokenModel {
  let name = "WordLevel"
  let vocabulary: Vocabulary
  let unknownToken: String

  var unknownID: Int? { vocabulary.id(unknownToken) }

  func tokenize(_ word: [UInt8], into tokens: inout [ModelToken]) throws {
    guard let id = vocabulary.id(word) ?? unknownID else {
      throw TokenizationError.noUnknownToken(unknownToken)
    }
    tokens.append(ModelToken(id, 0..<word.count))
  }
}
