/// A text cut into words: ranges of it, ascending, apart and not empty.
struct CutText {
  private(set) var text: AlignedText
  private(set) var words: [Range<Int>]

  /// A text that is one word.
  init(_ text: AlignedText) {
    self.text = text
    words = text.isEmpty ? [] : [text.indices]
  }

  // MARK: changing the text

  /// Replaces each scalar by another one.
  mutating func map(_ body: (Unicode.Scalar) -> Unicode.Scalar) { text.map(body) }

  /// Replaces every scalar by the characters of its UTF-8 bytes.
  mutating func spellBytes() {
    let places = text.spellBytes()
    words = words.map { places[$0.lowerBound]..<places[$0.upperBound] }
  }

  /// Puts a scalar before every word that does not begin with it; it shares the origin of the
  /// word's first scalar.
  ///
  /// - Parameter onlyFirst: Only before a word at the beginning of the original.
  mutating func prepend(_ scalar: Unicode.Scalar, onlyFirst: Bool = false) {
    let needed = words.filter { word in
      let start = text.origins[word.lowerBound].lowerBound
      return text.scalars[word.lowerBound] != scalar && (!onlyFirst || start == 0)
    }
    guard !needed.isEmpty else { return }
    let places = text.insert([scalar], before: needed.map(\.lowerBound))
    words = words.map { places[$0.lowerBound]..<places[$0.upperBound] }
  }

  // MARK: cutting

  /// Cuts where single scalars match.
  mutating func split(_ behavior: SplitBehavior, where isMatch: (Unicode.Scalar) -> Bool) {
    split(behavior, isInverted: false) { word, scalars, add in
      for index in word where isMatch(scalars[index]) { add(index..<index + 1) }
    }
  }

  /// Cuts where a pattern matches, every word for itself; inverted, where it does not.
  mutating func split(
    _ behavior: SplitBehavior, at pattern: Pattern, isInverted: Bool = false
  ) throws {
    try split(behavior, isInverted: isInverted) { word, scalars, add in
      try pattern.matches(in: scalars[word]).forEach(add)
    }
  }

  /// Keeps the runs of word characters and the runs of symbols.
  mutating func splitWordsAndSymbols() {
    split(.removed, where: \.isSpace)
    split(.contiguous, where: \.isWord)
  }

  /// One part of a word, and whether it is a match.
  private typealias Part = (range: Range<Int>, isMatch: Bool)

  /// Cuts at the matches that `find` adds for a word; they are ascending and apart.
  private mutating func split(
    _ behavior: SplitBehavior, isInverted: Bool,
    find: (Range<Int>, [Unicode.Scalar], (Range<Int>) -> Void) throws -> Void
  ) rethrows {
    var result: [Range<Int>] = []
    result.reserveCapacity(words.count)
    var parts: [Part] = []
    for word in words {
      parts.removeAll(keepingCapacity: true)
      var done = word.lowerBound
      try find(word, text.scalars) { match in
        if done < match.lowerBound { parts.append((done..<match.lowerBound, isInverted)) }
        parts.append((match, !isInverted))
        done = match.upperBound
      }
      if done < word.upperBound { parts.append((done..<word.upperBound, isInverted)) }
      Self.append(parts, behavior, to: &result)
    }
    words = result.filter { !$0.isEmpty }
  }

  private static func append(
    _ parts: [Part], _ behavior: SplitBehavior, to words: inout [Range<Int>]
  ) {
    let first = words.count
    var wasMatch = false
    for part in parts {
      if behavior == .removed, part.isMatch { continue }
      if words.count > first, behavior.joins(wasMatch, part.isMatch) {
        words[words.count - 1] = words[words.count - 1].lowerBound..<part.range.upperBound
      } else {
        words.append(part.range)
      }
      wasMatch = part.isMatch
    }
  }
}

extension SplitBehavior {
  /// Whether a part joins the part before it, as far as their being matches decides.
  fileprivate func joins(_ isMatch: Bool, _ isNextMatch: Bool) -> Bool {
    switch self {
    case .removed, .isolated: false
    case .contiguous: isMatch == isNextMatch
    case .mergedWithPrevious: !isMatch && isNextMatch
    case .mergedWithNext: isMatch && !isNextMatch
    }
  }
}
