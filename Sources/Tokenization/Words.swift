/// A text and the words it is cut into: ranges that are ascending, apart and not empty.
struct Words: Sendable {
  private(set) var text: AlignedText
  private(set) var ranges: [Range<Int>]

  /// A text as one word.
  init(_ text: AlignedText) {
    self.text = text
    ranges = text.isEmpty ? [] : [text.indices]
  }

  // MARK: cutting

  /// Cuts where single scalars match.
  mutating func cut(_ behavior: SplitBehavior, where isMatch: (Unicode.Scalar) -> Bool) {
    cut(behavior) { word in
      guard let first = word.firstIndex(where: isMatch) else { return [] }
      return (first..<word.endIndex).filter { isMatch(word[$0]) }.map { $0..<$0 + 1 }
    }
  }

  /// Cuts every word at its matches, which are ascending and apart; inverted, what lies between
  /// them matches.
  mutating func cut(
    _ behavior: SplitBehavior, isInverted: Bool = false,
    at matches: (ArraySlice<Unicode.Scalar>) throws -> [Range<Int>]
  ) rethrows {
    var cutter = Cutter(behavior: behavior)
    cutter.ranges.reserveCapacity(ranges.count)
    for range in ranges {
      var done = range.lowerBound
      cutter.previous = nil
      for match in try matches(text.scalars[range]) {
        if done < match.lowerBound { cutter.add(done..<match.lowerBound, isMatch: isInverted) }
        cutter.add(match, isMatch: !isInverted)
        done = match.upperBound
      }
      if done < range.upperBound { cutter.add(done..<range.upperBound, isMatch: isInverted) }
    }
    cutter.ranges.removeAll(where: \.isEmpty)
    ranges = cutter.ranges
  }

  /// Puts the parts of one word after the other together as a behaviour says.
  private struct Cutter {
    let behavior: SplitBehavior
    var ranges: [Range<Int>] = []
    /// Whether the part before is a match; nil at the beginning of a word.
    var previous: Bool?

    mutating func add(_ range: Range<Int>, isMatch: Bool) {
      defer { previous = isMatch }
      if behavior == .removed, isMatch { return }
      if let previous, joins(previous, isMatch), let last = ranges.popLast() {
        ranges.append(last.lowerBound..<range.upperBound)
      } else {
        ranges.append(range)
      }
    }

    private func joins(_ previous: Bool, _ isMatch: Bool) -> Bool {
      switch behavior {
      case .isolated, .removed: false
      case .contiguous: previous == isMatch
      case .mergedWithPrevious: !previous && isMatch
      case .mergedWithNext: previous && !isMatch  // unless what follows is a match too
      }
    }
  }

  // MARK: changing

  /// Every word as a text of its own, changed.
  func pieces(_ change: (inout AlignedText) -> Void) -> [Words] {
    ranges.map { range in
      var piece = text[range]
      change(&piece)
      return Words(piece)
    }
  }

  /// The words with every scalar replaced by the characters of its UTF-8 bytes, cut before that
  /// where `words` says so.
  func spelt(words: Pattern?) throws -> Words {
    var spelt = self
    if let words { try spelt.cut(.isolated) { try words.matches(in: $0) } }
    var position = text.indices.lowerBound
    var end = 0
    spelt.ranges = spelt.ranges.map { range in
      end += byteCount(position..<range.lowerBound)
      position = range.upperBound
      let start = end
      end += byteCount(range)
      return start..<end
    }
    spelt.text.spellBytes()
    return spelt
  }

  private func byteCount(_ range: Range<Int>) -> Int {
    text.scalars[range].reduce(0) { $0 + UTF8.width($1) }
  }
}
