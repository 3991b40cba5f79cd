package import Figures
package import TextDrawing

/// A terminal's screen as a picture: the cells that a terminal would show, drawn as cells.
package struct ScreenPicture: Figure {
  package static let name = "screen"

  private let screen: TerminalScreen
  private let title: String
  private let theme: Theme

  /// - Parameters:
  ///   - title: What is seen, for people who cannot see it.
  ///   - theme: The theme of the screen, which the picture keeps whatever its own style.
  package init(_ screen: TerminalScreen, title: String, theme: Theme) {
    (self.screen, self.title, self.theme) = (screen, title, theme)
  }

  /// The advance of a character of 1 em in the font of cells.
  private static let advance = 0.602
  /// The height of a line of 1 em.
  private static let height = 1.22

  package func scene(in style: Style) -> Scene {
    let margin = 4 * style.scale
    let cell =
      style.width.map { ($0 - 2 * margin) / Double(screen.columns) }
      ?? Self.advance * 7 * style.scale
    let size = cell / Self.advance
    var painter = ScreenPainter(
      theme: theme, width: cell, height: size * Self.height, font: size)
    for (row, line) in screen.lines.enumerated() { painter.paint(line, row) }
    let page = Size(
      2 * margin + cell * Double(screen.columns),
      2 * margin + size * Self.height * Double(screen.rows))
    return Scene(
      size: page, background: theme.paper,
      marks: [.group(Group(painter.grounds + painter.marks, at: Point(margin, margin)))],
      title: title, summary: screen.text)
  }
}

/// Turns cells into marks.
private struct ScreenPainter {
  let theme: Theme
  let width: Double
  let height: Double
  let font: Double
  private var areas: [(color: Color, columns: Range<Int>, lines: ClosedRange<Double>)] = []
  private(set) var marks: [Mark] = []

  init(theme: Theme, width: Double, height: Double, font: Double) {
    (self.theme, self.width, self.height, self.font) = (theme, width, height, font)
  }

  mutating func paint(_ line: [TerminalCell], _ row: Int) {
    for run in Self.runs(line, by: { ground($0.look) }) where run.value != theme.paper {
      fill(run.value, row, run.columns)
    }
    // Halves of cells, once for every stretch of one colour.
    let halves = Self.runs(line) { cell in
      cell.character == "▀" || cell.character == "▄" || cell.character == "█" ? cell : nil
    }
    for run in halves {
      guard let cell = run.value, let character = cell.character else { continue }
      let (top, bottom) = character == "▀" ? (0, 0.5) : character == "▄" ? (0.5, 1) : (0, 1)
      fill(ink(cell.look), row, run.columns, from: top, to: bottom)
    }
    write(line, row)
  }

  private func ink(_ look: TerminalCell.Look) -> Color {
    look.isReversed ? look.ground ?? theme.paper : look.ink ?? theme.ink
  }

  private func ground(_ look: TerminalCell.Look) -> Color {
    look.isReversed ? look.ink ?? theme.ink : look.ground ?? theme.paper
  }

  /// Stretches of cells with equal values.
  private static func runs<Value: Equatable>(
    _ line: [TerminalCell], by value: (TerminalCell) -> Value
  ) -> [(value: Value, columns: Range<Int>)] {
    var runs: [(value: Value, columns: Range<Int>)] = []
    for (column, cell) in line.enumerated() {
      let value = value(cell)
      if let last = runs.last, last.value == value {
        runs[runs.count - 1].columns = last.columns.lowerBound..<column + 1
      } else {
        runs.append((value, column..<column + 1))
      }
    }
    return runs
  }

  /// One area of one colour; of such a one in the line above it is the continuation, so that no seam
  /// is seen.
  private mutating func fill(
    _ color: Color, _ row: Int, _ columns: Range<Int>, from top: Double = 0, to bottom: Double = 1
  ) {
    let (start, end) = (Double(row) + top, Double(row) + bottom)
    if let above = areas.lastIndex(where: {
      $0.columns == columns && $0.color == color && $0.lines.upperBound == start
    }) {
      areas[above].lines = areas[above].lines.lowerBound...end
    } else {
      areas.append((color, columns, start...end))
    }
  }

  /// The areas as marks.
  var grounds: [Mark] {
    areas.map { area in
      let (x, right) = (
        width * Double(area.columns.lowerBound), width * Double(area.columns.upperBound)
      )
      // A hair more than the cells, or seams would show.
      let (y, end) = (height * area.lines.lowerBound, height * area.lines.upperBound + 0.05)
      return .path(
        Path(
          [
            .move(Point(x, y)), .line(Point(right + 0.05, y)), .line(Point(right + 0.05, end)),
            .line(Point(x, end)), .close,
          ], fill: area.color))
    }
  }

  // MARK: characters

  private mutating func write(_ line: [TerminalCell], _ row: Int) {
    for (column, cell) in line.enumerated() where cell.look.isUnderlined {
      underline(cell.look, row, column)
    }
    // Characters that are one cell wide in the font too are written together.
    let shown = line.map { $0.character.map { !Self.blocks.contains($0) } ?? false }
    var column = 0
    while column < line.count {
      defer { column += 1 }
      guard shown[column], let character = line[column].character else { continue }
      let look = line[column].look
      guard character.hasCertainWidth else {
        let middle = Double(column) + (TerminalWidth.of(character) > 1 ? 1 : 0.5)
        marks.append(text(String(character), look, row, place: middle, alignment: .middle))
        continue
      }
      var word = ""
      let first = column
      while column < line.count, shown[column], line[column].look == look,
        let next = line[column].character, next.hasCertainWidth
      {
        word.append(next)
        column += 1
      }
      column -= 1
      marks.append(text(word, look, row, place: Double(first), alignment: .start))
    }
  }

  private static let blocks: Set<Character> = [" ", "▀", "▄", "█"]

  private func text(
    _ string: String, _ look: TerminalCell.Look, _ row: Int, place: Double,
    alignment: Text.Alignment
  ) -> Mark {
    .text(
      Text(
        string,
        font: Font(.cells, size: font, weight: look.isBold ? .semibold : .regular),
        color: ink(look), at: Point(width * place, height * Double(row) + 0.94 * font),
        alignment: alignment))
  }

  private mutating func underline(_ look: TerminalCell.Look, _ row: Int, _ column: Int) {
    let y = height * Double(row) + 1.06 * font
    let x = width * Double(column)
    marks.append(
      .path(
        Path(
          [.move(Point(x, y)), .line(Point(x + width, y))],
          stroke: Path.Stroke(ink(look), width: 0.06 * font))))
  }
}
