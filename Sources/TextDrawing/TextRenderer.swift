public import Figures

/// Draws figures and scenes as characters: words stay words, areas are half blocks, curves are
/// Braille dots, rules are lines; without colour all of it is ASCII.
public struct TextRenderer: Sendable {
  private let color: TerminalColor
  private let columns: Int

  /// Pictures for so many columns.
  public init(_ color: TerminalColor, columns: Int) {
    self.color = color
    self.columns = max(columns, 20)
  }

  /// A figure, laid out for the terminal; `style` decides the colours.
  public func text(of figure: any Figure, in style: Style) -> String {
    page(of: figure, in: style).map { text(of: $0, in: style.theme) } ?? ""
  }

  /// A figure as cells, line by line; `style` decides the colours.
  ///
  /// - Parameters:
  ///   - parts: Names of labels that are left out, like `title`.
  ///   - rowLines: How many lines every row of a grid has.
  package func picture(
    of figure: any Figure, in style: Style, without parts: Set<String> = [], rowLines: Int = 1
  ) -> TextPicture {
    guard let page = page(of: figure, in: style, without: parts, rowLines: rowLines) else {
      return TextPicture(lines: [], grid: 0..<0)
    }
    let grid = page.grid(columns: columns, in: style.theme)
    let lines = GridWriter(color: color, theme: style.theme).cells(grid)
    return TextPicture(lines: lines, grid: page.gridLines.clamped(to: 0..<lines.count))
  }

  /// The page is made narrower until the words that a terminal shows wider, like the numbers of
  /// columns, have room.
  private func page(
    of figure: any Figure, in style: Style, without parts: Set<String> = [], rowLines: Int = 1
  ) -> CharacterPage? {
    var style = style
    (style.measure, style.scale) = (.characters, 1)
    let margins = 2 * Double.millimetres(2)
    var best: CharacterPage?
    for reserve in stride(from: 2, through: min(26, columns / 3), by: 3) {
      style.width = Double(columns - reserve) * TextMeasure.column + margins
      var scene = figure.scene(in: style)
      scene.marks.removeAll { mark in
        if case .label(let label) = mark { parts.contains(label.name) } else { false }
      }
      for isCompact in [true, false] {
        let page = CharacterPage(
          scene, isPlain: isPlain, isCompact: isCompact, rowLines: rowLines)
        if page.excess(over: columns) < best?.excess(over: columns) ?? .max { best = page }
        if best?.excess(over: columns) == 0 { break }
      }
      if best.map({ $0.width <= columns }) ?? false { break }
    }
    return best
  }

  /// A scene that was laid out with `TextMeasure.characters`, in the colours of a theme.
  public func text(of scene: Scene, in theme: Theme) -> String {
    text(of: CharacterPage(scene, isPlain: isPlain), in: theme)
  }

  private var isPlain: Bool { color == .none || color == .palette16 }

  private func text(of page: CharacterPage, in theme: Theme) -> String {
    GridWriter(color: color, theme: theme).text(page.grid(columns: columns, in: theme))
  }
}
