/// The elements of a pattern as a flat list of plain steps: nothing is retained while it matches.
struct Program: Sendable {
  /// One element.
  fileprivate struct Step {
    enum Kind { case characters, lookAhead, lineStart, lineEnd }

    var kind: Kind
    /// The members of the class below U+0040 and below U+0080, as bits.
    var low: UInt64 = 0
    var high: UInt64 = 0
    /// The place of the class, or of the alternatives of a look ahead.
    var place = 0
    var minimum = 0
    var maximum = 0
    /// Whether a repetition is possessive, or a look ahead negated.
    var isSpecial = false
  }

  private var steps: [Step] = []
  private var classes: [ScalarClass] = []
  private var looks: [[Range<Int>]] = []

  /// Adds a sequence of elements; its steps are the result.
  mutating func add(_ elements: [Pattern.Element]) -> Range<Int> {
    let added = elements.map { step(for: $0) }
    let start = steps.count
    steps += added
    return start..<steps.count
  }

  private mutating func step(for element: Pattern.Element) -> Step {
    switch element {
    case .characters(let members, let minimum, let maximum, let isPossessive):
      classes.append(members)
      return Step(
        kind: .characters, low: members.ascii.low, high: members.ascii.high,
        place: classes.count - 1, minimum: minimum, maximum: maximum, isSpecial: isPossessive)
    case .lookAhead(let alternatives, let isNegated):
      looks.append(alternatives.map { add($0) })
      return Step(kind: .lookAhead, place: looks.count - 1, isSpecial: isNegated)
    case .lineStart: return Step(kind: .lineStart)
    case .lineEnd: return Step(kind: .lineEnd)
    }
  }

  /// Calls `body` with a matcher for one text.
  func withMatcher<Result>(
    of text: UnsafeBufferPointer<Unicode.Scalar>, _ body: (inout Matcher) throws -> Result
  ) rethrows -> Result {
    try steps.withUnsafeBufferPointer { steps in
      var matcher = Matcher(text: text, steps: steps, classes: classes, looks: looks)
      return try body(&matcher)
    }
  }

  /// Matches sequences of steps against one text and counts its work.
  struct Matcher {
    let text: UnsafeBufferPointer<Unicode.Scalar>
    private let steps: UnsafeBufferPointer<Step>
    private let classes: [ScalarClass]
    private let looks: [[Range<Int>]]
    private var workLeft: Int

    fileprivate init(
      text: UnsafeBufferPointer<Unicode.Scalar>, steps: UnsafeBufferPointer<Step>,
      classes: [ScalarClass], looks: [[Range<Int>]]
    ) {
      self.text = text
      self.steps = steps
      self.classes = classes
      self.looks = looks
      workLeft = 1_000_000 + 200 * text.count
    }

    /// Where a match of the steps at `range` that begins at `position` ends.
    mutating func end(of range: Range<Int>, from position: Int) throws -> Int? {
      guard let index = range.first else { return position }
      let step = steps[index]
      let rest = index + 1..<range.upperBound
      switch step.kind {
      case .characters: return try endOfCharacters(step, rest, from: position)
      case .lookAhead:
        let isThere = try looks[step.place].contains { try end(of: $0, from: position) != nil }
        return isThere == step.isSpecial ? nil : try end(of: rest, from: position)
      case .lineStart:
        let isThere = position == 0 || text[position - 1] == "\n"
        return isThere ? try end(of: rest, from: position) : nil
      case .lineEnd:
        let isThere = position == text.count || text[position] == "\n"
        return isThere ? try end(of: rest, from: position) : nil
      }
    }

    private mutating func endOfCharacters(
      _ step: Step, _ rest: Range<Int>, from position: Int
    ) throws -> Int? {
      let most = min(step.maximum, text.count - position)
      var count = 0
      while count < most, contains(step, text[position + count]) { count += 1 }
      try spend(count + 1)
      guard count >= step.minimum else { return nil }
      if rest.isEmpty || step.isSpecial { return try end(of: rest, from: position + count) }
      while count >= step.minimum {
        if let end = try end(of: rest, from: position + count) { return end }
        count -= 1
      }
      return nil
    }

    private func contains(_ step: Step, _ scalar: Unicode.Scalar) -> Bool {
      let code = UInt64(scalar.value)
      if code < 64 { return step.low >> code & 1 == 1 }
      if code < 128 { return step.high >> (code - 64) & 1 == 1 }
      return classes[step.place].contains(scalar)
    }

    private mutating func spend(_ work: Int) throws {
      workLeft -= work
      guard workLeft > 0 else {
        throw TokenizationError(
          "a regular expression of the tokenizer takes too many steps on this text")
      }
    }
  }
}
