internal import Figures

/// A chip: an area around one text.
struct Plate {
  var frame: Rectangle
  var line: Int
  var columns: Range<Int>
}

/// Paints the lines, areas and images of a scene into the cells of a terminal.
struct GridPainter {
  let x: AxisMap
  let y: AxisMap
  let paper: Color
  let ink: Color
  /// The rectangles of grids and images: see `Lattices`.
  let frames: [Rectangle]
  /// What lies under one text only, and the cells of that text.
  let plates: [Plate]
  /// Whether areas are shades of characters: then none lies under words.
  let isPlain: Bool
  var grid: CharacterGrid

  mutating func paint(_ mark: FlatScene.Drawn) {
    switch mark {
    case .image(let image): paint(image)
    case .hatched(let hatched): paint(hatched)
    case .shape(let shape) where !["rows", "columns"].contains(shape.label):
      if let fill = shape.path.fill { paint(shape, fill: fill) }
      if let stroke = shape.path.stroke, stroke.color != paper, stroke.width > 0 {
        paint(shape, stroke: stroke)
      }
    // Chips and brackets of labels.
    case .shape: break
    }
  }

  // MARK: Areas

  private mutating func paint(_ shape: FlatScene.Shape, fill: Color) {
    let path = shape.path
    if let plate = plates.first(where: { $0.frame == path.steps.bounds }) {
      for column in plate.columns {
        set(2 * plate.line, column, fill, isSolid: true)
        set(2 * plate.line + 1, column, fill, isSolid: true)
      }
      return
    }
    if let mark = symbol(path) {
      put(
        mark.character, plain: mark.plain, at: path.steps.bounds.middle,
        fill == paper ? path.stroke?.color ?? fill : fill)
      return
    }
    for piece in path.steps.pieces {
      // A plate with round corners is its rectangle.
      if let rectangle = piece.rectangle ?? (piece.isPlate ? piece.bounds : nil) {
        paint(shape.clip.map { rectangle.cut(to: $0) } ?? rectangle, fill)
      } else {
        paint(area: piece.polylines, fill, clip: shape.clip)
      }
    }
  }

  /// The character of a shape too small for an area: a dot or the head of an arrow.
  private func symbol(_ path: Path) -> (character: Character, plain: Character)? {
    let (bounds, corners) = (path.steps.bounds, path.steps.flatMap(\.points))
    guard max(bounds.size.width, bounds.size.height) < 8, path.steps.pieces.count == 1 else {
      return nil
    }
    if path.steps.isCurved {
      guard (bounds.size.width - bounds.size.height).magnitude < 0.2 else { return nil }
      return path.fill != paper ? ("●", "o") : path.stroke == nil ? nil : ("○", "O")
    }
    guard corners.count == 3 else { return nil }
    let tip = corners[0]
    if tip.x >= bounds.maxX - 0.01 { return ("▶", ">") }
    if tip.x <= bounds.minX + 0.01 { return ("◀", "<") }
    return tip.y >= bounds.maxY - 0.01 ? ("▼", "v") : ("▲", "^")
  }

  mutating func put(
    _ character: Character, plain: Character, at point: Point, _ color: Color
  ) {
    let (line, column) = (Int(y(point.y).rounded(.down)), Int(x(point.x).rounded(.down)))
    guard grid[line, column].map({ !$0.isText && !$0.isSolid }) ?? true else { return }
    grid.change(line, column) {
      ($0.character, $0.plain, $0.ink) = (character, plain, color)
    }
  }

  /// A rectangle of whole columns and half lines; what is left of a bar is eighths of a column.
  private mutating func paint(_ rectangle: Rectangle, _ color: Color) {
    guard rectangle.size.width > 0.01, rectangle.size.height > 0.01 else { return }
    let (left, edge) = (x(rectangle.minX), x(rectangle.maxX))
    // Gaps between cells are narrower than an eighth of a column.
    let right = (edge - edge.rounded()).magnitude < 0.13 ? edge.rounded() : edge
    let (top, bottom) = halves(rectangle)
    let isWhole = bottom - top == 2 && top % 2 == 0
    // Bars of one line end with eighths of a column, larger areas with whole columns.
    let first = Int((left + 0.02).rounded())
    let last = Int((right + 0.02).rounded(isWhole ? .down : .toNearestOrAwayFromZero))
    let rest = isWhole ? right - Double(max(last, first)) : 0
    let lines = (top >= 0 ? top / 2 : 0)...max((bottom - 1) / 2, 0)
    if isPlain, hasText(lines, first..<max(last, first + 1)) { return }
    for half in max(top, 0)..<max(bottom, top + 1, 1) {
      for column in first..<max(last, first) { set(half, column, color, isSolid: true) }
      if !isWhole || isPlain, rest >= 0.5 || last <= first, right > left {
        set(half, max(last, first), color, isSolid: true)
      }
    }
    guard isWhole, !isPlain, rest >= 0.06 else { return }
    let eighths = Array("▏▎▍▌▋▊▉█")
    let block = eighths[min(Int((rest * 8).rounded()), 8) - (rest < 0.07 ? 0 : 1)]
    for line in lines where grid[line, max(last, first)].map({ !$0.isText }) ?? true {
      grid.change(line, max(last, first)) { cell in
        (cell.character, cell.plain, cell.ink) = (block, rest >= 0.5 ? "#" : " ", color)
        cell.arms = 0
      }
    }
  }

  /// The half lines of a rectangle; a bar or a swatch on a line fills it.
  private func halves(_ rectangle: Rectangle) -> (top: Int, bottom: Int) {
    let (top, bottom) = (y(rectangle.minY), y(rectangle.maxY))
    let middle = (top + bottom) / 2
    let isOnLine = (middle - middle.rounded(.down) - 0.5).magnitude < 0.3
    if (0.15...1.2).contains(bottom - top), isOnLine, rectangle.size.height > 3 {
      let line = Int(middle.rounded(.down))
      return (2 * line, 2 * line + 2)
    }
    let first = Int((top * 2).rounded())
    return (first, max(Int((bottom * 2).rounded()), first + 1))
  }

  private func hasText(_ lines: ClosedRange<Int>, _ columns: Range<Int>) -> Bool {
    lines.contains { line in columns.contains { grid[line, $0]?.isText ?? false } }
  }

  private mutating func set(_ half: Int, _ column: Int, _ color: Color, isSolid: Bool) {
    guard half >= 0 else { return }
    let paper = paper
    grid.change(half / 2, column) { cell in
      let under = (half % 2 == 0 ? cell.upper : cell.lower) ?? paper
      let shown = under.covered(by: color)
      if half % 2 == 0 { cell.upper = shown } else { cell.lower = shown }
      if isSolid {
        (cell.isSolid, cell.arms, cell.dots) = (color.opacity == 1 && color != paper, 0, 0)
        if cell.plain != nil { (cell.character, cell.plain) = (nil, nil) }
      }
    }
  }

  /// Any area: the half cells whose middles are inside.
  private mutating func paint(area: [[Point]], _ color: Color, clip: Rectangle?) {
    let pieces = area.map { $0.map { Point(x($0.x), y($0.y) * 2) } }
    let points = pieces.flatMap(\.self)
    guard let low = points.map(\.y).min(), let high = points.map(\.y).max() else { return }
    let sides = pieces.flatMap { zip($0, $0.dropFirst() + $0.prefix(1)) }
    for half in Int(max(low, 0))...Int(min(max(high, 0), 20_000)) {
      let middle = Double(half) + 0.5
      let crossings = sides.compactMap { a, b -> Double? in
        guard (a.y <= middle) != (b.y <= middle) else { return nil }
        return a.x + (middle - a.y) / (b.y - a.y) * (b.x - a.x)
      }.sorted()
      for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
        let (from, to) = (crossings[pair].rounded(), crossings[pair + 1].rounded())
        for column in Int(max(from, 0))..<max(Int(min(to, 10_000)), Int(max(from, 0)))
        where isInside(Double(column) + 0.5, middle / 2, clip) {
          set(half, column, color, isSolid: false)
        }
      }
    }
  }

  func isInside(_ column: Double, _ line: Double, _ clip: Rectangle?) -> Bool {
    guard let clip else { return true }
    return column >= x(clip.minX) - 0.01 && column <= x(clip.maxX) + 0.01
      && line >= y(clip.minY) - 0.01 && line <= y(clip.maxY) + 0.01
  }

  /// A hatch is one character a cell.
  private mutating func paint(_ hatched: FlatScene.Hatched) {
    let pieces = hatched.outline.polylines.map { $0.map { Point(x($0.x), y($0.y)) } }
    let sides = pieces.flatMap { zip($0, $0.dropFirst()) }
    let bounds = hatched.outline.bounds
    let (top, bottom) = (y(bounds.minY), y(bounds.maxY))
    for line in max(Int(top), 0)...max(Int(bottom), Int(top), 0) {
      // A hatch lower than half a line is on the line of its middle.
      let middle = bottom - top < 1 ? (top + bottom) / 2 : Double(line) + 0.5
      guard Int(middle) == line else { continue }
      let crossings = sides.compactMap { a, b -> Double? in
        guard (a.y <= middle) != (b.y <= middle) else { return nil }
        return a.x + (middle - a.y) / (b.y - a.y) * (b.x - a.x)
      }.sorted()
      for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
        let (from, to) = (Int(crossings[pair].rounded()), Int(crossings[pair + 1].rounded()))
        for column in max(from, 0)..<max(to, from, 0)
        where grid[line, column].map({ !$0.isText }) ?? true {
          grid.change(line, column) {
            ($0.character, $0.plain, $0.ink) = ("╱", "/", hatched.color)
            ($0.upper, $0.lower, $0.isSolid) = (nil, nil, true)
          }
        }
      }
    }
  }

  // MARK: Images

  /// Every half cell is the mean of the cells of the image that it covers.
  private mutating func paint(_ image: Image) {
    let (left, right) = (x(image.frame.minX).rounded(), x(image.frame.maxX).rounded())
    let (top, bottom) = ((y(image.frame.minY) * 2).rounded(), (y(image.frame.maxY) * 2).rounded())
    let (width, height) = (max(Int(right - left), 1), max(Int(bottom - top), 1))
    for half in 0..<height {
      let rows = Self.share(half, of: height, in: image.rows)
      for column in 0..<width {
        let columns = Self.share(column, of: width, in: image.columns)
        let colors = rows.flatMap { row in
          columns.map { image.palette[Int(image.cells[row * image.columns + $0])] }
        }
        set(Int(top) + half, Int(left) + column, Color.mean(colors), isSolid: true)
        grid.change((Int(top) + half) / 2, Int(left) + column) { $0.isSolid = true }
      }
    }
  }

  private static func share(_ index: Int, of count: Int, in cells: Int) -> Range<Int> {
    let start = index * cells / count
    return start..<max((index + 1) * cells / count, start + 1)
  }
}

extension Color {
  /// The colour seen when another, perhaps translucent one lies on it.
  func covered(by other: Color) -> Color {
    guard other.opacity < 1 else { return other }
    func mix(_ under: UInt8, _ over: UInt8) -> UInt8 {
      UInt8((Double(under) + (Double(over) - Double(under)) * other.opacity).rounded())
    }
    return Color(
      red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue))
  }

  static func mean(_ colors: [Color]) -> Color {
    let count = max(colors.count, 1)
    func mean(_ channel: (Color) -> UInt8) -> UInt8 {
      UInt8(colors.reduce(0) { $0 + Int(channel($1)) } / count)
    }
    return Color(red: mean(\.red), green: mean(\.green), blue: mean(\.blue))
  }
}
