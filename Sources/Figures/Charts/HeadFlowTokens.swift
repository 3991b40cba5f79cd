/// The upper panels: one grid of token rows, as many panels side by side as have room.
struct HeadFlowTokens {
  private let figure: HeadFlow
  private let style: Style
  private let panels: HeadFlowPanels
  private let labels: AxisLabels
  private let widths: [Double]

  static let (pitch, strip) = (10.4, 9.2)
  private static let track = Double.millimetres(20)
  private static let heading = HeadFlow.Heading(1, "Tokens", [])

  init(_ figure: HeadFlow, in style: Style) {
    self.figure = figure
    self.style = style
    let panels = HeadFlowPanels(style: style)
    self.panels = panels
    let room = Page.fittedWidth(in: style).map { max(0.2 * $0, 30) } ?? 62
    labels = AxisLabels(
      Axis("key", tokens: figure.rows.map(\.label)), .rows, pitch: Self.pitch,
      limit: min(room, 62), in: style)
    let strips = figure.tokenPanels.count { $0.content.isOfVectors }
    let strip = Double.millimetres(strips > 5 ? 28 : 35)
    widths = figure.tokenPanels.map { Self.width($0, panels, strip: strip) }
  }

  private var theme: Theme { style.theme }
  private var column: Double { max(labels.extent, panels.width(Self.heading)) }
  private var rows: Double { Double(figure.rows.count) }
  private var focus: Int? { figure.rows.firstIndex { $0.label.isFocused } }
  /// The row with the largest share.
  private var top: Int? {
    for panel in figure.tokenPanels {
      guard case .shares(let values) = panel.content else { continue }
      let single = values.indices.filter { !figure.rows[$0].isSum && values[$0] != nil }
      return single.max { (values[$0] ?? 0) < (values[$1] ?? 0) }
    }
    return nil
  }

  /// The width at which all panels stand side by side.
  var naturalWidth: Double {
    column + zip(figure.tokenPanels, widths).reduce(0) { $0 + gap($1.0) + $1.1 }
  }

  private func gap(_ panel: HeadFlow.TokenPanel) -> Double {
    let isWide = panel.sign != .none
    if case .strips(_, _, true) = panel.content, isWide { return 22 }
    return isWide ? 19 : 12
  }

  private static func width(
    _ panel: HeadFlow.TokenPanel, _ panels: HeadFlowPanels, strip: Double
  ) -> Double {
    let words = panels.width(panel.heading)
    let limit = panels.limit(panel.content.largest)
    switch panel.content {
    case .strips(_, let isCut, _):
      return max(words, strip, panels.footWidth(panel.foot, limit)) + (isCut ? 9 : 0)
    case .summed:
      return max(words, strip, panels.footWidth(panel.foot, limit))
    case .numbers(let values, let decimals, _):
      let widest = values.compactMap(\.self).reduce(0) {
        max($0, panels.style.measure(number($1, decimals), .note).width)
      }
      return max(words, widest + 4, panels.footWidth(panel.foot, nil))
    case .shares: return max(words, shareWidth(panels) + track)
    }
  }

  private static func shareWidth(_ panels: HeadFlowPanels) -> Double {
    panels.style.measure(">.999", .note).width + 3
  }

  /// Draws all panels; returns the frame of the sum, from which the story goes on.
  func draw(on page: inout Page) -> Rectangle? {
    var sum: Rectangle?
    for group in groups(in: page.width) {
      let top = page.y + HeadFlowPanels.panel
      let slack = max(page.width - group.width, 0)
      let stretch = min(slack / Double(max(group.panels.count, 1)), 26)
      var x = page.left + column
      let grid = Rectangle(x: x, y: top, width: 1, height: rows * Self.pitch)
      page.add(
        "tokens-\(group.panels.first.map { $0 + 1 } ?? 0)",
        panels.heading(
          group.panels.contains(0) ? Self.heading : .init(nil, Self.heading.name, []),
          at: Point(page.left, page.y))
          + labels.marks(beside: grid.moved(y: -(Self.pitch - Self.strip) / 2)))
      var isTall = false
      for index in group.panels {
        let panel = figure.tokenPanels[index]
        x += gap(panel) + (group.isFull ? stretch * 0.5 : 0)
        let wished = widths[index] + (group.isFull ? stretch * 0.5 : 0)
        let width = max(min(wished, page.right - x - 1.8), 12)
        let frame = Rectangle(
          x: x, y: top, width: width, height: (rows - 1) * Self.pitch + Self.strip)
        let room = gap(panel) + (group.isFull ? stretch * 0.5 : 0)
        let isAlone = index > 0 && index == group.panels.first && panel.sign == .arrow
        let drawn = marks(panel, in: frame, gap: isAlone ? nil : room)
        page.add("step-\(index + 2)", drawn.marks)
        if let below = drawn.sum { (sum, isTall) = (below, true) }
        x = frame.maxX
      }
      page.y = grid.maxY + (isTall ? 15 : 0) + HeadFlowPanels.foot + 16
    }
    return sum
  }

  private struct PanelGroup {
    var panels: [Int]
    var width: Double
    /// Whether it is wide enough to be spread over the page.
    var isFull: Bool
  }

  private func groups(in width: Double) -> [PanelGroup] {
    var groups: [PanelGroup] = [PanelGroup(panels: [], width: column, isFull: false)]
    for (index, panel) in figure.tokenPanels.enumerated() {
      let need = gap(panel) + widths[index]
      let last = groups.count - 1
      if !groups[last].panels.isEmpty, groups[last].width + need > width + 0.01 {
        groups[last].isFull = true
        groups.append(PanelGroup(panels: [index], width: column + need, isFull: false))
      } else {
        groups[last].panels.append(index)
        groups[last].width += need
      }
    }
    if groups.count == 1 { groups[0].isFull = true }
    return groups
  }

  // MARK: One panel

  private func marks(
    _ panel: HeadFlow.TokenPanel, in frame: Rectangle, gap: Double?
  ) -> (marks: [Mark], sum: Rectangle?) {
    let baseline = frame.minY - HeadFlowPanels.panel
    var marks = panels.heading(panel.heading, at: Point(frame.minX, baseline))
    if let gap { marks += sign(panel.sign, gap, in: frame) }
    let largest = panel.content.largest
    var below: Rectangle?
    switch panel.content {
    case .strips(let values, let isCut, let framesFocus):
      let inner = isCut ? frame.narrowed(by: 9) : frame
      marks += strips(values, largest, in: inner)
      if isCut { marks += dots(values, in: inner) }
      if framesFocus, let focus { marks.append(panels.focus(row(focus, in: inner))) }
      marks += panels.foot(panel.foot, panels.limit(largest), under: inner)
    case .numbers(let values, let decimals, let hatches):
      marks += numbers(values, decimals, hatches, in: frame)
      marks += panels.foot(panel.foot, nil, under: frame)
    case .shares(let values):
      marks += shares(values, in: frame)
    case .summed(let values, let sum):
      marks += strips(values, largest, in: frame)
      let place = Rectangle(
        x: frame.minX, y: frame.maxY + 5.6, width: frame.size.width, height: Self.strip)
      marks += total(sum, largest, in: place, under: frame)
      marks += panels.foot(panel.foot, panels.limit(largest), under: place)
      below = place
    }
    return (marks, below)
  }

  /// The place of a row's strip.
  private func row(_ index: Int, in frame: Rectangle) -> Rectangle {
    Rectangle(
      x: frame.minX, y: frame.minY + Double(index) * Self.pitch, width: frame.size.width,
      height: Self.strip)
  }

  private func sign(_ sign: HeadFlow.Sign, _ gap: Double, in frame: Rectangle) -> [Mark] {
    guard let focus else { return [] }
    let (left, y) = (frame.minX, row(focus, in: frame).minY + Self.strip / 2)
    switch sign {
    case .none: return []
    case .arrow:
      let points = [Point(left - gap + 3, y), Point(left - 2.6, y)]
      return [Connector(points).mark(theme.secondary)]
    case .sign(let string):
      return [
        .text(
          Text(
            string, font: Font(.formula, size: 9), color: theme.ink,
            at: Point(left - gap / 2, y + 2.6), alignment: .middle))
      ]
    }
  }

  private func strips(_ values: [[Float]?], _ largest: Double, in frame: Rectangle) -> [Mark] {
    values.enumerated().flatMap { index, values -> [Mark] in
      let place = row(index, in: frame)
      guard let values else {
        return figure.rows[index].isMasked && !figure.rows[index].isSum
          ? [Hatch(theme: theme).fill(place)] : []
      }
      let matrix = Matrix(rows: 1, columns: values.count, values: values)
      return panels.image(matrix, largest, in: place)
        + (figure.rows[index].isSum ? [stripes(place)] : [])
    }
  }

  /// Thin lines of paper over colours: a sum of many.
  private func stripes(_ frame: Rectangle) -> Mark {
    let height = frame.size.height
    var steps: [Path.Step] = []
    for x in stride(from: frame.minX - height + 2, to: frame.maxX, by: 3.4) {
      let (start, end) = (max(x, frame.minX), min(x + height, frame.maxX))
      steps += [
        .move(Point(start, frame.maxY - (start - x))), .line(Point(end, frame.maxY - (end - x))),
      ]
    }
    return .path(Path(steps, stroke: .init(theme.paper, width: 0.8)))
  }

  /// "…" behind rows that go on.
  private func dots(_ values: [[Float]?], in frame: Rectangle) -> [Mark] {
    values.indices.filter { values[$0] != nil }.map { index in
      let place = row(index, in: frame)
      return .text(
        Text(
          "…", font: .note, color: theme.secondary,
          at: Point(place.maxX + 2.2, place.minY + Self.strip / 2 + 1)))
    }
  }

  private func numbers(
    _ values: [Double?], _ decimals: Int, _ hatches: Bool, in frame: Rectangle
  ) -> [Mark] {
    let widest = values.compactMap(\.self).reduce(0) {
      max($0, style.measure(Self.number($1, decimals), .note).width)
    }
    let right = frame.minX + widest + 4
    return values.enumerated().flatMap { index, value -> [Mark] in
      let place = row(index, in: frame)
      let isMasked = figure.rows[index].isMasked && !figure.rows[index].isSum
      if hatches, isMasked {
        return [
          Hatch(theme: theme).fill(
            Rectangle(
              x: frame.minX, y: place.minY, width: max(right - frame.minX, 12),
              height: place.size.height))
        ]
      }
      guard let value else { return [] }
      return [
        panels.end(
          Self.number(value, decimals), Point(right, baseline(place)),
          isMasked ? theme.secondary : theme.ink,
          Font(size: 6, weight: index == top ? .semibold : .regular))
      ]
    }
  }

  private func baseline(_ place: Rectangle) -> Double {
    place.minY + place.size.height / 2 + 0.364 * 6
  }

  private func shares(_ values: [Double?], in frame: Rectangle) -> [Mark] {
    let start = frame.minX + Self.shareWidth(panels)
    let length = frame.maxX - start
    let color = style.sequential.colors(in: theme).last ?? theme.ink
    var marks: [Mark] = []
    for (index, value) in values.enumerated() {
      let place = row(index, in: frame)
      let track = Rectangle(
        x: start, y: place.minY + 1.2, width: length, height: Self.strip - 2.4)
      guard let value else {
        if figure.rows[index].isMasked { marks.append(Hatch(theme: theme).fill(track)) }
        continue
      }
      let bar = Rectangle(
        x: start, y: track.minY, width: length * min(max(value, 0), 1), height: track.size.height)
      let isSum = figure.rows[index].isSum
      marks += [
        .rectangle(track, fill: theme.plate),
        isSum && bar.size.width > 1
          ? Hatch(sum: color, in: theme).fill(bar) : .rectangle(bar, fill: color),
        panels.end(
          Self.share(value), Point(start - 3, baseline(place)), theme.ink,
          Font(size: 6, weight: index == top ? .semibold : .regular)),
      ]
    }
    let y = frame.maxY + HeadFlowPanels.foot
    marks.append(.text(Text("0", font: .note, color: theme.secondary, at: Point(start, y))))
    return marks + [panels.end("1", Point(frame.maxX, y), theme.secondary)]
  }

  private func total(
    _ sum: [Float], _ largest: Double, in place: Rectangle, under frame: Rectangle
  ) -> [Mark] {
    let rule = frame.maxY + 2.2
    let matrix = Matrix(rows: 1, columns: sum.count, values: sum)
    return [
      .line(
        [Point(frame.minX, rule), Point(frame.maxX, rule)], .init(theme.ink, width: 0.6)),
      panels.end(
        "Σ", Point(place.minX - 3.5, place.minY + 7.2), theme.ink, Font(.formula, size: 8)),
    ] + panels.image(matrix, largest, in: place) + [panels.focus(place)]
  }
}
