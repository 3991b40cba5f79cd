/// The outline of a set of cells, as few closed lines as possible: one shape without seams.
package struct CellOutline {
  /// Closed lines of corners (row, column), the cells on the right-hand side.
  package let loops: [[(row: Int, column: Int)]]

  /// Traces the outline of the cells for which `contains(row, column)` holds.
  package init(rows: Int, columns: Int, contains: (Int, Int) -> Bool) {
    var edges = Edges(rows: rows, columns: columns, contains: contains)
    var loops: [[(row: Int, column: Int)]] = []
    for start in edges.leaving.indices {
      while edges.leaving[start] != 0 {
        let corners = edges.walk(from: start)
        loops.append(corners.map { ($0 / (columns + 1), $0 % (columns + 1)) })
      }
    }
    self.loops = loops
  }

  /// The outline in points; the corner (0, 0) is the frame's.
  func steps(in frame: Rectangle, rows: Int, columns: Int) -> [Path.Step] {
    let (width, height) = (
      frame.size.width / Double(columns), frame.size.height / Double(rows)
    )
    return loops.flatMap { loop -> [Path.Step] in
      let points = loop.map {
        Point(frame.minX + Double($0.column) * width, frame.minY + Double($0.row) * height)
      }
      return points.enumerated().map { $0 == 0 ? .move($1) : .line($1) } + [.close]
    }
  }
}

/// The edges between cells inside and outside, by the corner they leave; one bit per direction:
/// east, south, west, north.
private struct Edges {
  var leaving: [UInt8]
  let stride: Int

  init(rows: Int, columns: Int, contains: (Int, Int) -> Bool) {
    stride = columns + 1
    leaving = [UInt8](repeating: 0, count: (rows + 1) * stride)
    func isInside(_ row: Int, _ column: Int) -> Bool {
      row >= 0 && row < rows && column >= 0 && column < columns && contains(row, column)
    }
    for row in 0..<rows {
      for column in 0..<columns where contains(row, column) {
        let corner = row * stride + column
        if !isInside(row - 1, column) { leaving[corner] |= 1 }
        if !isInside(row, column + 1) { leaving[corner + 1] |= 2 }
        if !isInside(row + 1, column) { leaving[corner + stride + 1] |= 4 }
        if !isInside(row, column - 1) { leaving[corner + stride] |= 8 }
      }
    }
  }

  /// Follows edges back to the start, right turns first, and removes them; only corners where the
  /// direction changes are returned.
  mutating func walk(from start: Int) -> [Int] {
    let moves = [1, stride, -1, -stride]
    var (corner, corners) = (start, [start])
    var direction = leaving[start].trailingZeroBitCount
    repeat {
      leaving[corner] &= ~(1 << UInt8(direction))
      corner += moves[direction]
      let turns = [direction + 1, direction, direction + 3].map { $0 % 4 }
      guard let next = turns.first(where: { leaving[corner] & (1 << UInt8($0)) != 0 }) else {
        break
      }
      if next != direction { corners.append(corner) }
      direction = next
    } while corner != start
    return corners
  }
}
