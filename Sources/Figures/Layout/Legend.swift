/// A colour bar with ticks, its words, and a swatch for masked cells.
struct Legend {
  let scale: ColorScale
  let text: LegendText
  /// The words beside the swatch; `nil` when nothing is masked.
  let mask: LegendText?
  /// Whether masked cells are flat instead of hatched.
  var isFlat = false
  let style: Style

  /// One part: marks around the top left corner of its bar or first line.
  private struct Block {
    var width = 0.0
    var height = 0.0
    var marks: [Mark] = []
  }

  private static let barHeight = Double.millimetres(2.2)
  private static let baselines = (name: 5.9, note: 14.4)
  private static let gap = 9.0

  /// Sets the legend in a row from `x`, with a shorter bar where there is less room; where a short
  /// one does not fit either, from the left margin and in several rows.
  func place(on page: inout Page, at x: Double, barWidth: Double) {
    let others = [words(page.width, hasDetails: true)] + swatch(page.width)
    let taken = others.reduce(0) { $0 + $1.width + Self.gap }
    let tail = barReach(barWidth) - barWidth
    let room = page.right - x - taken - tail
    let isRow = room >= 50
    let bar = bar(isRow ? min(room, barWidth) : min(barWidth, page.width - 8))
    let start = isRow ? max(x, page.left + overhang) : page.left + overhang
    var (column, top, height) = (start, page.y, 0.0)
    var marks: [Mark] = []
    for block in [bar] + others {
      if column > start, column + block.width > page.right + 0.01 {
        (column, top, height) = (start, top + height + 6, 0)
      }
      marks += block.marks.map { $0.moved(x: column, y: top) }
      column += block.width + Self.gap
      height = max(height, block.height)
    }
    page.add("legend", marks)
    page.y = top + height
  }

  /// The width of a column and the distance to what stands on its left.
  static let columnRoom = Double.millimetres(40) + 20

  /// Sets the legend as a column from `x`, or at the right margin: name, bar, details, swatch; the
  /// first baseline is 13 below `y`.
  func placeColumn(on page: inout Page, at x: Double? = nil) {
    let width = .millimetres(40) - overhang
    let x = x.map { $0 + overhang } ?? page.right - .millimetres(40)
    let name = words(width, hasDetails: false)
    var marks = name.marks.map { $0.moved(x: x, y: page.y + 13 - Self.baselines.name) }
    page.y += 18 + name.height - Self.baselines.name
    marks += bar(width).marks.map { $0.moved(x: x, y: page.y) }
    page.y += Self.baselines.note
    for line in details(width) {
      page.y += 9
      marks += line.marks(at: Point(x, page.y))
    }
    for block in swatch(width) {
      page.y += 7
      marks += block.marks.map { $0.moved(x: x, y: page.y) }
      page.y += block.height
    }
    page.add("legend", marks)
  }

  private var ticks: [(share: Double, label: String, half: Double)] {
    scale.ticks.map { value in
      let label = NumberFormat.tick(value)
      return (scale.position(of: value), label, style.measure(label, .note).width / 2)
    }
  }

  /// How far the first tick label hangs out on the left.
  private var overhang: Double { ticks.first.map { max($0.half, 0) } ?? 0 }

  /// How far bar and last tick label reach.
  private func barReach(_ width: Double) -> Double { width + (ticks.last?.half ?? 0) }

  private func bar(_ width: Double) -> Block {
    let (theme, colors) = (style.theme, scale.colors)
    let frame = Rectangle(x: 0, y: 0, width: width, height: Self.barHeight)
    let image = Image(
      columns: colors.count, rows: 1, palette: colors, cells: colors.indices.map { UInt8($0) },
      frame: frame)
    var block = Block(
      width: barReach(width), height: Self.baselines.note,
      marks: [.image(image), .rectangle(frame, stroke: .init(theme.hairline, width: 0.35))])
    let (ticks, stroke) = (ticks, Path.Stroke(theme.secondary, width: 0.35))
    let last = ticks.last.map { $0.share * width - $0.half } ?? width
    var end = -Double.infinity
    for (index, tick) in ticks.enumerated() {
      let x = tick.share * width
      guard x - tick.half > end, index == ticks.count - 1 || x + tick.half + 2 < last else {
        continue
      }
      let place = Point(x, Self.baselines.note)
      block.marks += [
        .line([Point(x, Self.barHeight), Point(x, Self.barHeight + 2)], stroke),
        .text(Text(tick.label, font: .note, color: theme.secondary, at: place, alignment: .middle)),
      ]
      end = x + tick.half + 2
    }
    return block
  }

  /// The name with the range beside it, and the details under it.
  private func words(_ width: Double, hasDetails: Bool) -> Block {
    var rows = lines(text.name, .body, style.theme.ink, width)
    let range = lines(text.range, .note, style.theme.secondary, width)
    if let last = rows.last, let first = range.first, last.width + 5 + first.width <= width {
      rows[rows.count - 1] = .row([last, .space(5), first])
      rows += range.dropFirst()
    } else {
      rows += range
    }
    return Self.stacked(rows + (hasDetails ? details(width) : []))
  }

  /// The note, and the transform when it is not linear.
  private func details(_ width: Double) -> [Box] {
    let declaration = scale.declaration.map { [Inline.text($0)] } ?? []
    return [text.note, declaration].flatMap { lines($0, .note, style.theme.secondary, width) }
  }

  private func swatch(_ width: Double) -> [Block] {
    guard let mask else { return [] }
    let frame = Rectangle(x: 0, y: 0, width: 10, height: Self.barHeight)
    let swatch =
      isFlat
      ? Mark.rectangle(frame, fill: style.theme.plate)
      : Hatch(theme: style.theme).fill(Path.rectangle(frame), in: frame)
    let name = lines(mask.name, .body, style.theme.ink, width - 13)
    let note = lines(mask.note, .note, style.theme.secondary, width)
    var block = Self.stacked(
      name.prefix(1).map { .row([.space(13), $0]) } + name.dropFirst() + note)
    block.marks.insert(swatch, at: 0)
    return [block]
  }

  /// Lines under each other, the first two on the baselines of the bar.
  private static func stacked(_ rows: [Box]) -> Block {
    var block = Block()
    for (index, row) in rows.enumerated() {
      let y = index == 0 ? baselines.name : baselines.note + 8 * Double(index - 1)
      block.marks += row.marks(at: Point(0, y))
      block.width = max(block.width, row.width)
      block.height = y
    }
    return block
  }

  private func lines(
    _ inlines: [Inline], _ font: Font, _ color: Color, _ width: Double
  ) -> [Box] {
    guard !inlines.isEmpty else { return [] }
    let text = TextStyle(font: font, color: color)
    return RichText(inlines, text, width: width, measure: style.measure).lines
  }
}
