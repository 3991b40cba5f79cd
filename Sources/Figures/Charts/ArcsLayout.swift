/// Where everything stands in arcs over a sentence.
struct ArcsLayout {
  /// One arc from the focused token.
  private struct Arc {
    var head: Int
    var key: Int
    var weight: Double
    var start = 0.0
    var end = 0.0

    /// As drawn.
    var width = 0.0
  }

  private let arcs: Arcs
  private let focus: Int
  private let style: Style
  private let colors: HeadColors
  private let width: Double
  private let column: Double
  private let gutter: Double
  private let names: AxisLabels
  private let isFlat: Bool
  private let rowHeight: Double

  /// The width of an arc of weight 1: as wide as it can be with all arcs of a token in its column.
  private let widest: Double
  private static let tallest = 84.0

  init(_ arcs: Arcs, in style: Style) {
    self.arcs = arcs
    self.style = style
    focus = arcs.focus ?? 0
    colors = HeadColors(in: style.theme)
    let count = Double(arcs.tokens.count)
    let names = arcs.heads.map { style.measure($0.name, .body).width }.max() ?? 0
    gutter = max(names + 16, 30)
    let longest = arcs.tokens.map { style.measure($0.text, .body).width }.max() ?? 0
    let wanted = max(count * max(28, min(longest + 1.6, 34)), .millimetres(90))
    let grown = gutter + min(wanted, .millimetres(178) - gutter)
    width = Page.fittedWidth(in: style) ?? max(grown, .millimetres(120))
    column = min((width - gutter) / count, 60)
    let column = column
    isFlat = arcs.tokens.allSatisfy { token in
      let width = style.measure(token.text, token.isFocused ? .heading : .body).width
      return width + 0.8 <= column && token.secondary == nil
    }
    let loads = arcs.tokens.indices.map { key in
      arcs.heads.reduce(0) { sum, head in
        key == arcs.focus || !arcs.isDrawn(head.weights[key]) ? sum : sum + head.weights[key]
      }
    }
    widest = min(max((column - 6) / max(loads.reduce(0, +), 0.1), 2.2), 6)
    self.names = AxisLabels(
      Axis("key", tokens: arcs.tokens), .columns, pitch: column, limit: 70, in: style)
    rowHeight = hasNumbers(column, style) ? 13.4 : 9
  }

  private var theme: Theme { style.theme }
  private var hasTable: Bool { hasNumbers(column, style) }

  func scene() -> Scene {
    var page = Page(arcs.caption, width: width, in: style)
    let all = placed(left: page.left + gutter)
    let longest = all.map { abs($0.end - $0.start) }.max() ?? 0
    let height = all.map { self.height($0, longest: longest) }.max() ?? 0
    let widthKey = WidthKey(arcs.threshold, widest: widest, in: style)
    page.y += 12
    widthKey.place(on: &page)
    let base = page.y + height + 12
    page.add(
      "arcs", summary: "\(all.count) arcs",
      all.map { arc($0, base: base, self.height($0, longest: longest)) })
    let left = page.left + gutter
    let right = left + column * Double(arcs.tokens.count)
    page.add(.line([Point(left, base + 1), Point(right, base + 1)], hairline))
    let top = base + (isFlat ? 21 : names.extent + 6)
    let grid = Rectangle(
      x: left, y: top, width: right - left, height: rowHeight * Double(arcs.heads.count))
    page.add(
      "tokens", isFlat ? words(base + 12.5) + brackets(base + 12.5) : names.marks(beside: grid))
    page.add("table", table(grid))
    page.add(
      "focus",
      focusFrame(
        Rectangle(
          x: left + Double(focus) * column, y: base + 2.4, width: column,
          height: grid.maxY - base - 1.6)))
    page.y = grid.maxY + 9
    if !hasTable { legend.place(on: &page, at: left, barWidth: .millimetres(36)); page.y += 8 }
    return page.scene(declaring: declarations)
  }

  private var hairline: Path.Stroke { .init(theme.hairline, width: 0.5) }

  // MARK: Arcs

  /// The arcs with the places where they leave and land, side by side so that they nest: what
  /// leaves further from its key is longer, and lands further out.
  private func placed(left: Double) -> [Arc] {
    var arcs: [Arc] = []
    for (head, values) in self.arcs.heads.enumerated() {
      for (key, weight) in values.weights.enumerated() where key != focus {
        guard self.arcs.isDrawn(weight) else { continue }
        arcs.append(Arc(head: head, key: key, weight: weight, width: max(widest * weight, 0.3)))
      }
    }
    // From left to right: arcs to the left, the shortest first, then those to the right, the
    // longest first.
    let leaving =
      arcs.indices.filter { arcs[$0].key < focus }.reversed().sorted {
        arcs[$0].key > arcs[$1].key
      } + arcs.indices.filter { arcs[$0].key > focus }.sorted { arcs[$0].key > arcs[$1].key }
    for (index, x) in row(leaving, of: arcs, around: middle(focus, left), gap: 0.6) {
      arcs[index].start = x
    }
    for key in Set(arcs.map(\.key)) {
      let landing = Array(leaving.filter { arcs[$0].key == key }.reversed())
      for (index, x) in row(landing, of: arcs, around: middle(key, left), gap: 1.4) {
        arcs[index].end = x
      }
    }
    return leaving.map { arcs[$0] }
  }

  /// Lines of their widths side by side around a middle, closer where the column has no room.
  private func row(
    _ order: [Int], of arcs: [Arc], around middle: Double, gap: Double
  ) -> [(index: Int, x: Double)] {
    let widths = order.map { arcs[$0].width }
    let total = widths.reduce(0, +) + gap * Double(max(order.count - 1, 0))
    let shrink = min(1, (column - 1.5) / max(total, 0.01))
    var x = middle - total * shrink / 2
    return zip(order, widths).map { index, width in
      defer { x += (width + gap) * shrink }
      return (index, x + width * shrink / 2)
    }
  }

  /// The height of an arc: in proportion to its length, or in a long text to the root of it, so that
  /// short arcs can be seen beside long ones.
  private func height(_ arc: Arc, longest: Double) -> Double {
    let (span, most) = (abs(arc.end - arc.start), min(Self.tallest, 0.6 * longest))
    let share = span / max(longest, 1)
    return most * (arcs.tokens.count > 24 ? share.squareRoot() : share)
  }

  private func arc(_ arc: Arc, base: Double, _ height: Double) -> Mark {
    let (start, end) = (arc.start, arc.end)
    let (rx, ry, k) = ((end - start) / 2, height, 0.5522847498)
    let top = Point((start + end) / 2, base - ry)
    let steps: [Path.Step] = [
      .move(Point(start, base)),
      .curve(Point(start, base - k * ry), Point(top.x - k * rx, top.y), top),
      .curve(Point(top.x + k * rx, top.y), Point(end, base - k * ry), Point(end, base)),
    ]
    return .path(Path(steps, stroke: .init(colors[arc.head], width: arc.width)))
  }

  // MARK: Words and table

  private func words(_ baseline: Double) -> [Mark] {
    arcs.tokens.enumerated().flatMap { index, token -> [Mark] in
      let isFocus = index == focus
      let x = middle(index, pageLeft)
      let width = max(6, style.measure(token.text, .body).width + 3)
      let chip = Rectangle(x: x - width / 2, y: baseline - 6.8, width: width, height: 9)
      let plate: [Mark] =
        token.kind == .punctuation && width <= column
        ? [.plate(chip, radius: 1.2, fill: theme.plate)] : []
      return plate + [
        .text(
          Text(
            token.text, font: isFocus ? .heading : .body,
            color: token.kind == .special && !isFocus ? theme.secondary : theme.ink,
            at: Point(x, baseline), alignment: .middle))
      ]
    }
  }

  /// Lines under the pieces of one word, with feet towards them.
  private func brackets(_ baseline: Double) -> [Mark] {
    AxisLabels.words(arcs.tokens).map { word in
      let half = 0.36 * column
      let (start, end) = (
        middle(word.lowerBound, pageLeft) - half, middle(word.upperBound - 1, pageLeft) + half
      )
      let y = baseline + 4.4
      return .line(
        [Point(start, y - 1.6), Point(start, y), Point(end, y), Point(end, y - 1.6)],
        .init(theme.secondary, width: 0.5))
    }
  }

  private var pageLeft: Double { Page.margin(in: style) + gutter }

  private func middle(_ token: Int, _ left: Double) -> Double {
    left + (Double(token) + 0.5) * column
  }

  private func table(_ grid: Rectangle) -> [Mark] {
    let panel = MatrixPanel(matrix: matrix, scale: scale, theme: theme, frame: grid)
    let edge = Mark.rectangle(grid, stroke: .init(theme.frame, width: 0.35))
    var marks = (hasTable ? [] : [panel.image(), edge]) + panel.hatch()
    for (row, head) in arcs.heads.enumerated() {
      let y = grid.minY + (Double(row) + 0.5) * rowHeight
      let x = grid.minX - gutter
      marks += [
        .rectangle(Rectangle(x: x, y: y - 1.7, width: 9, height: 3.4), fill: colors[row]),
        .text(
          Text(head.name, font: .body, color: theme.ink, at: Point(x + 13, y + 0.364 * 7))),
      ]
      if hasTable { marks += numbers(head, grid, y) }
    }
    guard hasTable else { return marks }
    let lines = (0...arcs.heads.count).flatMap { row -> [Path.Step] in
      let y = grid.minY + Double(row) * rowHeight
      return [.move(Point(grid.minX - gutter, y)), .line(Point(grid.maxX, y))]
    }
    return marks + [.path(Path(lines, stroke: hairline))]
  }

  private func numbers(_ head: Arcs.Head, _ grid: Rectangle, _ y: Double) -> [Mark] {
    head.weights.enumerated().compactMap { key, weight in
      guard arcs.mask?[key] != true, let text = NumberFormat.cellWeight(weight) else { return nil }
      let isDrawn = arcs.isDrawn(weight) && key != focus
      return .text(
        Text(
          text, font: Font(size: 6, weight: isDrawn ? .semibold : .regular),
          color: isDrawn ? theme.ink : theme.secondary,
          at: Point(middle(key, grid.minX), y + 0.364 * 6), alignment: .middle))
    }
  }

  private func focusFrame(_ frame: Rectangle) -> [Mark] {
    [
      .path(
        Path(
          Path.roundedRectangle(frame, radius: 2), stroke: .init(theme.ink, width: 0.6)))
    ]
  }

  private var matrix: Matrix {
    Matrix(
      rows: arcs.heads.count, columns: arcs.tokens.count,
      values: arcs.heads.flatMap { $0.weights.map { Float($0) } },
      mask: arcs.mask.map { mask in arcs.heads.flatMap { _ in mask } })
  }

  private var scale: ColorScale { ColorScale(weights: .linear, in: style) }

  private var legend: Legend {
    Legend(
      scale: scale,
      text: LegendText(
        name: ["weight ", .formula(.variable("a"))], note: ["cells under the arcs"]),
      mask: nil, style: style)
  }

  private var declarations: [String] {
    let table =
      hasTable
      ? "All weights are in the table; bold ones are drawn. Blank: below .005." : nil
    let hatch = arcs.mask?.contains(true) ?? false ? "Hatched: masked, never looked at." : nil
    return [arcs.coverage]
      + [table, hatch, names.thinning.map { "Labels: \($0)." }].compactMap(\.self)
      + (isFlat ? [] : names.declarations)
  }
}

/// Whether a table's columns have room for ".64".
private func hasNumbers(_ column: Double, _ style: Style) -> Bool {
  column >= style.measure(".00", Font(size: 6, weight: .semibold)).width + 2
}
