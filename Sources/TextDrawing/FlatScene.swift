internal import Figures

/// The marks of a scene in the coordinates of the page, bottom first, sorted by kind.
struct FlatScene {
  /// Lines and areas, and what they are cut to.
  struct Shape {
    var path: Path
    var clip: Rectangle?
    var label: String
  }

  /// A hatched area: a group with a clip whose last mark is a set of lines.
  struct Hatched {
    var outline: [Path.Step]
    var color: Color
  }

  enum Drawn {
    case shape(Shape)
    case image(Image)
    case hatched(Hatched)
  }

  private(set) var drawn: [Drawn] = []
  private(set) var texts: [(text: Text, label: String)] = []

  /// The bars of fractions: they need a line between what is above and below.
  var fractionBars: [(Double, ClosedRange<Double>)] {
    drawn.compactMap { mark in
      guard case .shape(let shape) = mark, shape.label == "formula", shape.path.fill == nil,
        shape.path.steps.count == 2, case let bounds = shape.path.steps.bounds,
        bounds.size.height == 0, bounds.size.width > 4
      else { return nil }
      return (bounds.minY, bounds.minX...bounds.maxX)
    }
  }

  init(_ scene: Scene) { add(scene.marks, at: Point(0, 0), clip: nil, label: "") }

  private mutating func add(
    _ marks: [Mark], at origin: Point, clip: Rectangle?, label: String
  ) {
    for mark in marks {
      switch mark {
      case .path(let path):
        let moved = Path(path.steps.map { $0.moved(origin) }, fill: path.fill, stroke: path.stroke)
        if let sign = moved.rootSign {
          texts.append((sign, label))
          continue
        }
        drawn.append(.shape(Shape(path: moved, clip: clip, label: label)))
      case .text(var text):
        text.position = text.position.moved(origin)
        texts.append((text, label))
      case .image(var image):
        image.frame.origin = image.frame.origin.moved(origin)
        drawn.append(.image(image))
      case .label(let inner): add(inner.marks, at: origin, clip: clip, label: inner.name)
      case .group(let group): add(group, at: origin, clip: clip, label: label)
      }
    }
  }

  private mutating func add(_ group: Group, at origin: Point, clip: Rectangle?, label: String) {
    let origin = group.origin.moved(origin)
    guard let steps = group.clip?.map({ $0.moved(origin) }) else {
      return add(group.marks, at: origin, clip: clip, label: label)
    }
    if group.marks.count == 2, case .path(let ground) = group.marks[0], ground.fill != nil,
      case .path(let lines) = group.marks[1], let stroke = lines.stroke, lines.steps.isStripes
    {
      drawn.append(.hatched(Hatched(outline: steps, color: stroke.color)))
      return
    }
    let frame = steps.bounds
    add(group.marks, at: origin, clip: clip.map { $0.cut(to: frame) } ?? frame, label: label)
  }
}

extension Path {
  /// The sign that these lines draw when they are the rise and the bar of a root.
  fileprivate var rootSign: Text? {
    let corners = steps.flatMap(\.points)
    guard let stroke, fill == nil, steps.count == 3, corners.count == 3 else { return nil }
    let (foot, top, end) = (corners[0], corners[1], corners[2])
    let size = (top.x - foot.x) / 0.215
    guard top.y == end.y, top.x < end.x, (4...20).contains(size), foot.y - top.y > 0.5 * size,
      foot.y - top.y < 2 * size
    else { return nil }
    let place = Point(foot.x - 0.285 * size, foot.y - 0.2 * size)
    return Text("√", font: Font(.formula, size: size), color: stroke.color, at: place)
  }
}

extension [Path.Step] {
  /// Whether the steps are separate straight lines.
  fileprivate var isStripes: Bool {
    enumerated().allSatisfy { index, step in
      switch step {
      case .move: index % 2 == 0
      case .line: index % 2 == 1
      default: false
      }
    }
  }

  /// The smallest rectangle around the points, control points included.
  var bounds: Rectangle {
    let points = flatMap(\.points)
    guard let first = points.first else { return Rectangle(x: 0, y: 0, width: 0, height: 0) }
    var (low, high) = (first, first)
    for point in points {
      low = Point(Swift.min(low.x, point.x), Swift.min(low.y, point.y))
      high = Point(Swift.max(high.x, point.x), Swift.max(high.y, point.y))
    }
    return Rectangle(x: low.x, y: low.y, width: high.x - low.x, height: high.y - low.y)
  }

  /// The pieces as lines through points; curves become sixteen straight lines.
  var polylines: [[Point]] {
    var pieces: [[Point]] = []
    for step in self {
      switch step {
      case .move(let point): pieces.append([point])
      case .line(let point): pieces.extend(by: [point])
      case .curve(let first, let second, let end):
        guard let start = pieces.last?.last else { continue }
        pieces.extend(
          by: (1...16).map { Point.curve(start, first, second, end, at: Double($0) / 16) })
      case .close: if let first = pieces.last?.first { pieces.extend(by: [first]) }
      }
    }
    return pieces
  }

  /// The separate pieces, each from its `move` on.
  var pieces: [[Path.Step]] {
    var pieces: [[Path.Step]] = []
    for step in self {
      if case .move = step { pieces.append([]) }
      if !pieces.isEmpty { pieces[pieces.count - 1].append(step) }
    }
    return pieces
  }

  /// Whether any step is a curve.
  var isCurved: Bool {
    contains { step in
      if case .curve = step { return true }
      return false
    }
  }

  /// The rectangle that one piece draws: four corners along the axes.
  var rectangle: Rectangle? {
    let corners = flatMap(\.points)
    guard !isCurved, corners.count == 4 || corners.count == 5 else { return nil }
    let sides = zip(corners, corners.dropFirst())
    return sides.allSatisfy { $0.x == $1.x || $0.y == $1.y } ? bounds : nil
  }
}

extension [[Point]] {
  fileprivate mutating func extend(by points: [Point]) {
    if !isEmpty { self[count - 1] += points }
  }
}

extension Path.Step {
  var points: [Point] {
    switch self {
    case .move(let point), .line(let point): [point]
    case .curve(let first, let second, let end): [first, second, end]
    case .close: []
    }
  }

  func moved(_ origin: Point) -> Path.Step {
    switch self {
    case .move(let point): .move(point.moved(origin))
    case .line(let point): .line(point.moved(origin))
    case .curve(let first, let second, let end):
      .curve(first.moved(origin), second.moved(origin), end.moved(origin))
    case .close: .close
    }
  }
}

extension Point {
  func moved(_ origin: Point) -> Point { Point(x + origin.x, y + origin.y) }

  /// A point of a cubic Bézier curve.
  fileprivate static func curve(
    _ a: Point, _ b: Point, _ c: Point, _ d: Point, at t: Double
  ) -> Point {
    let (s, u) = (1 - t, t)
    let weights = [s * s * s, 3 * s * s * u, 3 * s * u * u, u * u * u]
    let points = [a, b, c, d]
    return Point(
      zip(weights, points).reduce(0) { $0 + $1.0 * $1.1.x },
      zip(weights, points).reduce(0) { $0 + $1.0 * $1.1.y })
  }
}

extension Rectangle {
  /// What both rectangles share; empty where they share nothing.
  func cut(to other: Rectangle) -> Rectangle {
    let (left, top) = (max(minX, other.minX), max(minY, other.minY))
    return Rectangle(
      x: left, y: top, width: max(min(maxX, other.maxX) - left, 0),
      height: max(min(maxY, other.maxY) - top, 0))
  }
}
