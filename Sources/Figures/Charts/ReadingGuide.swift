/// "How to read one panel": one head drawn large, and notes with lines to what they speak of.
///
/// Where the notes have no room beside the panel they stand under it; numbers replace the lines.
struct ReadingGuide {
  private let example: Gallery.Example
  private let matrix: Matrix
  private let share: Double?
  private let style: Style
  private let scale: ColorScale
  private let rowLabels: AxisLabels
  private let columnLabels: AxisLabels
  private let cell: Double

  private static let noteGap = 29.0
  private static let leastNote = 150.0
  private static let largestNote = 190.0

  /// Prepares the guide; `nil` when the gallery has no example, or not on its sheet.
  init?(_ gallery: Gallery, _ scale: ColorScale, in style: Style) {
    guard let example = gallery.example, let panel = gallery.panel(example.head) else { return nil }
    self.example = example
    self.scale = scale
    self.style = style
    matrix = gallery.matrix(panel)
    share = panel.sinkShare
    let fitted = Page.fittedWidth(in: style) ?? .infinity
    let limit = min(60, max(0.25 * fitted, 30))
    let count = Double(max(matrix.rows, matrix.columns))
    func labels(_ side: AxisLabels.Side, _ pitch: Double) -> AxisLabels {
      let tokens = side == .rows ? example.rows : example.columns
      let name = side == .rows ? "query" : "key"
      return AxisLabels(Axis(name, tokens: tokens), side, pitch: pitch, limit: limit, in: style)
    }
    let wanted = min(max(.millimetres(2.8), .millimetres(24) / count), .millimetres(8))
    var cell = min(wanted, .millimetres(64) / count)
    for _ in 0..<3 { cell = min(cell, (fitted - labels(.rows, cell).extent) / count) }
    self.cell = cell
    rowLabels = labels(.rows, cell)
    columnLabels = labels(.columns, cell)
  }

  private var size: Size { Size(cell * Double(matrix.columns), cell * Double(matrix.rows)) }
  private var panelWidth: Double { rowLabels.extent + size.width }

  /// The width at which panel and notes stand side by side.
  var comfortableWidth: Double { panelWidth + Self.noteGap + Self.largestNote }

  /// Whether a legend has room at the right of the notes.
  func legendFits(in width: Double) -> Bool {
    width >= panelWidth + Self.noteGap + Self.leastNote + Legend.columnRoom
  }

  /// What was left out.
  var declarations: [String] {
    let thinning = rowLabels.thinning ?? columnLabels.thinning
    var seen: Set<String> = []
    return (thinning.map { ["Labels of the large panel: \($0)."] } ?? [])
      + (rowLabels.declarations + columnLabels.declarations).filter { seen.insert($0).inserted }
  }

  /// Draws the guide, with the legend at the right when one is given.
  func place(on page: inout Page, legend: Legend?) {
    let top = page.y
    page.y += 13
    let heading = Text(
      example.title, font: .heading, color: style.theme.ink, at: Point(page.left, page.y))
    page.add("guide-title", [.text(heading)])
    let frame = Rectangle(
      x: page.left + rowLabels.extent, y: page.y + 8 + columnLabels.extent,
      width: size.width, height: size.height)
    page.add("guide-panel", panel(frame))
    let legendRoom = legend == nil ? 0 : Legend.columnRoom
    let notes = min(page.right - legendRoom - frame.maxX - Self.noteGap, Self.largestNote)
    let bottom = frame.maxY + (share == nil ? 0 : 6)
    if notes >= Self.leastNote {
      page.y = max(bottom, beside(frame, width: notes, on: &page))
    } else {
      page.y = bottom
      below(frame, on: &page)
    }
    if let legend {
      let end = page.y
      page.y = top
      legend.placeColumn(on: &page)
      page.y = max(page.y, end)
    }
  }

  private func panel(_ frame: Rectangle) -> [Mark] {
    let cells = MatrixPanel(matrix: matrix, scale: scale, theme: style.theme, frame: frame)
    var marks = [cells.image()] + cells.crosses()
    marks.append(.rectangle(frame, stroke: .init(style.theme.ink, width: 0.6)))
    if let share {
      marks += SinkBar(share: share, theme: style.theme)
        .marks(x: frame.minX, y: frame.maxY + 2.4, width: size.width, height: 2.4)
    }
    return rowLabels.marks(beside: frame) + columnLabels.marks(beside: frame) + marks
  }

  /// Where a note points.
  private func point(_ target: Gallery.Callout.Target, _ frame: Rectangle) -> Point {
    switch target {
    case .cell(let row, let column):
      return Point(
        frame.minX + (Double(min(max(column, 0), matrix.columns - 1)) + 0.5) * cell,
        frame.minY + (Double(min(max(row, 0), matrix.rows - 1)) + 0.5) * cell)
    case .column(let column):
      let place = min(max(column, 0), matrix.columns - 1)
      let values = (0..<matrix.rows).map { matrix.value($0, place) ?? 0 }
      let dark = 0.8 * (values.max() ?? 0)
      let row = values.indices.dropFirst().first { values[$0] >= dark }
      return point(.cell(row: row ?? 0, column: place), frame)
    case .sinkBar:
      let share = min(max(share ?? 0, 0), 1)
      return Point(frame.minX + share * size.width, frame.maxY + 3.6)
    }
  }

  /// The notes at the right, each on a line from its target; returns their bottom.
  private func beside(_ frame: Rectangle, width: Double, on page: inout Page) -> Double {
    let sorted = example.callouts.map { ($0, point($0.target, frame)) }
      .sorted { ($0.1.y, $0.1.x) < ($1.1.y, $1.1.x) }
    let notes = sorted.map { Note($0.0, width: width, in: style) }
    var exits = sorted.map(\.1.y)
    for index in exits.indices.dropFirst() {
      exits[index] = max(exits[index], exits[index - 1] + 2)
    }
    let tops = Note.tops(notes, near: exits, in: frame.minY - 2...frame.maxY + 6)
    let x = frame.maxX + Self.noteGap
    for (index, note) in notes.enumerated() {
      let start = Point(sorted[index].1.x, exits[index])
      let arrival = tops[index] + Note.arrival
      page.add(
        "note-\(index + 1)",
        line(from: start, to: Point(x - 3, arrival), edge: frame.maxX)
          + note.marks(at: Point(x, tops[index])))
    }
    return zip(tops, notes).map { $0 + $1.height }.max() ?? 0
  }

  private func line(from start: Point, to end: Point, edge: Double) -> [Mark] {
    let theme = style.theme
    let points = [start, Point(edge + 4, start.y), Point(end.x - 7, end.y), end]
    return [
      .line([start, Point(edge, start.y)], .init(theme.paper, width: 1.6)),
      .line(points, .init(theme.secondary, width: 0.5)),
      .dot(at: start, radius: 1.2, fill: theme.paper, stroke: .init(theme.ink, width: 0.5)),
    ]
  }

  /// The notes under the panel, numbered like the dots on it.
  private func below(_ frame: Rectangle, on page: inout Page) {
    page.y += 8
    let places = apart(example.callouts.map { point($0.target, frame) })
    for (index, callout) in example.callouts.enumerated() {
      let note = Note(callout, width: page.width - 11, in: style)
      let number = NumberedDot(number: index + 1, theme: style.theme)
      let marks =
        number.marks(at: places[index])
        + number.marks(at: Point(page.left + 3.6, page.y + Note.arrival))
        + note.marks(at: Point(page.left + 11, page.y))
      page.add("note-\(index + 1)", marks)
      page.y += note.height + 5
    }
  }

  /// Points moved to the right until no two dots touch.
  private func apart(_ points: [Point]) -> [Point] {
    points.reduce(into: []) { placed, point in
      var point = point
      while placed.contains(where: { abs($0.x - point.x) < 7.6 && abs($0.y - point.y) < 7.6 }) {
        point.x += 7.6
      }
      placed.append(point)
    }
  }
}
