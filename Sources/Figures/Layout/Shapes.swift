/// The small shapes that figures are made of.
extension Mark {
  /// A filled or stroked rectangle.
  static func rectangle(
    _ frame: Rectangle, fill: Color? = nil, stroke: Path.Stroke? = nil
  ) -> Mark {
    .path(Path(Path.rectangle(frame), fill: fill, stroke: stroke))
  }

  /// Straight lines through points.
  static func line(_ points: [Point], _ stroke: Path.Stroke) -> Mark {
    guard let first = points.first else { return .path(Path([])) }
    return .path(Path([.move(first)] + points.dropFirst().map { .line($0) }, stroke: stroke))
  }

  /// A rectangle with round corners.
  static func plate(_ frame: Rectangle, radius: Double, fill: Color) -> Mark {
    .path(Path(Path.roundedRectangle(frame, radius: radius), fill: fill))
  }

  /// A dot with a ring.
  static func dot(
    at center: Point, radius: Double, fill: Color, stroke: Path.Stroke
  ) -> Mark {
    let frame = Rectangle(
      x: center.x - radius, y: center.y - radius, width: 2 * radius, height: 2 * radius)
    let steps = Path.roundedRectangle(frame, radius: radius)
    return .path(Path(steps, fill: fill, stroke: stroke))
  }

  /// A line with a solid head, 2.6 long and 2.2 wide, at its end; runs right or down.
  static func arrow(from start: Point, to end: Point, color: Color) -> Mark {
    let isDown = end.x == start.x
    let neck = isDown ? Point(end.x, end.y - 2.6) : Point(end.x - 2.6, end.y)
    let (left, right) =
      isDown
      ? (Point(neck.x - 1.1, neck.y), Point(neck.x + 1.1, neck.y))
      : (Point(neck.x, neck.y - 1.1), Point(neck.x, neck.y + 1.1))
    let head = Path([.move(end), .line(left), .line(right), .close], fill: color)
    return .group(Group([.line([start, neck], Path.Stroke(color, width: 0.5)), .path(head)]))
  }
}

extension Path {
  static func rectangle(_ frame: Rectangle) -> [Step] {
    [
      .move(frame.origin), .line(Point(frame.maxX, frame.minY)),
      .line(Point(frame.maxX, frame.maxY)), .line(Point(frame.minX, frame.maxY)), .close,
    ]
  }

  /// Quarter circles at the corners, each a cubic curve (the usual 0.5523 approximation).
  static func roundedRectangle(_ frame: Rectangle, radius: Double) -> [Step] {
    let r = min(radius, frame.size.width / 2, frame.size.height / 2)
    let k = r * (1 - 0.5522847498)
    let (left, right, top, bottom) = (frame.minX, frame.maxX, frame.minY, frame.maxY)
    return [
      .move(Point(left + r, top)), .line(Point(right - r, top)),
      .curve(Point(right - k, top), Point(right, top + k), Point(right, top + r)),
      .line(Point(right, bottom - r)),
      .curve(Point(right, bottom - k), Point(right - k, bottom), Point(right - r, bottom)),
      .line(Point(left + r, bottom)),
      .curve(Point(left + k, bottom), Point(left, bottom - k), Point(left, bottom - r)),
      .line(Point(left, top + r)),
      .curve(Point(left, top + k), Point(left + k, top), Point(left + r, top)), .close,
    ]
  }
}

/// The sizes of type: see docs/figures, "Type".
extension Font {
  static let title = Font(size: 9, weight: .semibold)
  static let heading = Font(size: 7, weight: .semibold)
  static let body = Font(size: 7)
  static let axis = Font(size: 7, weight: .medium)
  static let tick = Font(size: 6.5)
  static let note = Font(size: 6)
  static let cell = Font(size: 5.5)
}
