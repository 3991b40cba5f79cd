internal import Figures

/// Lines: level and upright ones as rules, all others as Braille dots.
extension GridPainter {
  mutating func paint(_ shape: FlatScene.Shape, stroke: Path.Stroke) {
    let color = paper.covered(by: stroke.color)
    let bounds = shape.path.steps.bounds
    if let tip = shape.path.steps.chevron {
      put("▶", plain: ">", at: tip, color)
      return
    }
    let isBorder = shape.path.steps.isCurved && shape.path.steps.isPlate && bounds.size.height < 20
    if max(bounds.size.width, bounds.size.height) < 4.5 || isBorder { return }
    if let frame = shape.path.steps.rectangle, frames.contains(where: { $0.isFramed(by: frame) }) {
      // What is outlined is pointed at; the outline itself would need cells of the grid.
      if color == ink {
        // Of two lines in the middle the lower one, as words do.
        put("◂", plain: "<", at: Point(frame.maxX + 3, frame.middle.y + 0.01), color)
      }
      return
    }
    for points in shape.path.steps.polylines {
      for (start, end) in zip(points, points.dropFirst()) {
        let (from, to) = (Point(x(start.x), y(start.y)), Point(x(end.x), y(end.y)))
        if stroke.width < 2.5, (start.x - end.x).magnitude < 0.01 {
          upright(from, to, color, stroke)
        } else if stroke.width < 2.5, (start.y - end.y).magnitude < 0.01 {
          level(from, to, color, stroke)
        } else {
          dots(from, to, color, width: stroke.width, clip: shape.clip)
        }
      }
    }
  }

  private mutating func level(_ from: Point, _ to: Point, _ color: Color, _ stroke: Path.Stroke) {
    let (left, right) = (min(from.x, to.x), max(from.x, to.x))
    guard right - left > 0.7 else { return }
    let (line, first) = (Int(from.y.rounded(.down)), Int(left.rounded()))
    let last = Int((right - 0.02).rounded(.down))
    // A fraction's bar does not touch the sign before it.
    let isTouching = isText(line, first - 1) && !isText(line, first)
    let start = first + (isTouching && last > first + 1 ? 1 : 0)
    if stroke.width < 0.65, isAmongWords(line, first..<max(last, first) + 1) { return }
    for column in start...max(last, start) {
      arm(line, column, (column > start ? 4 : 0) | (column < last ? 8 : 0), color, stroke)
    }
  }

  private func isText(_ line: Int, _ column: Int) -> Bool { grid[line, column]?.isText ?? false }

  /// Whether words stand on a thin line: then it is one that separates rows of a table.
  private func isAmongWords(_ line: Int, _ columns: Range<Int>) -> Bool {
    let isText = columns.map { self.isText(line, $0) }
    let words = zip(isText, isText.dropFirst()).filter { !$0 && $1 }.count
    return words > 1 || isText.filter(\.self).count * 6 > columns.count
  }

  private mutating func upright(_ from: Point, _ to: Point, _ color: Color, _ stroke: Path.Stroke) {
    let (top, bottom) = (min(from.y, to.y), max(from.y, to.y))
    guard bottom - top > 0.7 else { return }
    let (column, first) = (Int(from.x.rounded(.down)), Int((top + 0.02).rounded(.down)))
    let last = Int((bottom - 0.02).rounded(.down))
    for line in first...max(last, first) {
      arm(line, column, (line > first ? 1 : 0) | (line < last ? 2 : 0), color, stroke)
    }
  }

  private mutating func arm(
    _ line: Int, _ column: Int, _ arms: UInt8, _ color: Color, _ stroke: Path.Stroke
  ) {
    guard line >= 0, !(grid[line, column]?.isSolid ?? false) else { return }
    grid.change(line, column) { cell in
      cell.arms |= arms
      cell.isDashed = !stroke.dash.isEmpty
      if cell.character == nil, cell.dots == 0 { cell.ink = color }
    }
  }

  /// A line in any direction, as thick as it is drawn.
  private mutating func dots(
    _ from: Point, _ to: Point, _ color: Color, width: Double, clip: Rectangle?
  ) {
    let (dx, dy) = ((to.x - from.x) * 2, (to.y - from.y) * 4)
    let length = max((dx * dx + dy * dy).squareRoot(), 0.001)
    let steps = min(Int(length * 2) + 1, 4000)
    let layers = max(Int((width / 2).rounded()), 1)
    for layer in 0..<layers {
      let shift = Double(layer) - Double(layers - 1) / 2
      for step in 0...steps {
        let t = Double(step) / Double(steps)
        let dotX = from.x * 2 + dx * t - dy / length * shift
        let dotY = from.y * 4 + dy * t + dx / length * shift
        guard isInside(dotX / 2, dotY / 4, clip) else { continue }
        dot(Int(dotX.rounded(.down)), Int(dotY.rounded(.down)), color)
      }
    }
  }

  private mutating func dot(_ column: Int, _ row: Int, _ color: Color) {
    guard column >= 0, row >= 0 else { return }
    let bits: [[UInt8]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]
    guard !(grid[row / 4, column / 2].map { $0.isSolid || $0.isText } ?? false) else { return }
    grid.change(row / 4, column / 2) { cell in
      cell.dots |= bits[column % 2][row % 4]
      if cell.character == nil { cell.ink = color }
    }
  }
}

extension [Path.Step] {
  /// A rectangle with round corners: four curves between four lines.
  var isPlate: Bool { isCurved && count == 10 }

  /// The tip of a small open arrow head that points to the right.
  var chevron: Point? {
    let corners = flatMap(\.points)
    guard count == 3, corners.count == 3, case let tip = corners[1], bounds.size.width < 5,
      bounds.size.height < 7, tip.x > corners[0].x, tip.x > corners[2].x
    else { return nil }
    return tip
  }
}

extension Rectangle {
  /// Whether another rectangle is drawn around this one, or around some of its rows.
  func isFramed(by other: Rectangle) -> Bool {
    (minX - other.minX).magnitude < 3 && (maxX - other.maxX).magnitude < 3
      && other.minY > minY - 3 && other.maxY < maxY + 3
  }

  var middle: Point { Point((minX + maxX) / 2, (minY + maxY) / 2) }
}
