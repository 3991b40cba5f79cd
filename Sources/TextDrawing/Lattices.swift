internal import Figures

/// The regular grids of a scene: what must stand on whole columns and lines.
struct Lattices {
  /// A grid of equal rectangles, or an image.
  struct Grid {
    var x: Lattice
    var y: Lattice
    /// How many columns an image has.
    var imageColumns: Int?
  }

  private(set) var grids: [Grid] = []

  init(_ scene: FlatScene) {
    var alike: [Alike] = []
    for mark in scene.drawn {
      switch mark {
      case .image(let image):
        let frame = image.frame
        let lines = max((frame.size.height / TextMeasure.line).rounded(), 1)
        grids.append(
          Grid(
            x: Lattice(start: frame.minX, pitch: frame.size.width, count: 1),
            y: Lattice(start: frame.minY, pitch: frame.size.height / lines, count: Int(lines)),
            imageColumns: image.columns))
      case .shape(let shape) where shape.path.fill != nil:
        for rectangle in shape.path.steps.pieces.compactMap(\.rectangle) {
          if let index = alike.firstIndex(where: { $0.fits(rectangle.size, shape.label) }) {
            alike[index].rectangles.append(rectangle)
          } else {
            alike.append(
              Alike(size: rectangle.size, label: shape.label, rectangles: [rectangle]))
          }
        }
      default: break
      }
    }
    for group in alike { add(group.rectangles) }
  }

  /// Rectangles of one size in one part of a figure.
  private struct Alike {
    let size: Size
    let label: String
    var rectangles: [Rectangle]

    /// Sizes that differ by an error of rounding are one.
    func fits(_ other: Size, _ name: String) -> Bool {
      (size.width - other.width).magnitude < 0.05 && (size.height - other.height).magnitude < 0.05
        && label == name
    }
  }

  /// Rectangles of one size, apart by no more than a gap between cells.
  private mutating func add(_ rectangles: [Rectangle]) {
    guard let size = rectangles.first?.size, rectangles.count >= 4 else { return }
    let columns = Self.runs(rectangles.map(\.minX), length: size.width)
    let rows = Self.runs(rectangles.map(\.minY), length: size.height)
    for x in columns {
      for y in rows where x.count >= 2 && y.count >= 2 {
        let inside = rectangles.contains {
          $0.minX >= x.start && $0.maxX <= x.end && $0.minY >= y.start && $0.maxY <= y.end
        }
        if inside { grids.append(Grid(x: x, y: y)) }
      }
    }
  }

  /// The places where neighbours stand a cell apart; up to three may be missing in between.
  private static func runs(_ starts: [Double], length: Double) -> [Lattice] {
    let places = Set(starts.map { ($0 * 100).rounded() / 100 }).sorted()
    let gaps = zip(places, places.dropFirst()).map { $1 - $0 }
    guard let least = gaps.filter({ $0 > length - 0.02 }).min(), least < length + 1.2 else {
      return []
    }
    // Places are rounded: only the mean of many gaps still holds after many cells.
    let near = gaps.filter { ($0 - least).magnitude < 0.025 }
    let pitch = near.reduce(0, +) / Double(near.count)
    var runs: [Lattice] = []
    for place in places {
      let steps = runs.last.map { ((place - $0.start) / pitch).rounded() } ?? 0
      if let last = runs.last, Int(steps) - last.count <= 3, Int(steps) >= last.count,
        (place - last.start - steps * pitch).magnitude < 0.2
      {
        runs[runs.count - 1].count = Int(steps) + 1
      } else {
        runs.append(Lattice(start: place, pitch: pitch, count: 1))
      }
    }
    let margin = (pitch - length) / 2
    return runs.map { Lattice(start: $0.start - margin, pitch: $0.pitch, count: $0.count) }
  }

  /// From the page to a page on which rows of grids are a line high, images have the shape of
  /// their cells, and turned labels take no height: what `LineMap` starts from.
  ///
  /// - Parameter rowLines: How many lines high rows are in its place.
  func warp(
    _ x: AxisMap, collapsing turned: ClosedRange<Double>?, rowLines: Int = 1
  ) -> AxisMap {
    var rows: [Lattice] = []
    for lattice in Self.apart(grids.map(\.y)) {
      let image = grids.first { $0.y == lattice && $0.imageColumns != nil }
      var lattice = lattice
      if let image {
        // A cell of a terminal is twice as high as wide.
        let columns = x(image.x.end) - x(image.x.start)
        let share = (lattice.end - lattice.start) / (image.x.end - image.x.start)
        let lines = max((columns * share / 2 + 0.01).rounded(), 1)
        lattice = Lattice(
          start: lattice.start, pitch: (lattice.end - lattice.start) / lines, count: Int(lines))
      }
      rows.append(lattice)
    }
    var knots = [AxisMap.Knot(place: 0, cell: 0)]
    func pass(to place: Double, _ scale: Double) {
      let last = knots[knots.count - 1]
      guard place > last.place else { return }
      knots.append(.init(place: place, cell: last.cell + (place - last.place) * scale))
    }
    if let turned, rows.allSatisfy({ $0.start >= turned.upperBound || $0.end <= turned.lowerBound })
    {
      rows.append(
        Lattice(start: turned.lowerBound, pitch: turned.upperBound - turned.lowerBound, count: 0))
    }
    for row in rows.sorted(by: { $0.start < $1.start }) {
      pass(to: row.start, 1)
      if row.count == 0 {
        pass(to: row.start + row.pitch, 0.1)
      } else {
        let isImage = grids.contains { $0.imageColumns != nil && $0.y.start == row.start }
        pass(to: row.end, TextMeasure.line * Double(isImage ? 1 : rowLines) / row.pitch)
      }
    }
    return AxisMap(knots, slope: 1)
  }

  /// Texts that stand in rows or beside them, in the middle of one of the lines of a row.
  func onLines(_ runs: [TextRun], _ rowLines: Int) -> [TextRun] {
    runs.map { run in
      guard
        let rows = grids.first(where: {
          $0.imageColumns == nil && $0.y.start < run.anchor.y && run.anchor.y < $0.y.end
        })?.y
      else { return run }
      var run = run
      let row = ((run.anchor.y - rows.start) / rows.pitch).rounded(.down)
      let share = (Double(rowLines / 2) + 0.5) / Double(rowLines)
      run.anchor = Point(run.anchor.x, rows.start + (row + share) * rows.pitch)
      return run
    }
  }

  /// The map of x: columns of grids are whole cells of the terminal.
  func horizontal(_ runs: [TextRun], isCompact: Bool) -> AxisMap {
    var knots: [AxisMap.Knot] = []
    let slope = 1 / TextMeasure.column
    for lattice in Self.apart(grids.map(\.x)) {
      let last = knots.last ?? AxisMap.Knot(place: 0, cell: 0)
      let start = (last.cell + (lattice.start - last.place) * slope).rounded()
      var width = max((lattice.pitch * slope).rounded(), 1)
      if let cells = grids.first(where: { $0.x == lattice })?.imageColumns.map(Double.init),
        case let cell = (width / cells).rounded(), cell >= 1, cell * cells < 1.2 * width
      {
        // A column of an image is whole columns of the terminal, where there is room.
        width = cell * cells
      }
      if lattice.count > 1, isCompact {
        width = min(width, Double(max(words(runs, in: lattice) + 1, 2)))
      }
      // A point is left before a knot, so that a map never runs back.
      knots.append(.init(place: lattice.start, cell: max(start, last.cell)))
      for index in 1...lattice.count {
        knots.append(
          .init(
            place: lattice.start + lattice.pitch * Double(index),
            cell: max(start, last.cell) + width * Double(index)))
      }
    }
    return AxisMap(knots, slope: slope)
  }

  /// The widest text in the cells of a grid.
  private func words(_ runs: [TextRun], in columns: Lattice) -> Int {
    let grids = grids.filter { $0.x == columns }
    return runs.filter { run in
      run.alignment == .middle && !run.isTurned
        && run.anchor.x > columns.start && run.anchor.x < columns.end
        && grids.contains { $0.y.start < run.anchor.y && run.anchor.y < $0.y.end }
    }.map(\.width).max() ?? 1
  }

  /// Lattices that do not overlap, the larger ones first served, from left to right.
  static func apart(_ lattices: [Lattice]) -> [Lattice] {
    var kept: [Lattice] = []
    for lattice in lattices.sorted(by: { ($0.count, $1.start) > ($1.count, $0.start) }) {
      if kept.allSatisfy({ lattice.end <= $0.start + 0.5 || lattice.start >= $0.end - 0.5 }) {
        kept.append(lattice)
      }
    }
    return kept.sorted { $0.start < $1.start }
  }
}
