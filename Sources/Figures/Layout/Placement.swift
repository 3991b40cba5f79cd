/// A change of size about the origin, then a move.
struct Placement {
  var scale = 1.0
  var move = Point(0, 0)

  func callAsFunction(_ point: Point) -> Point {
    Point(point.x * scale + move.x, point.y * scale + move.y)
  }

  func callAsFunction(_ rectangle: Rectangle) -> Rectangle {
    let origin = self(rectangle.origin)
    return Rectangle(
      x: origin.x, y: origin.y,
      width: rectangle.size.width * scale, height: rectangle.size.height * scale)
  }

  func callAsFunction(_ steps: [Path.Step]) -> [Path.Step] {
    steps.map { step in
      switch step {
      case .move(let point): .move(self(point))
      case .line(let point): .line(self(point))
      case .curve(let first, let second, let end): .curve(self(first), self(second), self(end))
      case .close: .close
      }
    }
  }
}

extension Mark {
  /// The mark moved by a distance.
  func moved(x: Double, y: Double) -> Mark { placed(Placement(move: Point(x, y))) }

  func placed(_ place: Placement) -> Mark {
    switch self {
    case .path(var path):
      path.steps = place(path.steps)
      path.stroke = path.stroke.map { stroke in
        Path.Stroke(
          stroke.color, width: stroke.width * place.scale,
          dash: stroke.dash.map { $0 * place.scale }, isRound: stroke.isRound)
      }
      return .path(path)
    case .text(var text):
      text.position = place(text.position)
      text.font.size *= place.scale
      return .text(text)
    case .image(var image):
      image.frame = place(image.frame)
      return .image(image)
    case .group(var group):
      let inner = Placement(scale: place.scale)
      group.origin = place(group.origin)
      group.marks = group.marks.map { $0.placed(inner) }
      group.clip = group.clip.map { inner($0) }
      return .group(group)
    case .label(var label):
      label.marks = label.marks.map { $0.placed(place) }
      return .label(label)
    }
  }
}

extension Scene {
  /// The scene with every length multiplied.
  func scaled(by scale: Double) -> Scene {
    guard scale != 1 else { return self }
    var scene = self
    scene.size = Size(size.width * scale, size.height * scale)
    scene.marks = marks.map { $0.placed(Placement(scale: scale)) }
    return scene
  }
}
