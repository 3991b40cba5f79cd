/// Turns tokens into text as they come: whole characters only, special tokens left out.
///
/// All pieces together are what `decode` gives for all tokens. Only the last few tokens are
/// decoded again, since what a token stands for depends on its neighbours.
public struct TextStream: Sendable {
  private let tokenizer: Tokenizer
  /// The tokens from the last piece on, and those of the piece before it.
  private var tokens: [Int]
  /// How many of them have their text given out.
  private var done: Int

  /// Starts a text.
  ///
  /// - Parameters:
  ///   - tokenizer: Whose tokens they are.
  ///   - context: Tokens that stand before it and whose text is not wanted.
  public init(_ tokenizer: Tokenizer, after context: [Int] = []) {
    self.tokenizer = tokenizer
    tokens = context
    done = context.count
  }

  /// The text that is whole now that a token has come; empty while a character is not.
  public mutating func append(_ token: Int) -> String {
    tokens.append(token)
    // A run of bytes is text, or none of it is, once it is complete.
    let isByte = tokenizer.token(token).flatMap { byteOfToken($0.unicodeScalars) } != nil
    guard !isByte else { return "" }
    let text = pending
    guard !text.isEmpty, !text.hasSuffix("\u{FFFD}") else { return "" }
    tokens.removeFirst(done)
    done = tokens.count
    return text
  }

  /// What is left: a character that stayed incomplete.
  public mutating func finish() -> String {
    let text = pending
    done = tokens.count
    return text
  }

  /// The text of the tokens that are not done.
  private var pending: String {
    let before = tokenizer.decode(Array(tokens[..<done])).utf8.count
    return String(decoding: tokenizer.decode(tokens).utf8.dropFirst(before), as: UTF8.self)
  }
}

extension Tokenizer {
  /// A text with generated tokens behind it: its encoding, and the text with what they stand for.
  ///
  /// Tokens that are parts of one character have the range of its piece. Special tokens stand for
  /// no text and have the empty range where they are.
  public func continuing(
    _ encoding: Encoding, of text: String, with ids: [Int]
  ) -> (encoding: Encoding, text: String) {
    var (result, whole) = (encoding, text)
    var stream = TextStream(self, after: encoding.ids)
    var end = text.unicodeScalars.count
    var waiting: [Int] = []
    func place(_ piece: String) {
      let range = end..<end + piece.unicodeScalars.count
      for id in waiting {
        result.append(id, token(id) ?? "", range, type: 0, sequence: isSpecial(id) ? nil : 0)
      }
      waiting = []
      end = range.upperBound
      whole += piece
    }
    for id in ids {
      waiting.append(id)
      let piece = stream.append(id)
      if !piece.isEmpty || isSpecial(id), waiting.count == 1 || !piece.isEmpty { place(piece) }
    }
    place(stream.finish())
    return (result, whole)
  }
}
