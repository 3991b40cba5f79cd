/// Several texts that are computed at once, one behind the other, all filled up to one width: what
/// is done row by row sees one long text, attention sees each by itself. Training does so, and a
/// policy that writes many texts; these are of one width, so that keys and values are remembered.
package struct Batch: Sendable, Equatable {
  /// How many tokens of each text there are.
  package let lengths: [Int]
  /// How many each takes with what fills it up.
  package let width: Int

  /// How many texts there are.
  package var texts: Int { lengths.count }

  /// Whether a text is filled up.
  package var isPadded: Bool { lengths.contains { $0 < width } }

  /// Texts one behind the other.
  ///
  /// - Precondition: There is a text, and none is empty.
  package init(_ texts: [[Int]]) {
    precondition(!texts.isEmpty && texts.allSatisfy { !$0.isEmpty })
    lengths = texts.map(\.count)
    width = lengths.reduce(0) { max($0, $1) }
  }

  /// The rows of a batch: what fills up comes last, as the first number of the text.
  package func rows(of texts: [[Int]]) -> [Int] {
    texts.flatMap { $0 + Array(repeating: $0[0], count: width - $0.count) }
  }

  /// The rows that belong to a text.
  package var places: [Int] {
    lengths.enumerated().flatMap { text, length in (0..<length).map { text * width + $0 } }
  }
}
