/// Where everything in a flow stands: panels of tokens, vectors of one token, what colours mean.
struct HeadFlowLayout {
  private let figure: HeadFlow
  private let style: Style
  private let tokens: HeadFlowTokens
  private let vectors: HeadFlowVectors
  private let width: Double

  init(_ figure: HeadFlow, in style: Style) {
    self.figure = figure
    self.style = style
    tokens = HeadFlowTokens(figure, in: style)
    vectors = HeadFlowVectors(figure, in: style)
    width =
      Page.fittedWidth(in: style)
      ?? max(
        tokens.naturalWidth, (vectors.naturalWidth < .millimetres(335) ? vectors.naturalWidth : 0))
  }

  private var theme: Theme { style.theme }

  func scene() -> Scene {
    var page = Page(figure.caption, width: width, in: style)
    page.y += 20
    let sum = tokens.draw(on: &page)
    page.y += 12
    vectors.draw(on: &page, from: sum)
    legend(on: &page)
    return page.scene(declaring: [])
  }

  private func legend(on page: inout Page) {
    let length = 68.0
    page.y -= 2
    let bar = Rectangle(x: page.left, y: page.y, width: length, height: 6)
    let colors = style.diverging.colors(in: theme)
    let image = Image(
      columns: colors.count, rows: 1, palette: colors, cells: colors.indices.map { UInt8($0) },
      frame: bar)
    let y = bar.maxY + 7.5
    func tick(_ string: String, _ x: Double, _ alignment: Text.Alignment) -> Mark {
      .text(
        Text(string, font: .note, color: theme.secondary, at: Point(x, y), alignment: alignment))
    }
    let words = [
      Inline.text(
        "Colour grows as the square root of the size, sign kept; nothing is clipped. The number "
          + "after ± under each panel is its largest size. " + figure.folding)
    ]
    let isBeside = page.width > 250
    let start = isBeside ? bar.maxX + 14 : page.left
    let text = TextStyle(font: .note, color: theme.secondary)
    let lines = RichText(
      words, text, width: page.right - start, measure: style.measure
    ).balancedLines
    let first = isBeside ? bar.minY + 4.6 : y + 10
    let marks = lines.enumerated().flatMap {
      $0.element.marks(at: Point(start, first + 8 * Double($0.offset)))
    }
    page.add(
      "legend",
      [
        .image(image), .rectangle(bar, stroke: .init(theme.hairline, width: 0.35)),
        tick("−max", bar.minX, .start), tick("0", bar.minX + length / 2, .middle),
        tick("+max", bar.maxX, .end),
      ] + marks)
    page.y = max(y, first + 8 * Double(lines.count - 1)) + 8
  }
}
