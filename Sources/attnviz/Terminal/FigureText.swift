import Figures
import TextDrawing

/// A figure as characters, for standard output or a file.
struct FigureText {
  let look: LookOptions
  let color: ColorChoice

  /// The lines. In a file there is colour only where it is asked for.
  func text(of figure: any Figure, to path: String) -> String {
    var style = look.figureStyle
    if look.theme == nil { style.theme = .dark }
    let renderer = TextRenderer(color(to: path), columns: TerminalSize.columns)
    return renderer.text(of: figure, in: style)
  }

  /// The colours of what is written to a path.
  func color(to path: String) -> TerminalColor {
    path != "-" && color == .auto ? .none : TerminalColor.on(color)
  }
}
