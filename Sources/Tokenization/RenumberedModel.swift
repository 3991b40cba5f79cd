/// A model whose tokens have other ids outside: Marian cuts a text by the pieces of one file and
/// looks them up in another.
struct RenumberedModel: TokenModel {
  private let model: any TokenModel
  let vocabulary: Vocabulary
  let unknownID: Int?
  /// The id outside by the id inside.
  private let ids: [Int]

  var name: String { model.name }

  /// Gives the tokens of a model the ids of a vocabulary; those it lacks become the unknown one.
  init(_ model: any TokenModel, vocabulary: Vocabulary, unknownID: Int) {
    self.model = model
    self.vocabulary = vocabulary
    self.unknownID = unknownID
    ids = (0..<model.vocabulary.idBound).map { id in
      id == model.unknownID
        ? unknownID : model.vocabulary.token(id).flatMap { vocabulary.id($0) } ?? unknownID
    }
  }

  func tokenize(_ word: [UInt8], into tokens: inout [ModelToken]) throws {
    let start = tokens.count
    try model.tokenize(word, into: &tokens)
    for index in start..<tokens.count {
      tokens[index].id = Int32(ids[Int(tokens[index].id)])
    }
  }
}
