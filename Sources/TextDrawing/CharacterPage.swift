internal import Figures

/// Where the marks of a scene stand in the cells of a terminal.
struct CharacterPage {
  private let scene: FlatScene
  private let isPlain: Bool
  private var runs: [TextRun]
  private var x: AxisMap
  private let y: AxisMap
  private let numbered: NumberedColumns
  private let lattices: Lattices
  /// The columns it needs.
  let width: Int

  /// Places the marks; compact cells are no wider than the words in them, and rows of grids have so
  /// many lines.
  init(_ scene: Scene, isPlain: Bool, isCompact: Bool = false, rowLines: Int = 1) {
    self.isPlain = isPlain
    self.scene = FlatScene(scene)
    lattices = Lattices(self.scene)
    let all = TextRun.all(self.scene.texts)
    let map = lattices.horizontal(all, isCompact: isCompact)
    numbered = NumberedColumns(all, map)
    runs = rowLines == 1 ? numbered.runs : lattices.onLines(numbered.runs, rowLines)
    let starts = runs.map { Self.start($0, map) }
    let shift = 1 - min(starts.min() ?? 1, 1 + Int(map(0)))
    x = map.moved(by: Double(shift))
    let ends = zip(runs, starts).map { $1 + shift + $0.width }
    let shapes = self.scene.drawn.map { Int((map($0.right) + Double(shift)).rounded()) }
    width = max(ends.max() ?? 0, shapes.max() ?? 0)
    y = Self.vertical(
      runs, lattices, x, turned: numbered.turned, self.scene.fractionBars, rowLines)
  }

  /// The first column of a run.
  private static func start(_ run: TextRun, _ x: AxisMap) -> Int {
    let place = x(run.anchor.x)
    switch run.alignment {
    case .start: return Int((place + 0.01).rounded())
    case .end: return Int((place - 0.01).rounded()) - run.width
    case .middle: return Int((place - Double(run.width) / 2 + 0.01).rounded())
    }
  }

  private static func vertical(
    _ runs: [TextRun], _ lattices: Lattices, _ x: AxisMap, turned: ClosedRange<Double>?,
    _ bars: [(Double, ClosedRange<Double>)], _ rowLines: Int
  ) -> AxisMap {
    let warp = lattices.warp(x, collapsing: turned, rowLines: rowLines)
    var lines = LineMap(warp: warp)
    for run in runs {
      let start = start(run, x)
      lines.add(run.anchor.y, start..<start + max(run.width, 1))
    }
    for grid in lattices.grids {
      let columns = Int(x(grid.x.start).rounded())..<Int(x(grid.x.end).rounded())
      guard !columns.isEmpty else { continue }
      // As many lines as the warped page has in the grid.
      let (top, bottom) = (grid.y.start, grid.y.end)
      let count = max(Int(((warp(bottom) - warp(top)) / TextMeasure.line).rounded()), 1)
      lines.add(top, to: bottom, lines: count, columns)
    }
    for (y, span) in bars {
      lines.add(y, Int(x(span.lowerBound).rounded())..<Int(x(span.upperBound).rounded()) + 1)
    }
    return lines.map()
  }

  /// The lines of the first grid.
  var gridLines: Range<Int> {
    guard let grid = lattices.grids.min(by: { $0.y.start < $1.y.start }) else { return 0..<0 }
    let (top, bottom) = (Int(y(grid.y.start).rounded()), Int(y(grid.y.end).rounded()))
    return max(top, 0)..<max(bottom, top, 0)
  }

  /// How bad the page is: columns that are missing, then words that have to be shortened.
  func excess(over columns: Int) -> Int {
    var grid = CharacterGrid(columns: max(columns, width))
    let shortened = runs.count { !write($0, &grid, isWhole: true) }
    return 1000 * max(width - columns, 0) + shortened
  }

  /// The cells, with what did not fit in the last lines.
  func grid(columns: Int, in theme: Theme) -> CharacterGrid {
    var grid = CharacterGrid(columns: columns)
    var left = 0
    for run in runs where !write(run, &grid) { left += 1 }
    var painter = GridPainter(
      x: x, y: y, paper: theme.paper, ink: theme.ink,
      frames: lattices.grids.map {
        Rectangle(
          x: $0.x.start, y: $0.y.start, width: $0.x.end - $0.x.start,
          height: $0.y.end - $0.y.start)
      }, plates: plates, isPlain: isPlain, grid: grid)
    for mark in scene.drawn where !numbered.covers(mark) { painter.paint(mark) }
    grid = painter.grid
    var notes = numbered.key(columns: columns - 2)
    if let coarse = lattices.coarse(scene, x, y) { notes.append(coarse) }
    if width > columns { notes.append("\(columns) of \(width) columns shown; use -o map.svg") }
    if left > 0 { notes.append("\(left) labels have no room here; use -o map.svg") }
    let end = grid.lines.count
    for (index, note) in notes.enumerated() {
      let part = TextRun.Part(string: note, color: theme.secondary, isBold: false)
      grid.write([part], end + index, 1)
    }
    return grid
  }

  /// Areas with round corners that are little larger than the one text on them.
  private var plates: [Plate] {
    scene.drawn.compactMap { mark in
      guard case .shape(let shape) = mark, shape.path.fill != nil, shape.path.steps.isPlate,
        case let frame = shape.path.steps.bounds,
        let run = runs.first(where: { run in
          let width = TextMeasure.column * Double(run.width)
          return frame.minY < run.anchor.y && run.anchor.y < frame.maxY
            && run.anchor.x > frame.minX - 0.1 && run.anchor.x < frame.maxX + 0.1
            && (frame.size.width - width).magnitude < 13
        })
      else { return nil }
      let start = Self.start(run, x)
      return Plate(
        frame: frame, line: Int(y(run.anchor.y).rounded(.down)),
        columns: start..<start + run.width)
    }
  }

  /// Writes a run where it belongs, else beside, else shortened; whether it was written.
  private func write(_ run: TextRun, _ grid: inout CharacterGrid, isWhole: Bool = false) -> Bool {
    let line = max(Int(y(run.anchor.y).rounded(.down)), 0)
    let start = Self.start(run, x)
    for shift in [0, 1, 2, -1, -2] {
      let first = start + shift
      if grid.isFree(line, max(first - 1, 0)..<first + run.width), first >= 0 {
        grid.write(run.parts, line, first)
        return true
      }
    }
    if grid.isFree(line, start..<start + run.width) {
      grid.write(run.parts, line, start)
      return true
    }
    let cells = start..<start + run.width
    guard !isWhole, let first = cells.first(where: { grid.isFree(line, $0..<$0 + 1) }) else {
      return false
    }
    var end = first
    while end < start + run.width, grid.isFree(line, end..<end + 1) { end += 1 }
    guard end - first >= 2, let part = run.parts.first else { return false }
    let shortened = TerminalWidth.shortened(run.string, to: end - first)
    grid.write([.init(string: shortened, color: part.color, isBold: part.isBold)], line, first)
    return true
  }
}

extension FlatScene.Drawn {
  /// The right edge, in points.
  fileprivate var right: Double {
    switch self {
    case .shape(let shape):
      let edge = shape.path.steps.bounds.maxX
      return shape.clip.map { Swift.min(edge, $0.maxX) } ?? edge
    case .image(let image): return image.frame.maxX
    case .hatched(let hatched): return hatched.outline.bounds.maxX
    }
  }
}

extension Lattices {
  /// What an image loses in a terminal, in words.
  func coarse(_ scene: FlatScene, _ x: AxisMap, _ y: AxisMap) -> String? {
    for case .image(let image) in scene.drawn {
      let columns = Int((x(image.frame.maxX) - x(image.frame.minX)).rounded())
      let rows = Int((2 * (y(image.frame.maxY) - y(image.frame.minY))).rounded())
      guard columns < image.columns || rows < image.rows, image.rows > 1, image.columns > 1 else {
        continue
      }
      return "\(image.rows) × \(image.columns) cells are drawn as \(rows) × \(columns) means; "
        + "use -o map.svg for all"
    }
    return nil
  }
}
