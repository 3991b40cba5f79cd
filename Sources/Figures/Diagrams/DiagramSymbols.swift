/// The signs of diagrams: sums and waves in circles.
extension Mark {
  /// ⊕: what meets here is added.
  static func sum(at center: Point, radius: Double = 4.2, in theme: Theme) -> Mark {
    let arm = radius * 0.55
    let stroke = Path.Stroke(theme.ink, width: 0.7)
    return .group(
      Group([
        .dot(at: center, radius: radius, fill: theme.paper, stroke: stroke),
        .path(
          Path(
            [
              .move(Point(center.x - arm, center.y)), .line(Point(center.x + arm, center.y)),
              .move(Point(center.x, center.y - arm)), .line(Point(center.x, center.y + arm)),
            ], stroke: stroke)),
      ]))
  }

  /// A sine in a circle: positions.
  static func wave(at center: Point, radius: Double = 5.2, in theme: Theme) -> Mark {
    let (r, stroke) = (radius * 0.62, Path.Stroke(theme.ink, width: 0.7))
    let (x, y) = (center.x, center.y)
    return .group(
      Group([
        .dot(at: center, radius: radius, fill: theme.paper, stroke: stroke),
        .path(
          Path(
            [
              .move(Point(x - r, y)),
              .curve(Point(x - r * 0.6, y - r * 1.3), Point(x - r * 0.4, y - r * 1.3), Point(x, y)),
              .curve(
                Point(x + r * 0.4, y + r * 1.3), Point(x + r * 0.6, y + r * 1.3), Point(x + r, y)),
            ], stroke: stroke)),
      ]))
  }
}
