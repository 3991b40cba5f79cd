import Figures

/// Finds what no surface can draw, before anything is drawn.
extension Scene {
  /// The farthest a mark may stand from the origin, in points (350 m): far beyond any page, near
  /// enough that no surface overflows.
  private static let reach = 1e6

  /// - Throws: `DrawingError` of kind `badScene` with the first fault.
  func check() throws {
    guard size.width > 0, size.height > 0, size.width <= Self.reach, size.height <= Self.reach
    else {
      throw DrawingError(
        .badScene, "the page is \(size.width) × \(size.height) points; both must be positive")
    }
    try Self.check(marks, "the scene")
  }

  private static func check(_ marks: [Mark], _ place: String) throws {
    for mark in marks {
      switch mark {
      case .path(let path): try check(path, place)
      case .text(let text): try check(text, place)
      case .image(let image): try check(image, place)
      case .group(let group):
        try check([group.origin.x, group.origin.y], "a group", place)
        try check(steps: group.clip ?? [], "a clip", place)
        try check(group.marks, place)
      case .label(let label): try check(label.marks, "“\(label.name)”")
      }
    }
  }

  private static func check(_ path: Path, _ place: String) throws {
    try check(steps: path.steps, "a path", place)
    guard let stroke = path.stroke else { return }
    try check([stroke.width] + stroke.dash, "a stroke's width", place)
    guard stroke.width >= 0, stroke.dash.allSatisfy({ $0 >= 0 }) else {
      throw DrawingError(.badScene, "a stroke in \(place) has a negative width or dash")
    }
  }

  private static func check(steps: [Path.Step], _ what: String, _ place: String) throws {
    for step in steps {
      switch step {
      case .move(let p), .line(let p): try check([p.x, p.y], what, place)
      case .curve(let a, let b, let p): try check([a.x, a.y, b.x, b.y, p.x, p.y], what, place)
      case .close: break
      }
    }
  }

  private static func check(_ text: Text, _ place: String) throws {
    let numbers = [text.position.x, text.position.y, text.rotation, text.font.size]
    try check(numbers, "the text “\(text.string)”", place)
    guard text.font.size > 0 else {
      throw DrawingError(.badScene, "the text “\(text.string)” in \(place) has no size")
    }
  }

  private static func check(_ image: Image, _ place: String) throws {
    let (origin, size) = (image.frame.origin, image.frame.size)
    try check([origin.x, origin.y, size.width, size.height], "an image", place)
    guard image.columns > 0, image.rows > 0, size.width > 0, size.height > 0 else {
      throw DrawingError(.badScene, "an image in \(place) is empty")
    }
    guard image.palette.count <= 256, Int(image.cells.max() ?? 0) < image.palette.count else {
      throw DrawingError(
        .badScene,
        "an image in \(place) uses color \(image.cells.max() ?? 0) of \(image.palette.count)")
    }
  }

  private static func check(_ numbers: [Double], _ what: String, _ place: String) throws {
    guard numbers.allSatisfy({ abs($0) <= reach }) else {
      throw DrawingError(
        .badScene, "\(what) in \(place) has a number that is not finite or too far")
    }
  }
}
