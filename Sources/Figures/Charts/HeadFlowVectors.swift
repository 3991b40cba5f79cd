/// The lower panels: vectors of the focused token, folded, in as many rows as they need.
struct HeadFlowVectors {
  private let figure: HeadFlow
  private let style: Style
  private let panels: HeadFlowPanels

  private static let height = 67.0
  /// Room at the left of a row, for the names of heads.
  private static let indent = 24.0
  private static let (leastGap, mostGap) = (30.0, 46.0)

  init(_ figure: HeadFlow, in style: Style) {
    self.figure = figure
    self.style = style
    panels = HeadFlowPanels(style: style)
  }

  private var theme: Theme { style.theme }

  /// How wide the picture of a vector is.
  private func width(_ panel: HeadFlow.VectorPanel) -> Double {
    let longest = figure.vectorPanels.map(\.values.count).max() ?? 1
    let shortest = figure.vectorPanels.map(\.values.count).min() ?? 1
    let least = Double.millimetres(
      panel.values.count > shortest && longest > shortest ? 36 : 29)
    let largest = panels.limit(panel.values.largestMagnitude)
    return max(
      least, panels.footWidth([.text(panel.shape)], largest),
      panels.footWidth([.text(norm(panel))], panel.fact))
  }

  /// How much room it takes with its heading.
  private func slot(_ panel: HeadFlow.VectorPanel) -> Double {
    max(width(panel), panels.width(panel.heading) - Self.leastGap + 5)
  }

  /// How far it reaches with its heading at the end of a row.
  private func reach(_ panel: HeadFlow.VectorPanel) -> Double {
    max(width(panel), panels.width(panel.heading))
  }

  private func norm(_ panel: HeadFlow.VectorPanel) -> String {
    "norm " + NumberFormat.amount(panel.values.norm, decimals: 2)
  }

  /// The width at which all panels stand side by side.
  var naturalWidth: Double {
    let slots = room(Array(figure.vectorPanels.indices))
    return Self.indent + slots + Double(figure.vectorPanels.count - 1) * Self.leastGap
  }

  /// The room that panels of a row take without their distances.
  private func room(_ row: [Int]) -> Double {
    let last = row.last.map { reach(figure.vectorPanels[$0]) } ?? 0
    return row.dropLast().reduce(last) { $0 + slot(figure.vectorPanels[$1]) }
  }

  /// Draws all panels; `start` is where the story comes from.
  func draw(on page: inout Page, from start: Rectangle?) {
    var frames: [Int: Rectangle] = [:]
    var isFirst = true
    for row in rows(in: page.width) {
      let room = page.width - Self.indent - self.room(row)
      let gap = min(max(room / Double(max(row.count - 1, 1)), Self.leastGap), Self.mostGap)
      var x = page.left + Self.indent
      var placed: [(index: Int, frame: Rectangle)] = []
      for index in row {
        let panel = figure.vectorPanels[index]
        let frame = Rectangle(
          x: x, y: page.y + HeadFlowPanels.panel, width: width(panel), height: Self.height)
        frames[index] = frame
        placed.append((index, frame))
        x += slot(panel) + gap
      }
      let carries = placed.contains {
        if case .plusCarried = figure.vectorPanels[$0.index].link { true } else { false }
      }
      for (position, item) in placed.enumerated() {
        let before = position == 0 ? nil : placed[position - 1].frame
        let linked = link(
          item.index, item.frame, before: before, frames, in: row, gap: gap)
        page.add(
          "vector-\(item.index)", marks(figure.vectorPanels[item.index], in: item.frame) + linked)
      }
      if isFirst, let start, let first = placed.first {
        page.add("onward", [onward(from: start, to: first, page)])
      }
      isFirst = false
      page.y += HeadFlowPanels.panel + Self.height + HeadFlowPanels.foot + HeadFlowPanels.lead
      page.y += carries ? 22 : 20
    }
  }

  /// As few rows as there can be, about equally long.
  private func rows(in width: Double) -> [[Int]] {
    let least = rows(in: width, most: .max).count
    let count = figure.vectorPanels.count
    let even = rows(in: width, most: (count + least - 1) / least)
    return even.count == least ? even : rows(in: width, most: .max)
  }

  private func rows(in width: Double, most: Int) -> [[Int]] {
    var rows: [[Int]] = [[]]
    var x = Self.indent
    for (index, panel) in figure.vectorPanels.enumerated() {
      let isNew = rows[rows.count - 1].isEmpty
      let isFull = rows[rows.count - 1].count >= most
      if !isNew, isFull || x + Self.leastGap + reach(panel) > width + 0.01 {
        rows.append([])
        x = Self.indent
      } else if !isNew {
        x += Self.leastGap
      }
      rows[rows.count - 1].append(index)
      x += slot(panel)
    }
    return rows
  }

  // MARK: One panel

  private func marks(_ panel: HeadFlow.VectorPanel, in frame: Rectangle) -> [Mark] {
    let largest = panel.values.largestMagnitude
    let columns = (panel.values.count + panel.rows - 1) / panel.rows
    let missing = panel.rows * columns - panel.values.count
    let matrix = Matrix(
      rows: panel.rows, columns: columns,
      values: panel.values + Array(repeating: 0, count: missing),
      mask: missing == 0
        ? nil : (0..<panel.rows * columns).map { $0 >= panel.values.count })
    let baseline = Point(frame.minX, frame.minY - HeadFlowPanels.panel)
    return panels.heading(panel.heading, at: baseline)
      + panels.image(matrix, largest, in: frame)
      + (panel.head.map { heads($0, of: panel.rows, beside: frame) } ?? [])
      + panels.foot([.text(panel.shape)], panels.limit(largest), under: frame)
      + panels.foot([.text(norm(panel))], panel.fact, under: frame, line: 1)
  }

  /// The first and the last head's names, and a frame around the one the figure is about.
  private func heads(_ head: Int, of count: Int, beside frame: Rectangle) -> [Mark] {
    let height = frame.size.height / Double(count)
    func name(_ index: Int) -> Mark {
      let y = frame.minY + (Double(index) + 0.5) * height + 0.364 * 6
      let font = Font(size: 6, weight: index == head ? .semibold : .regular)
      return panels.end(
        "H\(index)", Point(frame.minX - 3.5, y), index == head ? theme.ink : theme.secondary, font)
    }
    let others = Set([0, count - 1]).filter { abs(Double($0 - head)) * height > 6.6 }.sorted()
    let row = Rectangle(
      x: frame.minX, y: frame.minY + Double(head) * height, width: frame.size.width,
      height: height)
    return (others + [head]).map(name) + [panels.focus(row)]
  }

  // MARK: Between panels

  private func link(
    _ index: Int, _ frame: Rectangle, before: Rectangle?, _ frames: [Int: Rectangle],
    in row: [Int], gap: Double
  ) -> [Mark] {
    let panel = figure.vectorPanels[index]
    let y = frame.minY + Self.height / 2
    let start = before.map(\.maxX) ?? frame.minX - Self.indent + 1
    let middle = Point((start + frame.minX) / 2, y)
    func line(_ to: Double) -> Mark {
      Connector([Point(start + 2.4, y), Point(to, y)]).mark(theme.secondary)
    }
    switch panel.link {
    case .none: return []
    case .through(let words):
      let text = TextStyle(font: .note, color: theme.secondary)
      let label = RichText(words, text, width: .infinity, measure: style.measure).lines.first
      return [line(frame.minX - 2.4)]
        + (label.map { $0.marks(at: Point(middle.x - $0.width / 2, y - 4.5)) } ?? [])
    case .plus:
      return [
        Connector([Point(start + 2.4, y), Point(frame.minX - 2.4, y)], hasHead: false)
          .mark(theme.secondary), .sum(at: middle, in: theme),
      ]
    case .plusCarried(let from, let name):
      let carried = carry(from, name, to: middle, frames, in: row)
      return [line(frame.minX - 2.4), .sum(at: middle, in: theme)] + carried
    }
  }

  /// What is added from a panel further left: a line under the panels, or words where there is none.
  private func carry(
    _ from: Int, _ name: [Inline], to sum: Point, _ frames: [Int: Rectangle], in row: [Int]
  ) -> [Mark] {
    let text = TextStyle(font: .note, color: theme.secondary)
    guard row.contains(from), let source = frames[from] else {
      let label = RichText(name, text, width: .infinity, measure: style.measure).lines.first
      let end = Point(sum.x, sum.y + 4.4)
      let line = Connector([Point(sum.x, sum.y + 16), end]).mark(theme.secondary)
      return [line] + (label.map { $0.marks(at: Point(sum.x - $0.width / 2, sum.y + 24)) } ?? [])
    }
    let top = source.maxY + HeadFlowPanels.foot + HeadFlowPanels.lead + 3
    let x = source.minX + source.size.width / 2
    let words = RichText(
      name + [" carried past"], text, width: .infinity, measure: style.measure)
    let line = Connector([
      Point(x, top), Point(x, top + 8), Point(sum.x, top + 8), Point(sum.x, sum.y + 4.4),
    ])
    return [line.mark(theme.secondary)]
      + words.lines.prefix(1).flatMap { $0.marks(at: Point(x + 6, top + 5.6)) }
  }

  /// From the sum of weighted values to the head's place among all heads.
  private func onward(
    from start: Rectangle, to first: (index: Int, frame: Rectangle), _ page: Page
  ) -> Mark {
    let panel = figure.vectorPanels[first.index]
    let height = first.frame.size.height / Double(panel.rows)
    let row = panel.head.map { Double($0) + 0.5 } ?? 0.5 * Double(panel.rows)
    let y = first.frame.minY + row * height
    let x = start.minX + start.size.width / 2
    let turn = page.y - 14
    return Connector([
      Point(x, start.maxY + 2.2), Point(x, turn), Point(page.left + 1, turn),
      Point(page.left + 1, y), Point(first.frame.minX - Self.indent + 8, y),
    ]).mark(theme.secondary)
  }
}

extension [Float] {
  /// The root of the sum of the squares.
  var norm: Double { reduce(0) { $0 + Double($1) * Double($1) }.squareRoot() }
}
