/// A text on its way to the model: every scalar knows which scalars of the original it stands for.
///
/// Origins never run backwards, so any piece of the text stands for one range of the original.
struct AlignedText: Sendable {
  /// The text as it is now.
  private(set) var scalars: [Unicode.Scalar]
  /// The range of the original behind each scalar.
  private(set) var origins: [Range<Int32>]

  /// One scalar of a rewritten text and how many scalars of the old text it takes the place of:
  /// none for an insertion, which then shares the origin of what stands before it.
  struct Edit {
    var scalar: Unicode.Scalar
    var consumed: Int
  }

  /// A text that is its own origin.
  init(_ scalars: [Unicode.Scalar]) {
    self.scalars = scalars
    origins = (0..<Int32(scalars.count)).map { $0..<$0 + 1 }
  }

  private init(_ scalars: [Unicode.Scalar], _ origins: [Range<Int32>]) {
    self.scalars = scalars
    self.origins = origins
  }

  var isEmpty: Bool { scalars.isEmpty }
  var indices: Range<Int> { scalars.indices }

  /// The piece at `range`, as a text of its own.
  subscript(range: Range<Int>) -> AlignedText {
    AlignedText(Array(scalars[range]), Array(origins[range]))
  }

  /// What the scalars at `range` stand for.
  func origin(of range: Range<Int>) -> Range<Int> {
    guard !range.isEmpty else { return 0..<0 }
    return Int(origins[range.lowerBound].lowerBound)..<Int(origins[range.upperBound - 1].upperBound)
  }

  // MARK: rewriting

  /// Replaces the whole text by `edits`, which follow the old text in order.
  mutating func rewrite(_ edits: [Edit]) {
    var next = 0
    var rewritten: [Range<Int32>] = []
    rewritten.reserveCapacity(edits.count)
    for edit in edits {
      let place = edit.consumed == 0 ? next - 1 : next
      rewritten.append(origins[max(0, min(place, origins.count - 1))])
      next += edit.consumed
    }
    origins = rewritten
    scalars = edits.map(\.scalar)
  }

  /// Replaces each scalar by what `body` appends for it; all of it keeps the scalar's origin.
  ///
  /// - Returns: The new place of each old scalar, and of the end.
  @discardableResult
  mutating func expand(_ body: (Unicode.Scalar, inout [Unicode.Scalar]) -> Void) -> [Int] {
    var longer: [Unicode.Scalar] = []
    var longerOrigins: [Range<Int32>] = []
    var places: [Int] = []
    longer.reserveCapacity(scalars.count)
    longerOrigins.reserveCapacity(scalars.count)
    places.reserveCapacity(scalars.count + 1)
    for (scalar, origin) in zip(scalars, origins) {
      places.append(longer.count)
      body(scalar, &longer)
      while longerOrigins.count < longer.count { longerOrigins.append(origin) }
    }
    places.append(longer.count)
    scalars = longer
    origins = longerOrigins
    return places
  }

  /// Replaces each scalar by another one.
  mutating func map(_ body: (Unicode.Scalar) -> Unicode.Scalar) {
    for index in scalars.indices { scalars[index] = body(scalars[index]) }
  }

  /// Keeps the scalars that pass.
  mutating func filter(_ isKept: (Unicode.Scalar) -> Bool) {
    let kept = scalars.indices.filter { isKept(scalars[$0]) }
    guard kept.count < scalars.count else { return }
    origins = kept.map { origins[$0] }
    scalars = kept.map { scalars[$0] }
  }

  /// Drops everything outside `range`.
  mutating func keep(_ range: Range<Int>) {
    guard range != indices else { return }
    scalars = Array(scalars[range])
    origins = Array(origins[range])
  }

  /// Puts `content` before the scalars at `positions` (ascending); it shares their origins.
  ///
  /// - Returns: The new place of each old scalar, with what is before it, and of the end.
  @discardableResult
  mutating func insert(_ content: [Unicode.Scalar], before positions: [Int]) -> [Int] {
    var rest = positions[...]
    var index = 0
    return expand { scalar, result in
      if rest.first == index {
        result += content
        rest.removeFirst()
      }
      result.append(scalar)
      index += 1
    }
  }

  /// Replaces the scalars in `ranges` (ascending, apart) by `content`, which stands for the last
  /// scalar it replaces.
  mutating func replace(_ ranges: [Range<Int>], by content: [Unicode.Scalar]) {
    guard !ranges.isEmpty else { return }
    var replaced: [Unicode.Scalar] = []
    var replacedOrigins: [Range<Int32>] = []
    var done = 0
    for range in ranges {
      replaced += scalars[done..<range.lowerBound]
      replacedOrigins += origins[done..<range.lowerBound]
      let last = range.upperBound - 1
      let first = origins.first?.lowerBound ?? 0
      let origin = last < 0 ? first..<first : origins[last]
      replaced += content
      replacedOrigins += repeatElement(origin, count: content.count)
      done = range.upperBound
    }
    scalars = replaced + scalars[done...]
    origins = replacedOrigins + origins[done...]
  }
}
