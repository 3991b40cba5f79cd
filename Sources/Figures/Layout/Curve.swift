/// A line through measured points, in points of the page.
struct Curve: Equatable {
  let points: [Point]

  /// A curve through points; those that change nothing by 0.02 points are left out.
  init(_ points: [Point]) { self.points = Self.thinned(points) }

  /// The line: 1.2 thick with round corners.
  func line(_ color: Color, width: Double = 1.2) -> Mark {
    .line(points, .init(color, width: width, isRound: true))
  }

  /// The area down to a baseline, a tenth of the colour.
  func area(_ color: Color, to baseline: Double) -> Mark {
    guard let first = points.first, let last = points.last else { return .path(Path([])) }
    let outline = [Point(first.x, baseline)] + points + [Point(last.x, baseline)]
    let steps = [Path.Step.move(outline[0])] + outline.dropFirst().map { .line($0) } + [.close]
    return .path(Path(steps, fill: color.opacity(0.1)))
  }

  /// The height of the curve at a horizontal place inside it.
  func y(at x: Double) -> Double? {
    guard let next = points.firstIndex(where: { $0.x >= x }), let first = points.first,
      x >= first.x
    else { return nil }
    guard next > 0 else { return points[0].y }
    let (start, end) = (points[next - 1], points[next])
    let share = end.x > start.x ? (x - start.x) / (end.x - start.x) : 1
    return start.y + (end.y - start.y) * share
  }

  /// Whether the line comes into a rectangle.
  func meets(_ box: Rectangle) -> Bool {
    zip(points, points.dropFirst()).contains { start, end in
      guard min(start.x, end.x) <= box.maxX, max(start.x, end.x) >= box.minX,
        min(start.y, end.y) <= box.maxY, max(start.y, end.y) >= box.minY
      else { return false }
      // The part of the segment over the box.
      let (left, right) = start.x <= end.x ? (start, end) : (end, start)
      guard right.x > left.x else { return true }
      func y(_ x: Double) -> Double {
        left.y + (right.y - left.y) * (x - left.x) / (right.x - left.x)
      }
      let ends = [y(max(left.x, box.minX)), y(min(right.x, box.maxX))].sorted()
      return ends[0] <= box.maxY && ends[1] >= box.minY
    }
  }

  /// Drops points nearer than 0.02 to the line between the last kept one and a later one.
  private static func thinned(_ points: [Point]) -> [Point] {
    guard points.count > 2 else { return points }
    var kept = [points[0]]
    var start = 0
    for end in 2..<points.count where !isStraight(points[start...end]) {
      kept.append(points[end - 1])
      start = end - 1
    }
    return kept + points.suffix(1)
  }

  private static func isStraight(_ points: ArraySlice<Point>) -> Bool {
    guard let first = points.first, let last = points.last else { return true }
    let (dx, dy) = (last.x - first.x, last.y - first.y)
    let length = (dx * dx + dy * dy).squareRoot()
    guard length > 0 else { return points.allSatisfy { $0 == first } }
    return points.dropFirst().dropLast().allSatisfy { point in
      let across = (point.x - first.x) * dy - (point.y - first.y) * dx
      let along = ((point.x - first.x) * dx + (point.y - first.y) * dy) / length
      return abs(across) / length < 0.02 && along > -0.02 && along < length + 0.02
    }
  }
}

extension Mark {
  /// The area between two lines.
  static func area(between upper: [Point], _ lower: [Point], fill: Color) -> Mark {
    let outline = upper + lower.reversed()
    let steps =
      outline.prefix(1).map { Path.Step.move($0) }
      + outline.dropFirst().map { .line($0) } + [.close]
    return .path(Path(steps, fill: fill))
  }

  /// A dot on a curve, with a ring of paper.
  static func marker(at center: Point, _ color: Color, in theme: Theme) -> Mark {
    .dot(at: center, radius: 2.4, fill: color, stroke: .init(theme.paper, width: 0.8))
  }
}
