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

  /// How much a place may touch when none is free.
  private enum Tolerance: CaseIterable {
    case nothing
    /// The line to the point may cross other words.
    case crossedLine
    /// The words may stand on curves.
    case curves
  }

  /// The free place nearest to a point, for a label with a line to it; where none is free, one that
  /// touches as little as it can, unless strict: `nil` then.
  mutating func place(
    _ size: Size, near point: Point, isStrict: Bool = false
  ) -> (box: Rectangle, line: [Point])? {
    for tolerance in isStrict ? [.nothing] : Tolerance.allCases {
      guard let best = nearest(size, point, tolerance) else { continue }
      taken.append(best.box)
      return best
    }
    return nil
  }

  private func nearest(
    _ size: Size, _ point: Point, _ tolerance: Tolerance
  ) -> (box: Rectangle, line: [Point])? {
    var best: (box: Rectangle, line: [Point])?
    var least = Double.infinity
    for y in stride(from: bounds.minY, through: bounds.maxY - size.height, by: 4) {
      for x in stride(from: bounds.minX, through: bounds.maxX - size.width, by: 6) {
        let box = Rectangle(x: x, y: y, width: size.width, height: size.height)
        let end = Point(
          min(max(point.x, box.minX), box.maxX), min(max(point.y, box.minY), box.maxY))
        // Farther to the side than up: names stand over their curves.
        let (dx, dy) = ((end.x - point.x) * 1.3, end.y - point.y)
        let distance = dx * dx + dy * dy
        guard distance > 9, distance < least, isFree(box, tolerance) else { continue }
        let line = Self.line(from: point, to: end)
        guard tolerance != .nothing || !isBlocked(line) else { continue }
        (best, least) = ((box, line), distance)
      }
    }
    return best
  }

  /// Whether a line crosses words other than those at its start.
  private func isBlocked(_ line: [Point]) -> Bool {
    taken.contains { !$0.holds(line[0]) && Curve(line).meets($0) }
  }

  /// A line that ends 2 points before the words.
  private static func line(from point: Point, to end: Point) -> [Point] {
    let (dx, dy) = (end.x - point.x, end.y - point.y)
    let length = (dx * dx + dy * dy).squareRoot()
    let share = max(1 - 2 / max(length, 2), 0)
    return [point, Point(point.x + dx * share, point.y + dy * share)]
  }

  private func isFree(_ box: Rectangle, _ tolerance: Tolerance = .nothing) -> Bool {
    !taken.contains { $0.intersects(box.inset(by: -1.5)) }
      && (tolerance == .curves || !curves.contains { $0.meets(box.inset(by: -0.8)) })
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
  /// else the first that fits anywhere, with a line to its anchor. Says whether one did; a strict
  /// call gives up rather than touch a curve.
  @discardableResult
  mutating func add(
    _ labels: [CurveLabel], _ color: Color, anchor: Point, isStrict: Bool = false,
    corners: (CurveLabel) -> [Point]
  ) -> Bool {
    for label in labels {
      guard let box = field.place(label.size, at: corners(label)) else { continue }
      append(label, in: box)
      return true
    }
    for label in labels {
      guard let (box, line) = field.place(label.size, near: anchor, isStrict: isStrict) else {
        continue
      }
      patches.append(.patch(box, in: theme))
      words += [.line(line, .init(color, width: 0.5))] + label.marks(in: box)
      return true
    }
    return false
  }
}

extension Rectangle {
  fileprivate func holds(_ point: Point) -> Bool {
    minX <= point.x && point.x <= maxX && minY <= point.y && point.y <= maxY
  }
}
