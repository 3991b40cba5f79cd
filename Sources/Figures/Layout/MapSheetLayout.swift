/// Where the maps of a sheet stand: side by side where they have room, else under each other.
struct MapSheetLayout {
  private let sheet: MapSheet
  private let caption: Caption
  private let style: Style
  private let scale: ColorScale
  private let width: Double
  private let perRow: Int
  private let cell: Double
  private let labels: [Labels]
  /// Whether every map has the names of its rows at its left, or only the first of a row of maps.
  private let isNamedAlone: Bool
  private let marginRoom: Double

  private struct Labels {
    var rows: AxisLabels
    var columns: AxisLabels
  }

  private static let gap = 20.0
  private static let largest = Double.millimetres(9)
  /// A map narrower than this cannot be compared with its neighbours.
  private static let leastMap = 84.0

  init(_ sheet: MapSheet, _ caption: Caption, in style: Style) {
    self.sheet = sheet
    self.caption = caption
    self.style = style
    scale = ColorScale(weights: .linear, in: style)
    let width = Page.fittedWidth(in: style) ?? .millimetres(171)
    let room = MarginBars.room(sheet, in: style)
    let isNamedAlone = sheet.panels.contains { $0.tokens != nil }
    let count = Double(sheet.longestSide)
    func labels(_ cell: Double) -> [Labels] { Self.labels(sheet, cell, 0.22 * width, in: style) }
    /// The room of each of some maps in a row, and its cell.
    func slot(_ maps: Int) -> (room: Double, cell: Double) {
      var (cell, free) = (Self.largest, 1.0)
      for _ in 0..<3 {
        let names = Self.gutter(labels(cell)) * Double(isNamedAlone ? maps : 1)
        free = (width - names - Self.gap * Double(maps - 1)) / Double(maps) - room
        cell = min(cell, max(free, 1) / count)
      }
      let most = maps == 1 ? max(.millimetres(100) / count, 6) : .millimetres(230) / count
      return (free, min(cell, most))
    }
    let panels = sheet.panels.count
    let choices = stride(from: panels, through: 1, by: -1).filter { panels % $0 == 0 }
    // Two rows of maps with all their names are better than one without.
    let roomy = choices.filter { slot($0).room >= Self.leastMap }
    perRow = roomy.first { $0 > 1 && slot($0).cell >= 6.4 } ?? roomy.first ?? 1
    cell = slot(perRow).cell
    self.labels = labels(cell)
    (self.width, marginRoom, self.isNamedAlone) = (width, room, isNamedAlone)
  }

  private static func labels(
    _ sheet: MapSheet, _ cell: Double, _ limit: Double, in style: Style
  ) -> [Labels] {
    sheet.panels.map { panel in
      func side(_ tokens: [TokenLabel], _ side: AxisLabels.Side) -> AxisLabels {
        AxisLabels(
          Axis(side == .rows ? "query" : "key", tokens: tokens), side, pitch: cell,
          limit: min(64, limit), in: style)
      }
      return Labels(
        rows: side(panel.tokens ?? sheet.rows, .rows),
        columns: side(panel.columns.map { $0.map(\.unfocused) } ?? sheet.columns, .columns))
    }
  }

  private static func gutter(_ labels: [Labels]) -> Double {
    max(labels.map(\.rows.extent).max() ?? 0, 22)
  }

  private var gutter: Double { Self.gutter(labels) }
  /// The extent of the largest map.
  private var side: Double { cell * Double(sheet.longestSide) }
  /// From one map to the next.
  private var pitch: Double { headingRoom + Self.gap + (isNamedAlone ? gutter : 0) }
  /// The width of the words over a map.
  private var headingRoom: Double { max(side + marginRoom, Self.leastMap) }

  func scene(declaring declarations: [String] = []) -> Scene {
    var page = Page(caption, width: width, in: style)
    page.y += 16
    for first in stride(from: 0, to: sheet.panels.count, by: perRow) {
      place(Array(first..<min(first + perRow, sheet.panels.count)), on: &page)
    }
    page.y += 2
    Legend(
      scale: scale, text: sheet.legend,
      mask: sheet.panels.contains { $0.mask?.contains(true) ?? false } ? .masked : nil,
      style: style
    ).place(on: &page, at: page.left + gutter, barWidth: .millimetres(36))
    page.y += 8.6
    return page.scene(declaring: declarations + self.declarations)
  }

  /// One row of maps with their headings; rows are named at the left only.
  private func place(_ indices: [Int], on page: inout Page) {
    let headings = indices.map { heading(sheet.panels[$0]) }
    let height = headings.map(\.height).max() ?? 0
    let names = indices.map { labels[$0].columns.extent }.max() ?? 0
    let top = page.y + height + 4 + names
    for (place, index) in indices.enumerated() {
      let x = page.left + gutter + Double(place) * pitch
      page.add("heading-\(index + 1)", headings[place].marks.map { $0.moved(x: x, y: page.y) })
      let matrix = sheet.matrix(sheet.panels[index])
      let frame = Rectangle(
        x: x, y: top, width: cell * Double(matrix.columns), height: cell * Double(matrix.rows))
      var marks = map(sheet.panels[index], frame) + labels[index].columns.marks(beside: frame)
      if place == 0 || isNamedAlone { marks += labels[index].rows.marks(beside: frame) }
      page.add("map-\(index + 1)", marks)
    }
    let rows = indices.map { sheet.matrix(sheet.panels[$0]).rows }.max() ?? 0
    page.y = top + cell * Double(rows) + 16
  }

  /// Title, plate and note of a map, from a first baseline.
  private func heading(_ panel: MapSheet.Panel) -> (marks: [Mark], height: Double) {
    let theme = style.theme
    let room = headingRoom
    func lines(_ words: [Inline], _ font: Font, _ color: Color) -> [Box] {
      let text = TextStyle(font: font, color: color)
      return RichText(words, text, width: room, measure: style.measure).lines
    }
    var (marks, y) = ([Mark](), 0.0)
    for (index, line) in lines([.text(panel.title)], .heading, theme.ink).enumerated() {
      if index > 0 { y += 8.6 }
      marks += line.marks(at: Point(0, y))
    }
    if let badge = panel.badge {
      let words = style.measure.shortened(badge, .note, to: room - 6)
      let width = style.measure(words, .note).width + 6
      let beside = style.measure(panel.title, .heading).width + 6
      let x = beside + width <= room && y == 0 ? beside : 0
      if x == 0 { y += 10 }
      let box = Rectangle(x: x, y: y - 6.6, width: width, height: 9)
      marks += [
        .plate(box, radius: 2, fill: theme.plate),
        .text(Text(words, font: .note, color: theme.ink, at: Point(x + 3, y))),
      ]
    }
    for line in lines(panel.note, .note, theme.secondary) {
      y += 9.4
      marks += line.marks(at: Point(0, y))
    }
    return (marks, y + 5)
  }

  private func map(_ panel: MapSheet.Panel, _ frame: Rectangle) -> [Mark] {
    let cells = MatrixPanel(
      matrix: sheet.matrix(panel), scale: scale, theme: style.theme, frame: frame)
    let bars =
      panel.margin.isEmpty
      ? []
      : MarginBars(sheet, panel, pitch: cell, in: style)
        .marks(beside: frame)
    let rows = panel.tokens ?? sheet.rows
    let focused = cells.frames(around: rows.indices.filter { rows[$0].isFocused })
    let isImage = cell < 7
    let edge = Mark.rectangle(frame, stroke: .init(style.theme.frame, width: 0.35))
    return (isImage ? [cells.image(), edge] : cells.rectangles()) + cells.hatch() + cells.crosses()
      + (numberFont.map { cells.numbers($0, NumberFormat.cellWeight) } ?? []) + focused + bars
  }

  private var numberFont: Font? {
    let room = style.measure(".00", .cell).width + 1.7
    guard cell >= room else { return nil }
    return cell >= max(18, 1.3 * room) ? .body : .cell
  }

  private var declarations: [String] {
    var sentences: [String] = []
    if numberFont != nil, sheet.panels.contains(where: hasBlanks) {
      sentences.append("Blank: weight below .005.")
    }
    if let thinning = labels[0].rows.thinning ?? labels[0].columns.thinning {
      sentences.append("Labels: \(thinning).")
    }
    if let block = MatrixPanel.block(sheet.matrix(sheet.panels[0]), in: Size(side, side)) {
      sentences.append("Each drawn cell is the strongest of up to \(block) values.")
    }
    var seen: Set<String> = []
    return sentences
      + labels.flatMap { $0.rows.declarations + $0.columns.declarations }
      .filter { seen.insert($0).inserted }
  }

  private func hasBlanks(_ panel: MapSheet.Panel) -> Bool {
    panel.values.indices.contains { index in
      panel.mask?[index] != true && NumberFormat.cellWeight(Double(panel.values[index])) == nil
    }
  }
}

/// A number for every row of a map: a bar on a track and, where rows have room, the number.
struct MarginBars {
  private let sheet: MapSheet
  private let panel: MapSheet.Panel
  private let pitch: Double
  private let style: Style

  private static let bar = 20.0
  private static let distance = 5.0

  init(_ sheet: MapSheet, _ panel: MapSheet.Panel, pitch: Double, in style: Style) {
    self.sheet = sheet
    self.panel = panel
    self.pitch = pitch
    self.style = style
  }

  /// Two decimals; "0" only where it is exact.
  static func written(_ value: Double) -> String {
    if value == 0 { return "0" }
    return value > 0 && value < 0.005 ? "<.01" : NumberFormat.fixed(value, decimals: 2)
  }

  /// The room at the right of a map.
  static func room(_ sheet: MapSheet, in style: Style) -> Double {
    guard sheet.panels.contains(where: { !$0.margin.isEmpty }) else { return 0 }
    let name =
      RichText(
        sheet.marginName, TextStyle(font: .note, color: style.theme.secondary), width: 200,
        measure: style.measure
      ).lines.map(\.width).max() ?? 0
    return distance + max(bar + 3 + style.measure("0.00", .cell).width, name)
  }

  func marks(beside frame: Rectangle) -> [Mark] {
    let theme = style.theme
    let x = frame.maxX + Self.distance
    let height = min(0.6 * pitch, 5)
    var (tracks, bars, words) = ([Path.Step](), [Path.Step](), [Mark]())
    for (row, value) in panel.margin.enumerated() {
      let y = frame.minY + (Double(row) + 0.5) * pitch
      let share = value.isFinite ? min(max(value / sheet.marginLimit, 0), 1) : 0
      tracks += Path.rectangle(
        Rectangle(x: x, y: y - height / 2, width: Self.bar, height: height))
      bars += Path.rectangle(
        Rectangle(x: x, y: y - height / 2, width: Self.bar * share, height: height))
      guard pitch >= 6.4 else { continue }
      words.append(
        .text(
          Text(
            Self.written(value),
            font: .cell, color: theme.ink,
            at: Point(x + Self.bar + 3, y + 0.364 * 5.5))))
    }
    let text = TextStyle(font: .note, color: theme.secondary)
    let name = RichText(sheet.marginName, text, width: 200, measure: style.measure).lines
    return [.path(Path(tracks, fill: theme.plate)), .path(Path(bars, fill: theme.secondary))]
      + words + (name.first?.marks(at: Point(x, frame.minY - 4)) ?? [])
  }
}
