#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A line along corners that are round, with a solid head where it ends.
struct Connector {
  /// The corners, from where it begins to where it points.
  var points: [Point]
  /// The radius of the corners; smaller where a piece is short.
  var radius = 4.0
  /// Whether it has a head.
  var hasHead = true
  /// The line's width.
  var width = 0.55

  /// The head: 2.6 long, 2.2 wide.
  private static let head = (length: 2.6, half: 1.1)

  /// Creates a connector.
  init(
    _ points: [Point], radius: Double = 4, hasHead: Bool = true, width: Double = 0.55
  ) {
    (self.points, self.radius, self.hasHead, self.width) = (points, radius, hasHead, width)
  }

  /// The line, and its head.
  func mark(_ color: Color) -> Mark {
    guard points.count > 1 else { return .path(Path([])) }
    var line = points
    let (end, before) = (points[points.count - 1], points[points.count - 2])
    let (dx, dy) = Self.direction(from: before, to: end)
    let neck = Point(end.x - dx * Self.head.length, end.y - dy * Self.head.length)
    if hasHead { line[line.count - 1] = neck }
    let stroke = Mark.path(Path(rounded(line), stroke: .init(color, width: width)))
    guard hasHead else { return stroke }
    let (sx, sy) = (-dy * Self.head.half, dx * Self.head.half)
    let head = Path(
      [
        .move(end), .line(Point(neck.x + sx, neck.y + sy)),
        .line(Point(neck.x - sx, neck.y - sy)), .close,
      ], fill: color)
    return .group(Group([stroke, .path(head)]))
  }

  /// The line with its corners rounded.
  private func rounded(_ line: [Point]) -> [Path.Step] {
    var steps: [Path.Step] = [.move(line[0])]
    for index in line.indices.dropFirst().dropLast() {
      let (from, corner, to) = (line[index - 1], line[index], line[index + 1])
      let room = min(Self.distance(from, corner), Self.distance(corner, to)) / 2
      let r = min(radius, room)
      let (ax, ay) = Self.direction(from: from, to: corner)
      let (bx, by) = Self.direction(from: corner, to: to)
      let k = r * (1 - 0.5522847498)
      steps += [
        .line(Point(corner.x - ax * r, corner.y - ay * r)),
        .curve(
          Point(corner.x - ax * k, corner.y - ay * k), Point(corner.x + bx * k, corner.y + by * k),
          Point(corner.x + bx * r, corner.y + by * r)),
      ]
    }
    return steps + [.line(line[line.count - 1])]
  }

  private static func distance(_ a: Point, _ b: Point) -> Double { hypot(b.x - a.x, b.y - a.y) }

  private static func direction(from a: Point, to b: Point) -> (Double, Double) {
    let length = max(distance(a, b), 1e-9)
    return ((b.x - a.x) / length, (b.y - a.y) / length)
  }
}
