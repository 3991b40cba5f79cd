/// A text on its way to the model: every scalar knows which scalars of the original it stands for.
///
/// Origins never run backwards, so any piece of the text stands for one range of the original.
struct AlignedText: Sendable {
  /// The text as it is now.
  private(set) var scalars: ArraySlice<Unicode.Scalar>
  /// The range of the original behind each scalar; the same indices as `scalars`.
  private(set) var origins: ArraySlice<Range<Int32>>

  /// One scalar of a rewritten text and how many scalars of the old text it takes the place of:
  /// none for an insertion, which then shares the origin of what stands before it.
  struct Edit {
    var scalar: Unicode.Scalar
    var consumed: Int
  }

  /// A text that is its own origin.
  init(_ scalars: [Unicode.Scalar]) {
    self.init(scalars[...], (0..<Int32(scalars.count)).map { $0..<$0 + 1 }[...])
  }

  private init(_ scalars: ArraySlice<Unicode.Scalar>, _ origins: ArraySlice<Range<Int32>>) {
    self.scalars = scalars
    self.origins = origins
  }

  var isEmpty: Bool { scalars.isEmpty }
  var indices: Range<Int> { scalars.indices }

  /// The piece at `range`, which counts as `indices` does.
  subscript(range: Range<Int>) -> AlignedText {
    AlignedText(scalars[range], origins[range])
  }

  /// What the scalars at `range` stand for.
  func origin(of range: Range<Int>) -> Range<Int> {
    guard !range.isEmpty else { return 0..<0 }
    return Int(origins[range.lowerBound].lowerBound)..<Int(origins[range.upperBound - 1].upperBound)
  }

  // MARK: rewriting

  /// Replaces the whole text by `edits`, which follow the old text in order.
  mutating func rewrite(_ edits: [Edit]) {
    var next = origins.startIndex
    var rewritten: [Range<Int32>] = []
    rewritten.reserveCapacity(edits.count)
    for edit in edits {
      let place = edit.consumed == 0 ? next - 1 : next
      rewritten.append(origins[max(origins.startIndex, min(place, origins.endIndex - 1))])
      next += edit.consumed
    }
    origins = ArraySlice(rewritten)
    scalars = ArraySlice(edits.map(\.scalar))
  }

  /// Replaces each scalar by what `body` appends for it; all of it keeps the scalar's origin.
  mutating func expand(_ body: (Unicode.Scalar, inout [Unicode.Scalar]) -> Void) {
    var longer: [Unicode.Scalar] = []
    var longerOrigins: [Range<Int32>] = []
    longer.reserveCapacity(scalars.count)
    longerOrigins.reserveCapacity(scalars.count)
    for index in scalars.indices {
      body(scalars[index], &longer)
      while longerOrigins.count < longer.count { longerOrigins.append(origins[index]) }
    }
    scalars = ArraySlice(longer)
    origins = ArraySlice(longerOrigins)
  }

  /// Replaces each scalar by another one.
  mutating func map(_ body: (Unicode.Scalar) -> Unicode.Scalar) {
    for index in scalars.indices { scalars[index] = body(scalars[index]) }
  }

  /// Keeps the scalars that pass.
  mutating func filter(_ isKept: (Unicode.Scalar) -> Bool) {
    let kept = scalars.indices.filter { isKept(scalars[$0]) }
    guard kept.count < scalars.count else { return }
    origins = ArraySlice(kept.map { origins[$0] })
    scalars = ArraySlice(kept.map { scalars[$0] })
  }

  /// Drops everything outside `range`.
  mutating func keep(_ range: Range<Int>) {
    scalars = scalars[range]
    origins = origins[range]
  }

  /// Puts `prefix` before a text that is not empty; it shares the origin of the first scalar.
  mutating func prepend(_ prefix: [Unicode.Scalar]) {
    guard let first = origins.first else { return }
    scalars = ArraySlice(prefix + scalars)
    origins = ArraySlice(Array(repeating: first, count: prefix.count) + origins)
  }

  /// Replaces the scalars in `ranges` (ascending, apart) by `content`, which stands for the last
  /// scalar it replaces.
  mutating func replace(_ ranges: [Range<Int>], by content: [Unicode.Scalar]) {
    guard !ranges.isEmpty else { return }
    var replaced: [Unicode.Scalar] = []
    var replacedOrigins: [Range<Int32>] = []
    var done = scalars.startIndex
    for range in ranges {
      replaced += scalars[done..<range.lowerBound]
      replacedOrigins += origins[done..<range.lowerBound]
      let last = range.upperBound - 1
      let first = origins.first?.lowerBound ?? 0
      let origin = last < origins.startIndex ? first..<first : origins[last]
      replaced += content
      replacedOrigins += repeatElement(origin, count: content.count)
      done = range.upperBound
    }
    scalars = ArraySlice(replaced + scalars[done...])
    origins = ArraySlice(replacedOrigins + origins[done...])
  }
}
