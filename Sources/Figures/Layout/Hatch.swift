/// A hatch at 45°. On a light ground it marks what is masked; in a data colour it marks a sum of
/// many things, never one.
struct Hatch {
  private let ground: Color
  private let line: Path.Stroke
  /// The distance between the middles of two lines.
  private let pitch: Double

  /// What is masked: thin lines, 2.4 apart.
  init(theme: Theme) {
    ground = theme.hatchGround
    line = .init(theme.hatchLine, width: 0.4)
    pitch = 2.4
  }

  /// A sum of many things in their colour: lines of 0.8, 2.4 apart.
  init(sum color: Color, in theme: Theme) {
    ground = theme.paper.mixed(with: color, 0.28)
    line = .init(theme.paper.mixed(with: color, 0.82), width: 0.8)
    pitch = 2.4
  }

  /// Fills an outline inside a frame.
  func fill(_ outline: [Path.Step], in frame: Rectangle) -> Mark {
    let spacing = pitch * 2.0.squareRoot()
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
        [.rectangle(frame, fill: ground), .path(Path(steps, stroke: line))], clip: outline))
  }

  /// Fills a rectangle.
  func fill(_ frame: Rectangle) -> Mark { fill(Path.rectangle(frame), in: frame) }
}
