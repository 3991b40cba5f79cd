/// What SentencePiece does with a text before it cuts it: characters are mapped, outer and repeated
/// spaces dropped, the others made visible.
///
/// `tokenizer.json` describes this with other steps, which differ on a few texts: this is for models
/// that come without one.
struct SentencePieceNormalizer: Sendable {
  static let mark: Unicode.Scalar = "▁"

  var map: CharacterMap?
  var addsPrefix: Bool
  var removesExtraSpaces: Bool

  func apply(to text: inout AlignedText) {
    map?.applyLongest(to: &text)
    if removesExtraSpaces { Self.removeExtraSpaces(of: &text) }
    if addsPrefix { text.prepend([Self.mark]) }
    text.map { $0 == " " ? Self.mark : $0 }
    if removesExtraSpaces {
      let end = text.scalars.lastIndex { $0 != Self.mark }.map { $0 + 1 }
      text.keep(text.indices.lowerBound..<(end ?? text.indices.lowerBound))
    }
  }

  /// Keeps a space only behind something else.
  private static func removeExtraSpaces(of text: inout AlignedText) {
    var last: Unicode.Scalar = " "
    text.filter { scalar in
      defer { last = scalar }
      return scalar != " " || last != " "
    }
  }
}
