/// Finds places for labels beside curves: inside bounds, off each other and off the curves.
struct LabelField {
  let bounds: Rectangle
  let curves: [Curve]
  private(set) var taken: [Rectangle]

  init(in bounds: Rectangle, curves: [Curve] = [], taken: [Rectangle] = []) {
    self.bounds = bounds
    self.curves = curves
    self.taken = taken
  }

  /// Takes a place for good.
  mutating func take(_ box: Rectangle) { taken.append(box) }

  /// The first of the places, each the top left corner of a box of `size`, that touches nothing.
  mutating func place(_ size: Size, at corners: [Point]) -> Rectangle? {
    for corner in corners {
      let box = Rectangle(x: corner.x, y: corner.y, width: size.width, height: size.height)
      guard let box = moved(box), isFree(box) else { continue }
      taken.append(box)
      return box
    }
    return nil
  }

  /// The free place nearest to a point, for a label with a line to it; `nil` when there is none.
  mutating func place(_ size: Size, near point: Point) -> (box: Rectangle, line: [Point])? {
    var best: (box: Rectangle, line: [Point], distance: Double)?
    for y in stride(from: bounds.minY, through: bounds.maxY - size.height, by: 4) {
      for x in stride(from: bounds.minX, through: bounds.maxX - size.width, by: 6) {
        let box = Rectangle(x: x, y: y, width: size.width, height: size.height)
        let end = Point(
          min(max(point.x, box.minX), box.maxX), min(max(point.y, box.minY), box.maxY))
        // Farther to the side than up: names stand over their curves.
        let (dx, dy) = ((end.x - point.x) * 1.3, end.y - point.y)
        let distance = dx * dx + dy * dy
        guard distance > 9, distance < best?.distance ?? .infinity, isFree(box) else { continue }
        let line = Self.line(from: point, to: end)
        guard
          !taken.contains(where: { !$0.contains(point) && Curve(line).meets($0.inset(by: -0.8)) })
        else {
          continue
        }
        best = (box, line, distance)
      }
    }
    guard let best else { return nil }
    taken.append(best.box)
    taken += Self.boxes(along: best.line)
    return (best.box, best.line)
  }

  /// Small boxes that keep later labels off a line, none at its beginning.
  private static func boxes(along line: [Point]) -> [Rectangle] {
    let (dx, dy) = (line[1].x - line[0].x, line[1].y - line[0].y)
    let steps = Int((dx * dx + dy * dy).squareRoot() / 2)
    return stride(from: 2, through: steps, by: 1).map { step in
      let share = Double(step) / Double(max(steps, 1))
      return Rectangle(
        x: line[0].x + share * dx - 0.5, y: line[0].y + share * dy - 0.5, width: 1, height: 1)
    }
  }

  /// A line that ends 2 points before the words.
  private static func line(from point: Point, to end: Point) -> [Point] {
    let (dx, dy) = (end.x - point.x, end.y - point.y)
    let length = (dx * dx + dy * dy).squareRoot()
    let share = max(1 - 2 / max(length, 2), 0)
    return [point, Point(point.x + dx * share, point.y + dy * share)]
  }

  private func isFree(_ box: Rectangle) -> Bool {
    !taken.contains { $0.intersects(box.inset(by: -1.5)) }
      && !curves.contains { $0.meets(box.inset(by: -0.8)) }
  }

  /// The box moved into the bounds; `nil` when it is larger.
  private func moved(_ box: Rectangle) -> Rectangle? {
    guard box.size.width <= bounds.size.width, box.size.height <= bounds.size.height else {
      return nil
    }
    var box = box
    box.origin.x = min(max(box.minX, bounds.minX), bounds.maxX - box.size.width)
    box.origin.y = min(max(box.minY, bounds.minY), bounds.maxY - box.size.height)
    return box
  }
}

/// Labels that were given their places: patches go under the curves, words over them.
struct PlacedLabels {
  private(set) var patches: [Mark] = []
  private(set) var words: [Mark] = []
  /// How many found no place.
  private(set) var missing = 0
  var field: LabelField
  private let theme: Theme

  init(_ field: LabelField, in theme: Theme) {
    self.field = field
    self.theme = theme
  }

  /// Sets a label in a place that was found for it.
  mutating func append(_ label: CurveLabel, in box: Rectangle) {
    patches.append(.patch(box, in: theme))
    words += label.marks(in: box)
  }

  /// Places the first of the labels, the one that says most first, that fits at one of its corners;
  /// else the shortest that fits anywhere, with a line to its anchor.
  mutating func add(
    _ labels: [CurveLabel], _ color: Color, anchor: Point, corners: (CurveLabel) -> [Point]
  ) {
    for label in labels {
      guard let box = field.place(label.size, at: corners(label)) else { continue }
      append(label, in: box)
      return
    }
    for label in labels {
      guard let (box, line) = field.place(label.size, near: anchor) else { continue }
      patches.append(.patch(box, in: theme))
      words += [.line(line, .init(color, width: 0.5))] + label.marks(in: box)
      return
    }
    missing += 1
  }
}
