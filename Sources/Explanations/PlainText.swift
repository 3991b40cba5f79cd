extension Explanation.Piece {
  /// The piece as plain text; tokens in quotation marks.
  public var text: String {
    switch self {
    case .words(let words): words
    case .token(let token): "“\(token)”"
    case .number(let printed, _), .derived(let printed): printed
    }
  }

  /// The piece without quotation marks, for cells of a table.
  public var bare: String {
    if case .token(let token) = self { return token }
    return text
  }
}

extension Explanation.Sentence {
  /// The sentence as plain text.
  public var text: String {
    pieces.map(\.text).joined()
  }
}
