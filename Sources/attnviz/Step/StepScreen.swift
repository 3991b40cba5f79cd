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
    var isTitled: Bool
  }

  private var pages: [View: StationPage] = [:]
  private var pictures: [Sized: [[TerminalCell]]] = [:]
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
    let shown = StepView(
      of: stepper, page: page, rows: rows, columns: columns, theme: style.theme, color: color,
      commands: commands
    ) { [style, color] width, isTitled in
      let key = Sized(view: view, columns: width, isTitled: isTitled)
      if let cells = kept[key] { return cells }
      // The page says already what the title says.
      let parts: Set<String> = isTitled ? [] : ["title", "subtitle"]
      let cells =
        page.figure.map {
          TextRenderer(color, columns: width).cells(of: $0, in: style, without: parts)
        } ?? []
      if kept.count >= Self.most { kept = [:] }
      kept[key] = cells
      return cells
    }.shown()
    pictures = kept
    return shown
  }

  private func view(_ stepper: Stepper) -> View {
    View(station: stepper.station, focus: stepper.focus, shown: stepper.shown, run: run)
  }
}
