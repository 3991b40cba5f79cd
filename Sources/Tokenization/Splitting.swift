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

  /// Cuts every piece further; pieces that become empty are dropped.
  func apply(to pieces: [AlignedText]) throws -> [AlignedText] {
    switch self {
    case .sequence(let steps): return try steps.reduce(pieces) { try $1.apply(to: $0) }
    case .byteLevel(let addsPrefixSpace, let words):
      return try Self.spellBytes(pieces, addsPrefixSpace: addsPrefixSpace, words: words)
    case .bert:
      return pieces.flatMap { $0.split(.removed, where: \.isSpace) }
        .flatMap { $0.split(.isolated, where: \.isBERTPunctuation) }
    case .split(let pattern, let behavior, let isInverted):
      return try pieces.flatMap { piece in
        let matches = try pattern.matches(in: piece.scalars)
        return piece.split(behavior, at: matches, isInverted: isInverted)
      }
    case .digits(let individually):
      return pieces.flatMap { $0.split(individually ? .isolated : .contiguous, where: \.isNumber) }
    case .punctuation(let behavior):
      return pieces.flatMap { $0.split(behavior, where: \.isBERTPunctuation) }
    case .whitespace: return pieces.flatMap { $0.wordsAndSymbols() }
    case .whitespaceSplit: return pieces.flatMap { $0.split(.removed, where: \.isSpace) }
    case .delimiter(let scalar):
      return pieces.flatMap { $0.split(.removed) { $0 == scalar } }
    case .metaspace(let metaspace): return pieces.flatMap { metaspace.apply(to: $0) }
    }
  }

  private static func spellBytes(
    _ pieces: [AlignedText], addsPrefixSpace: Bool, words: Pattern?
  ) throws -> [AlignedText] {
    try pieces.flatMap { piece in
      var piece = piece
      if addsPrefixSpace, piece.scalars.first != " " { piece.prepend([" "]) }
      let words = try words.map { piece.cuts(.isolated, at: try $0.matches(in: piece.scalars)) }
      let lengths = words?.map { piece.scalars[$0].reduce(0) { $0 + UTF8.width($1) } }
      piece.spellBytes()
      guard let lengths else { return [piece] }
      var end = piece.indices.lowerBound
      return lengths.map { length in
        defer { end += length }
        return piece[end..<end + length]
      }
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

  func apply(to piece: AlignedText) -> [AlignedText] {
    var piece = piece
    let replacement = replacement
    piece.map { $0 == " " ? replacement : $0 }
    let prepends = prepending == .always || (prepending == .first && piece.start == 0)
    if prepends, piece.scalars.first != replacement { piece.prepend([replacement]) }
    return splits ? piece.split(.mergedWithNext) { $0 == replacement } : [piece]
  }
}

extension AlignedText {
  /// Cuts where single scalars match.
  func split(
    _ behavior: SplitBehavior, where isMatch: (Unicode.Scalar) -> Bool
  ) -> [AlignedText] {
    let matches = indices.filter { isMatch(scalars[$0]) }.map { $0..<$0 + 1 }
    return split(behavior, at: matches)
  }

  /// Cuts at matches, which are ascending and apart; inverted, what lies between them matches.
  func split(
    _ behavior: SplitBehavior, at matches: [Range<Int>], isInverted: Bool = false
  ) -> [AlignedText] {
    cuts(behavior, at: matches, isInverted: isInverted).map { self[$0] }
  }

  /// The ranges that such a cut makes; none is empty.
  fileprivate func cuts(
    _ behavior: SplitBehavior, at matches: [Range<Int>], isInverted: Bool = false
  ) -> [Range<Int>] {
    var parts: [(range: Range<Int>, isMatch: Bool)] = []
    parts.reserveCapacity(matches.count)
    var done = indices.lowerBound
    for match in matches {
      if done < match.lowerBound { parts.append((done..<match.lowerBound, isInverted)) }
      parts.append((match, !isInverted))
      done = match.upperBound
    }
    if done < indices.upperBound { parts.append((done..<indices.upperBound, isInverted)) }
    return Self.merge(parts, behavior).filter { !$0.isEmpty }
  }

  private static func merge(
    _ parts: [(range: Range<Int>, isMatch: Bool)], _ behavior: SplitBehavior
  ) -> [Range<Int>] {
    switch behavior {
    case .isolated: return parts.map(\.range)
    case .removed: return parts.compactMap { $0.isMatch ? nil : $0.range }
    case .contiguous: return join(parts) { $0 == $1 }
    case .mergedWithPrevious: return join(parts) { !$0 && $1 }
    case .mergedWithNext:
      // A match joins what follows it, unless that is a match too.
      return join(parts) { $0 && !$1 }
    }
  }

  /// Joins neighbours for which `belong` says so of their being matches.
  private static func join(
    _ parts: [(range: Range<Int>, isMatch: Bool)], _ belong: (Bool, Bool) -> Bool
  ) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var previous = false
    for part in parts {
      if let last = result.last, belong(previous, part.isMatch) {
        result[result.count - 1] = last.lowerBound..<part.range.upperBound
      } else {
        result.append(part.range)
      }
      previous = part.isMatch
    }
    return result
  }

  /// The runs of word characters and the runs of symbols.
  fileprivate func wordsAndSymbols() -> [AlignedText] {
    let kinds = scalars.map { $0.isSpace ? 0 : $0.isWord ? 1 : 2 }
    var result: [AlignedText] = []
    var start = 0
    for end in 1..<max(1, kinds.count + 1) where end == kinds.count || kinds[end] != kinds[start] {
      let first = indices.lowerBound
      if kinds[start] != 0 { result.append(self[first + start..<first + end]) }
      start = end
    }
    return result
  }
}
