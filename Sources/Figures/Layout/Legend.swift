/// The words beside a legend's bar or swatch.
public struct LegendText: Equatable, Sendable {
  /// What the colours stand for: "weight a".
  public var name: [Inline]
  /// The range that occurs, small, beside the name: "largest .99".
  public var range: [Inline]
  /// One more fact, small, under the name: "each row sums to 1".
  public var note: [Inline]

  /// Creates the words.
  public init(name: [Inline], range: [Inline] = [], note: [Inline] = []) {
    self.name = name
    self.range = range
    self.note = note
  }

  /// Masked cells: no score reaches the softmax, the weight is exactly 0.
  public static let masked = LegendText(
    name: ["masked"],
    note: [
      .formula(.row([.variable("α"), .sign("="), .word("−∞")])), ", ",
      .formula(.row([.variable("a"), .sign("="), .word("0")])),
    ])
}

/// A colour bar with ticks, its words, and a swatch for masked cells, in rows as wide as a page.
struct Legend {
  /// One part: marks around the bar's top left corner.
  private struct Block {
    var width: Double
    var height: Double
    var marks: [Mark]
  }

  private let blocks: [Block]
  /// How far the first tick label hangs out on the left.
  private let overhang: Double

  private static let bar = Double.millimetres(2.2)
  private static let baselines = (name: 5.9, note: 14.4)
  private static let gap = 8.0

  /// Prepares a legend for a width; a legend with `mask` has a swatch.
  init(
    _ scale: ColorScale, _ text: LegendText, mask: LegendText?, isFlat: Bool = false,
    barWidth: Double, width: Double, in style: Style
  ) {
    let colors = Self.bar(scale, barWidth, style)
    overhang = colors.overhang
    let words = Self.words(text, scale.declaration, width, style)
    blocks = [colors.block, words] + (mask.map { [Self.swatch($0, isFlat, width, style)] } ?? [])
  }

  /// Sets the legend at `x` where it fits in one row, else from `left`; returns its bottom.
  func place(on page: inout Page, at x: Double) {
    let total = blocks.map(\.width).reduce(0, +) + Self.gap * Double(blocks.count - 1)
    let start = max(page.left + overhang, min(x, page.right - total))
    var (column, top, height) = (start, page.y, 0.0)
    var marks: [Mark] = []
    for block in blocks {
      if column > start, column + block.width > page.right {
        (column, top, height) = (page.left + overhang, top + height + 6, 0)
      }
      marks += block.marks.map { $0.moved(x: column, y: top) }
      column += block.width + Self.gap
      height = max(height, block.height)
    }
    page.add("legend", marks)
    page.y = top + height
  }

  private static func bar(
    _ scale: ColorScale, _ width: Double, _ style: Style
  ) -> (block: Block, overhang: Double) {
    let frame = Rectangle(x: 0, y: 0, width: width, height: bar)
    let image = Image(
      columns: scale.colors.count, rows: 1, palette: scale.colors,
      cells: scale.colors.indices.map { UInt8($0) }, frame: frame)
    var marks: [Mark] = [
      .image(image), .rectangle(frame, stroke: .init(style.theme.hairline, width: 0.35)),
    ]
    var (end, overhang, reach) = (-Double.infinity, 0.0, width)
    let ticks = scale.ticks.map {
      (x: scale.position(of: $0) * width, label: NumberFormat.tick($0))
    }
    let lastStart = ticks.last.map { $0.x - style.measure($0.label, .note).width / 2 } ?? width
    for (index, tick) in ticks.enumerated() {
      let half = style.measure(tick.label, .note).width / 2
      let isLast = index == ticks.count - 1
      guard tick.x - half > end, isLast || tick.x + half + 2 < lastStart else { continue }
      marks.append(
        .line(
          [Point(tick.x, bar), Point(tick.x, bar + 2)],
          .init(style.theme.secondary, width: 0.35)))
      marks.append(
        .text(
          Text(
            tick.label, font: .note, color: style.theme.secondary,
            at: Point(tick.x, baselines.note), alignment: .middle)))
      (end, overhang, reach) = (
        tick.x + half + 2, max(overhang, half - tick.x), max(reach, tick.x + half)
      )
    }
    return (Block(width: reach, height: baselines.note, marks: marks), overhang)
  }

  private static func words(
    _ text: LegendText, _ declaration: String?, _ width: Double, _ style: Style
  ) -> Block {
    let name = lines(text.name, .body, style.theme.ink, width, style)
    let range = lines(text.range, .note, style.theme.secondary, width, style)
    let note = lines(text.note, .note, style.theme.secondary, width, style)
    let declared = lines(
      declaration.map { [.text($0)] } ?? [], .note, style.theme.secondary, width, style)
    var rows = name
    if let last = name.last, let first = range.first, last.width + 5 + first.width <= width {
      rows[rows.count - 1] = .row([last, .space(5), first])
      rows += range.dropFirst()
    } else {
      rows += range
    }
    return stacked(rows + note + declared, at: 0)
  }

  private static func swatch(
    _ text: LegendText, _ isFlat: Bool, _ width: Double, _ style: Style
  ) -> Block {
    let frame = Rectangle(x: 0, y: 0, width: 10, height: bar)
    let steps = Path.rectangle(frame)
    let swatch: Mark =
      isFlat
      ? .rectangle(
        frame, fill: style.theme.hatchGround, stroke: .init(style.theme.hairline, width: 0.35))
      : Hatch(theme: style.theme).fill(steps, in: frame)
    let name = lines(text.name, .body, style.theme.ink, width - 13, style)
    let note = lines(text.note, .note, style.theme.secondary, width, style)
    let first = name.prefix(1).map { Box.row([.space(13), $0]) }
    var block = stacked(first + name.dropFirst() + note, at: 0)
    block.marks.insert(swatch, at: 0)
    return block
  }

  /// Lines under each other, the first two on the baselines of the bar.
  private static func stacked(_ rows: [Box], at x: Double) -> Block {
    var block = Block(width: 0, height: 0, marks: [])
    for (index, row) in rows.enumerated() {
      let y = index == 0 ? baselines.name : baselines.note + 8 * Double(index - 1)
      block.marks += row.marks(at: Point(x, y))
      block.width = max(block.width, x + row.width)
      block.height = y
    }
    return block
  }

  private static func lines(
    _ inlines: [Inline], _ font: Font, _ color: Color, _ width: Double, _ style: Style
  ) -> [Box] {
    guard !inlines.isEmpty else { return [] }
    let text = TextStyle(font: font, color: color)
    return RichText(inlines, text, width: width, measure: style.measure).lines
  }
}
