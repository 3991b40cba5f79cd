/// Finds places for labels beside curves: inside bounds, off each other and, where it can be, off
/// the curves.
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

  /// The first of the places, each the top left corner of a box of `size`, that touches nothing;
  /// else the one that touches least, `nil` when every one would cover another label.
  mutating func place(_ size: Size, at corners: [Point]) -> Rectangle? {
    var best: (box: Rectangle, cost: Int)?
    for corner in corners {
      let box = moved(
        Rectangle(x: corner.x, y: corner.y, width: size.width, height: size.height))
      guard let box, !taken.contains(where: { $0.intersects(box.inset(by: -1)) }) else { continue }
      let cost = curves.count { $0.meets(box) }
      if best.map({ cost < $0.cost }) ?? true { best = (box, cost) }
      if cost == 0 { break }
    }
    if let best { taken.append(best.box) }
    return best?.box
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
