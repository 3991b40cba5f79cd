/// From points of the page to columns or lines: straight between knots.
struct AxisMap {
  struct Knot {
    var place: Double
    var cell: Double
  }

  private let knots: [Knot]
  private let slope: Double

  /// A map through knots in rising order; `slope` is cells per point beyond them.
  init(_ knots: [Knot], slope: Double) {
    self.knots = knots.isEmpty ? [Knot(place: 0, cell: 0)] : knots
    self.slope = slope
  }

  func callAsFunction(_ place: Double) -> Double {
    let next = knots.firstIndex { $0.place >= place } ?? knots.count
    if next == 0 { return knots[0].cell + (place - knots[0].place) * slope }
    let before = knots[next - 1]
    guard next < knots.count else { return before.cell + (place - before.place) * slope }
    let after = knots[next]
    guard after.place > before.place else { return after.cell }
    let share = (place - before.place) / (after.place - before.place)
    return before.cell + share * (after.cell - before.cell)
  }

  /// The map with everything moved.
  func moved(by distance: Double) -> AxisMap {
    AxisMap(knots.map { Knot(place: $0.place, cell: $0.cell + distance) }, slope: slope)
  }
}

/// Equal cells side by side: the columns or rows of a matrix, or one image.
struct Lattice: Equatable {
  var start: Double
  var pitch: Double
  var count: Int

  var end: Double { start + pitch * Double(count) }
}
