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

  /// A grid whose first and last line begin and end with it.
  private struct Edges {
    var first: Double
    var last: Double
    var top: Double
    var bottom: Double
  }

  private var edges: [Edges] = []

  private var anchors: [Anchor] = []
  /// From the page to distances that may differ from it: see `Lattices.warp`.
  private let warp: AxisMap

  init(warp: AxisMap) { self.warp = warp }

  /// Asks for a line at a height of the page for some columns.
  mutating func add(_ y: Double, _ columns: Range<Int>) {
    anchors.append(Anchor(y: y, spans: [columns]))
  }

  /// Asks for lines for a grid that is divided evenly.
  mutating func add(_ top: Double, to bottom: Double, lines count: Int, _ columns: Range<Int>) {
    let pitch = (bottom - top) / Double(count)
    for row in 0..<count { add(top + (Double(row) + 0.5) * pitch, columns) }
    edges.append(
      Edges(first: top + pitch / 2, last: bottom - pitch / 2, top: top, bottom: bottom))
  }

  /// The map of y: the middle of a line is the middle of its texts.
  func map() -> AxisMap {
    var lines: [Anchor] = []
    for anchor in anchors.sorted(by: { $0.y < $1.y }) {
      if let last = lines.last, anchor.y - last.y < 1.6,
        !Self.meet(last.spans, anchor.spans) || anchor.y - last.y < 1
      {
        lines[lines.count - 1].spans += anchor.spans
      } else {
        lines.append(anchor)
      }
    }
    for index in lines.indices {
      lines[index].line = line(of: lines[index], below: lines[..<index])
    }
    let knots = lines.map { AxisMap.Knot(place: $0.y, cell: Double($0.line) + 0.5) }
    return AxisMap(withEdges(knots), slope: 1 / TextMeasure.line)
  }

  /// The first line that is far enough from what stands above: by the distance on the page from
  /// the nearest line above, by 0.6 of it from those that are not above but beside.
  private func line(of anchor: Anchor, below others: ArraySlice<Anchor>) -> Int {
    func distance(_ other: Anchor) -> Double {
      (warp(anchor.y) - warp(other.y)) / TextMeasure.line
    }
    let loose =
      others.map { other in
        let distance = distance(other)
        return other.line + max(Int(0.6 * distance), distance >= 0.5 ? 1 : 0)
      }.max() ?? 0
    guard let above = others.last(where: { Self.meet($0.spans, anchor.spans) }) else {
      return loose
    }
    return max(loose, above.line + max(Int((distance(above) - 0.1).rounded()), 1))
  }

  /// The knots with those of the edges of grids, where they are in order.
  private func withEdges(_ knots: [AxisMap.Knot]) -> [AxisMap.Knot] {
    let map = AxisMap(knots, slope: 1 / TextMeasure.line)
    var all = knots
    for grid in edges {
      let ends = [
        AxisMap.Knot(place: grid.top, cell: map(grid.first).rounded(.down)),
        AxisMap.Knot(place: grid.bottom, cell: map(grid.last).rounded(.down) + 1),
      ]
      for end in ends {
        let next = all.firstIndex { $0.place >= end.place } ?? all.count
        let isAfter = next == 0 || all[next - 1].cell <= end.cell
        let isBefore = next == all.count || all[next].cell >= end.cell
        if isAfter, isBefore { all.insert(end, at: next) }
      }
    }
    return all
  }

  private static func meet(_ first: [Range<Int>], _ second: [Range<Int>]) -> Bool {
    first.contains { one in
      second.contains { $0.lowerBound <= one.upperBound && one.lowerBound <= $0.upperBound }
    }
  }
}
