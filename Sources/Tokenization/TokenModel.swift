/// A model of `tokenizer.json`: it cuts one word into tokens of its vocabulary.
protocol TokenModel: Sendable {
  /// The name in the file: "BPE", "WordPiece", ….
  var name: String { get }
  var vocabulary: Vocabulary { get }
  /// The token for what the vocabulary lacks.
  var unknownID: Int? { get }

  /// Appends the tokens of one word, given as UTF-8 and not empty.
  ///
  /// - Throws: `TokenizationError` when a part is unknown and there is no token for that.
  func tokenize(_ word: [UInt8], into tokens: inout [ModelToken]) throws
}

/// One token of a word and the bytes of the word it covers.
struct ModelToken: Sendable {
  var id: Int32
  var start: Int32
  var end: Int32

  init(_ id: Int, _ bytes: Range<Int>) {
    self.id = Int32(id)
    start = Int32(bytes.lowerBound)
    end = Int32(bytes.upperBound)
  }
}

/// Why a text cannot be tokenized, in one clause.
public struct TokenizationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The fact, and what to do about it.
  public var description: String

  init(_ description: String) {
    self.description = description
  }

  /// The unknown token of a model is not in its vocabulary.
  static func noUnknownToken(_ token: String) -> TokenizationError {
    TokenizationError(
      "the text has a part that the vocabulary lacks, and the unknown token \(token.quoted) is not in it either"
    )
  }
}

/// How many bytes the UTF-8 sequence with this first byte has.
func sequenceLength(_ lead: UInt8) -> Int {
  switch lead {
  case ..<0x80: 1
  case ..<0xE0: 2
  case ..<0xF0: 3
  default: 4
  }
}
