public import Figures

/// How pages are laid out for terminals: every character is one column wide, whatever its font.
extension TextMeasure {
  /// A column of a terminal in points: about the advance of the smallest type of figures.
  package static let column = 4.0
  /// A line of a terminal in points: about the distance of lines of words.
  package static let line = 10.0

  /// The measure with which a figure finds room for its words in the cells of a terminal.
  public static let characters = TextMeasure { string, font in
    Extents(
      width: column * Double(TerminalWidth.of(string)), ascent: 0.75 * font.size,
      descent: 0.25 * font.size)
  }
}
