/// A step that cuts a text into words, the units that the model then cuts into tokens.
indirect enum PreTokenizer: Sendable {
  case sequence([PreTokenizer])
  case byteLevel(addsPrefixSpace: Bool, words: Pattern?)
  case bert
  case split(Pattern, SplitBehavior, isInverted: Bool)
  case digits(individually: Bool)
  case punctuation(SplitBehavior)
  /// Runs of word characters, and runs of others that are no white space.
  case whitespace
  case whitespaceSplit
  case delimiter(Unicode.Scalar)
  case metaspace(Metaspace)

  /// Cuts every word further.
  func apply(to texts: [Words]) throws -> [Words] {
    switch self {
    case .sequence(let steps): return try steps.reduce(texts) { try $1.apply(to: $0) }
    case .byteLevel(let addsPrefixSpace, let words):
      return try texts.flatMap { text in
        try (addsPrefixSpace ? text.pieces { $0.prependSpace() } : [text]).map {
          try $0.spelt(words: words)
        }
      }
    case .metaspace(let metaspace):
      return texts.flatMap { text in
        text.pieces { metaspace.mark(&$0) }.map { metaspace.splits ? metaspace.split($0) : $0 }
      }
    default: return try texts.map { try cut($0) }
    }
  }

  /// A step that only cuts.
  private func cut(_ words: Words) throws -> Words {
    var words = words
    switch self {
    case .bert:
      words.cut(.removed, where: \.isSpace)
      words.cut(.isolated, where: \.isBERTPunctuation)
    case .split(let pattern, let behavior, let isInverted):
      try words.cut(behavior, isInverted: isInverted) { try pattern.matches(in: $0) }
    case .digits(let individually):
      words.cut(individually ? .isolated : .contiguous, where: \.isNumber)
    case .punctuation(let behavior): words.cut(behavior, where: \.isBERTPunctuation)
    case .whitespace:
      words.cut(.removed, where: \.isSpace)
      words.cut(.contiguous, where: \.isWord)
    case .whitespaceSplit: words.cut(.removed, where: \.isSpace)
    case .delimiter(let scalar): words.cut(.removed) { $0 == scalar }
    case .sequence, .byteLevel, .metaspace: break
    }
    return words
  }
}

/// What becomes of the matches of a split.
enum SplitBehavior: String, Sendable, CaseIterable {
  case removed = "Removed"
  case isolated = "Isolated"
  case mergedWithPrevious = "MergedWithPrevious"
  case mergedWithNext = "MergedWithNext"
  case contiguous = "Contiguous"
}

/// SentencePiece's way with spaces: each becomes a visible character that begins a word.
struct Metaspace: Sendable {
  /// Where a text gets one more of the character before it.
  enum Prepending: String, Sendable, CaseIterable {
    case always, first, never
  }

  var replacement: Unicode.Scalar
  var prepending: Prepending
  var splits: Bool

  /// Writes spaces as the visible character, and one more before the piece where it belongs.
  func mark(_ piece: inout AlignedText) {
    let replacement = replacement
    piece.map { $0 == " " ? replacement : $0 }
    let prepends =
      prepending == .always || (prepending == .first && piece.origins.first?.lowerBound == 0)
    if prepends, piece.scalars.first != replacement { piece.prepend([replacement]) }
  }

  func split(_ words: Words) -> Words {
    var words = words
    words.cut(.mergedWithNext) { $0 == replacement }
    return words
  }
}

extension AlignedText {
  fileprivate mutating func prependSpace() {
    if scalars.first != " " { prepend([" "]) }
  }
}
