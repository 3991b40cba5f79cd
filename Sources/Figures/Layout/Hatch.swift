/// A hatch at 45°: lines of 0.4, 2.4 apart, on a light ground. It marks what is masked.
struct Hatch {
  let theme: Theme

  /// Fills an outline inside a frame.
  func fill(_ outline: [Path.Step], in frame: Rectangle) -> Mark {
    let spacing = 2.4 * 2.0.squareRoot()
    let height = frame.size.height
    var steps: [Path.Step] = []
    var x = frame.minX - height + (spacing / 2)
    while x < frame.maxX {
      let start = max(x, frame.minX)
      let end = min(x + height, frame.maxX)
      steps.append(.move(Point(start, frame.maxY - (start - x))))
      steps.append(.line(Point(end, frame.maxY - (end - x))))
      x += spacing
    }
    return .group(
      Group(
        [
          .rectangle(frame, fill: theme.hatchGround),
          .path(Path(steps, stroke: .init(theme.hatchLine, width: 0.4))),
        ], clip: outline))
  }
}
