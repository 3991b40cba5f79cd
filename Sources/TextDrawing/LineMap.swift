internal import Figures

/// Finds the line of every text: texts above each other stand on different lines, the distance
/// of the page is kept where there is room.
struct LineMap {
  /// Something that needs a line of its own.
  private struct Anchor {
    var y: Double
    var spans: [Range<Int>]
    var line = 0
  }

  private var anchors: [Anchor] = []

  /// Asks for a line at a height of the page for some columns.
  mutating func add(_ y: Double, _ columns: Range<Int>) {
    anchors.append(Anchor(y: y, spans: [columns]))
  }

  /// The map of y: the middle of a line is the middle of its texts.
  func map() -> AxisMap {
    var lines: [Anchor] = []
    for anchor in anchors.sorted(by: { $0.y < $1.y }) {
      if let last = lines.last, anchor.y - last.y < 1.6,
        !Self.meet(last.spans, anchor.spans) || anchor.y - last.y < 0.6
      {
        lines[lines.count - 1].spans += anchor.spans
      } else {
        lines.append(anchor)
      }
    }
    for index in lines.indices {
      var line = 0
      for before in lines[..<index] {
        let distance = (lines[index].y - before.y) / TextMeasure.line
        let isBelow = Self.meet(before.spans, lines[index].spans)
        let least = isBelow ? max(Int((distance - 0.1).rounded()), 1) : Int(distance + 0.15)
        line = max(line, before.line + least)
      }
      lines[index].line = line
    }
    let knots = lines.map { AxisMap.Knot(place: $0.y, cell: Double($0.line) + 0.5) }
    return AxisMap(knots, slope: 1 / TextMeasure.line)
  }

  private static func meet(_ first: [Range<Int>], _ second: [Range<Int>]) -> Bool {
    first.contains { one in second.contains { $0.overlaps(one) } }
  }
}
