/// Where everything in a learning figure stands: losses, beside or over the gradients of the new
/// model, and the maps below.
struct LearningLayout {
  private let figure: Learning
  private let style: Style
  private let width: Double
  private let maps: LearningMaps?

  private static let height = 132.0
  private static let gap = 22.0

  init(_ figure: Learning, in style: Style) {
    self.figure = figure
    self.style = style
    let width = Page.fittedWidth(in: style) ?? .millimetres(171)
    self.width = width
    maps = figure.maps.map { LearningMaps($0, width: width, in: style) }
  }

  func scene() -> Scene {
    var page = Page(figure.caption, width: width, in: style)
    page.y += 18
    let isWide = width >= 400 && !figure.blocks.isEmpty
    let left = isWide ? (width - Self.gap) * 0.6 : width
    let top = page.y
    let losses = LearningLosses(figure, in: style)
    let first = place(
      "Loss", losses.words, "losses", &page, x: page.left, y: top, width: left, losses.marks)
    page.y = first
    if !figure.blocks.isEmpty {
      let gradients = LearningGradients(figure.blocks, in: style)
      let x = isWide ? page.left + left + Self.gap : page.left
      let next = place(
        "Gradient of the new model", gradients.words, "gradients", &page, x: x,
        y: isWide ? top : first + 16, width: page.right - x, gradients.marks)
      page.y = max(first, next)
    }
    page.y += 9
    if let maps {
      page.rule()
      page.y += 15
      maps.place(on: &page)
    }
    return page.scene(declaring: losses.declarations + (maps?.declarations ?? []))
  }

  /// A heading with words under it, and a plot; the last line below.
  private func place(
    _ heading: String, _ words: [Inline], _ name: String, _ page: inout Page, x: Double, y: Double,
    width: Double, _ content: (Rectangle) -> [Mark]
  ) -> Double {
    let text = TextStyle(font: .note, color: style.theme.secondary)
    let lines = RichText(words, text, width: width, measure: style.measure).lines
    var marks: [Mark] = [
      .text(Text(heading, font: .heading, color: style.theme.ink, at: Point(x, y)))
    ]
    for (index, line) in lines.enumerated() {
      marks += line.marks(at: Point(x, y + 9.5 + 8 * Double(index)))
    }
    let frame = Rectangle(
      x: x, y: y + 20 + 8 * Double(max(lines.count, 2) - 1), width: width, height: Self.height)
    page.add(name, marks + content(frame))
    return frame.maxY + PlotFrame.titleBaseline
  }
}
