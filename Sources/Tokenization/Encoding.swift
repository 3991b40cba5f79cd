/// A text, or a pair of texts, as tokens. All arrays have one element per token.
public struct Encoding: Sendable, Equatable {
  /// What the model reads.
  public var ids: [Int] = []
  /// The strings of the vocabulary, as they are: `Ġthe`, `##ing`, `▁the`.
  public var tokens: [String] = []
  /// What each token stands for, in Unicode scalars of the original text (of `pair` for its
  /// tokens); `0..<0` for special tokens that the tokenizer adds.
  ///
  /// Tokens that are parts of one character have the same range.
  public var offsets: [Range<Int>] = []
  /// The segment ids of BERT-like models.
  public var typeIDs: [Int] = []
  /// Whether the tokenizer added the token; a special token in the text itself does not count.
  public var isSpecial: [Bool] = []
  /// 0 for tokens of the text, 1 for those of the pair, nil for special tokens.
  public var sequence: [Int?] = []

  /// No tokens.
  public init() {}

  /// The first tokens.
  package func prefix(_ count: Int) -> Encoding {
    var first = Encoding()
    for index in ids.indices.prefix(count) {
      first.append(
        ids[index], tokens[index], offsets[index], type: typeIDs[index], sequence: sequence[index])
      first.isSpecial[index] = isSpecial[index]
    }
    return first
  }

  mutating func reserveCapacity(_ count: Int) {
    ids.reserveCapacity(count)
    tokens.reserveCapacity(count)
    offsets.reserveCapacity(count)
    typeIDs.reserveCapacity(count)
    isSpecial.reserveCapacity(count)
    sequence.reserveCapacity(count)
  }

  mutating func append(
    _ id: Int, _ token: String, _ range: Range<Int>, type: Int, sequence: Int?
  ) {
    ids.append(id)
    tokens.append(token)
    offsets.append(range)
    typeIDs.append(type)
    isSpecial.append(sequence == nil)
    self.sequence.append(sequence)
  }
}
