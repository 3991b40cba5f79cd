import Explanations
import Figures
import Stepping
import TextDrawing
import Transformers

/// Draws a walk: pages and pictures that were drawn before are kept.
struct StepScreen {
  let style: Style
  let color: TerminalColor

  /// What a picture depends on, but for its width.
  private struct View: Hashable {
    var station: Station
    var focus: Focus
    var shown: Stepper.Shown
    var run: Int
  }

  private struct Sized: Hashable {
    var view: View
    var columns: Int
    var lines: Int
    var isTitled: Bool
  }

  private var pages: [View: StationPage] = [:]
  private var pictures: [Sized: TextPicture] = [:]
  /// How many walks there were.
  private var run = 0

  /// How many pages are kept.
  private static let most = 200

  init(style: Style, color: TerminalColor) {
    self.style = style
    self.color = color
  }

  /// The walk is another one now.
  mutating func forget() {
    run += 1
    (pages, pictures) = ([:], [:])
  }

  /// The page that a walk shows.
  mutating func page(of stepper: Stepper, _ walks: StepWalks) -> StationPage {
    let view = view(stepper)
    if let page = pages[view] { return page }
    let page = walks.page(of: stepper)
    if pages.count >= Self.most { pages = [:] }
    pages[view] = page
    return page
  }

  /// The screen.
  mutating func draw(
    _ stepper: Stepper, _ walks: StepWalks, rows: Int, columns: Int, commands: [String]
  ) -> StepView.Shown {
    let page = page(of: stepper, walks)
    let view = view(stepper)
    // The pictures leave and come back, because a closure cannot hold what is being changed.
    var kept = pictures
    let screen = self
    let shown = StepView(
      of: stepper, page: page, rows: rows, columns: columns, theme: style.theme, color: color,
      commands: commands
    ) { width, lines, isTitled in
      let key = Sized(view: view, columns: width, lines: lines, isTitled: isTitled)
      if let picture = kept[key] { return picture }
      let picture =
        page.figure.map { screen.picture(of: $0, key) } ?? TextPicture(lines: [], grid: 0..<0)
      if kept.count >= Self.most { kept = [:] }
      kept[key] = picture
      return picture
    }.shown()
    pictures = kept
    return shown
  }

  /// The picture of a page; the rows of a map that has more room than it needs are higher.
  private func picture(of figure: any Figure, _ size: Sized) -> TextPicture {
    let figure = StationPage.picture(figure, columns: size.columns)
    let renderer = TextRenderer(color, columns: size.columns)
    // The page says already what these say.
    let parts: Set<String> = size.isTitled ? [] : ["title", "subtitle", "formula"]
    let picture = renderer.picture(of: figure, in: style, without: parts)
    guard let map = figure as? Heatmap else { return picture }
    let focused = map.rows.focus.map { picture.focused(on: $0, of: map.rows.count) } ?? picture
    guard map.rows.count == picture.grid.count else { return focused }
    let rowLines = min(1 + (size.lines - picture.lines.count) / map.rows.count, Self.mostRowLines)
    guard rowLines > 1 else { return focused }
    let larger = renderer.picture(of: figure, in: style, without: parts, rowLines: rowLines)
    return larger.lines.count <= size.lines ? larger : focused
  }

  /// A cell is some five columns wide: with more lines it would be higher than wide.
  private static let mostRowLines = 3

  private func view(_ stepper: Stepper) -> View {
    View(station: stepper.station, focus: stepper.focus, shown: stepper.shown, run: run)
  }
}
