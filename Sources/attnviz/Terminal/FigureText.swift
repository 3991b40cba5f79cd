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
    let isFile = path != "-" && color == .auto
    let renderer = TextRenderer(
      isFile ? .none : TerminalColor.on(color), columns: TerminalSize.columns)
    return renderer.text(of: figure, in: style)
  }
}
