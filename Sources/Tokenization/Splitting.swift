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

  /// Cuts every word further; what becomes empty is dropped.
  func apply(to text: inout CutText) throws {
    switch self {
    case .sequence(let steps): for step in steps { try step.apply(to: &text) }
    case .byteLevel(let addsPrefixSpace, let words):
      if addsPrefixSpace { text.prepend(" ") }
      if let words { try text.split(.isolated, at: words) }
      text.spellBytes()
    case .bert:
      text.split(.removed, where: \.isSpace)
      text.split(.isolated, where: \.isBERTPunctuation)
    case .split(let pattern, let behavior, let isInverted):
      try text.split(behavior, at: pattern, isInverted: isInverted)
    case .digits(let individually):
      text.split(individually ? .isolated : .contiguous, where: \.isNumber)
    case .punctuation(let behavior): text.split(behavior, where: \.isBERTPunctuation)
    case .whitespace: text.splitWordsAndSymbols()
    case .whitespaceSplit: text.split(.removed, where: \.isSpace)
    case .delimiter(let scalar): text.split(.removed) { $0 == scalar }
    case .metaspace(let metaspace): metaspace.apply(to: &text)
    }
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

  func apply(to text: inout CutText) {
    let replacement = replacement
    text.map { $0 == " " ? replacement : $0 }
    if prepending != .never { text.prepend(replacement, onlyFirst: prepending == .first) }
    if splits { text.split(.mergedWithNext) { $0 == replacement } }
  }
}
