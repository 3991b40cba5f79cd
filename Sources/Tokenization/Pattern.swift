/// The regular expressions that tokenizers cut text with: alternatives, each a sequence of
/// repeated classes of scalars, with looks ahead. Repeated groups and back-references are not
/// among them, so a match takes at most polynomial time, and the number of steps is limited.
struct Pattern: Sendable {
  /// One step of an alternative.
  indirect enum Element: Sendable {
    /// Between `minimum` and `maximum` scalars of a class, as many as possible; a possessive
    /// repetition never gives any back.
    case characters(ScalarClass, minimum: Int, maximum: Int, isPossessive: Bool)
    case lookAhead([[Element]], isNegated: Bool)
    case lineStart
    case lineEnd
  }

  /// An alternative and the ASCII scalars it can begin with.
  private struct Alternative {
    var steps: Range<Int>
    var low: UInt64
    var high: UInt64
  }

  private let program: Program
  private let alternatives: [Alternative]

  init(_ alternatives: [[Element]]) {
    var program = Program()
    self.alternatives = alternatives.map { elements in
      let firsts = Self.firsts(of: elements)
      return Alternative(steps: program.add(elements), low: firsts.low, high: firsts.high)
    }
    self.program = program
  }

  /// A text to be found as it is; the empty text is found nowhere.
  init(literal text: String) {
    let elements = text.unicodeScalars.map { Element.one(ScalarClass($0)) }
    self.init(elements.isEmpty ? [] : [elements])
  }

  /// The ASCII scalars that a sequence can begin with; all of them where it may match nothing.
  private static func firsts(of elements: [Element]) -> (low: UInt64, high: UInt64) {
    var low: UInt64 = 0
    var high: UInt64 = 0
    for element in elements {
      guard case .characters(let members, let minimum, _, _) = element else { return (.max, .max) }
      low |= members.ascii.low
      high |= members.ascii.high
      if minimum > 0 { return (low, high) }
    }
    return (.max, .max)
  }

  // MARK: matching

  /// The matches, from left to right and apart; none in an empty text.
  ///
  /// - Throws: `TokenizationError` when the pattern takes too many steps on this text.
  func matches(in text: ArraySlice<Unicode.Scalar>) throws -> [Range<Int>] {
    guard !text.isEmpty else { return [] }
    return try text.withUnsafeBufferPointer { buffer in
      try program.withMatcher(of: buffer) { matcher in
        var matches: [Range<Int>] = []
        matches.reserveCapacity(buffer.count / 4)
        var position = 0
        var last = -1  // end of the last match: no empty match stands right behind it
        while position <= buffer.count {
          if let end = try match(&matcher, at: position), end > position || end != last {
            matches.append(position + text.startIndex..<end + text.startIndex)
            last = end
            position = end > position ? end : position + 1
          } else {
            position += 1
          }
        }
        return matches
      }
    }
  }

  private func match(_ matcher: inout Program.Matcher, at position: Int) throws -> Int? {
    let code = position < matcher.text.count ? matcher.text[position].value : 128
    for alternative in alternatives {
      if code < 64 {
        guard alternative.low >> UInt64(code) & 1 == 1 else { continue }
      } else if code < 128 {
        guard alternative.high >> UInt64(code - 64) & 1 == 1 else { continue }
      }
      if let end = try matcher.end(of: alternative.steps, from: position) { return end }
    }
    return nil
  }
}

extension Pattern.Element {
  /// Exactly one scalar of a class.
  static func one(_ members: ScalarClass) -> Pattern.Element {
    .characters(members, minimum: 1, maximum: 1, isPossessive: false)
  }
}
