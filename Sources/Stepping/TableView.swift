internal import Explanations
internal import TextDrawing

/// Numbers in columns.
struct TableView {
  private let table: StationPage.Table
  private let paint: Paint

  init(_ table: StationPage.Table, _ paint: Paint) { (self.table, self.paint) = (table, paint) }

  /// The lines of a width.
  ///
  /// - Parameters:
  ///   - most: How many lines there is room for; what is left out is said.
  ///   - focus: The row that is marked.
  func lines(_ width: Int, most: Int?, focus: Int? = nil) -> [[TerminalCell]] {
    let widths = widths(width)
    var lines = [line(table.header, widths, paint.quiet)]
    let room = most.map { max($0 - 2, 1) } ?? .max
    let shown = table.rows.count > room ? room - 1 : table.rows.count
    lines += table.rows.prefix(shown).enumerated().map { index, row in
      line(row, widths, index == focus ? paint.strong : .init())
    }
    var notes = table.note.isEmpty ? [] : [table.note]
    if shown < table.rows.count {
      notes.insert("\(table.rows.count - shown) more rows: v shows all", at: 0)
    }
    var text = StyledText(width)
    for note in notes { text.add([(note, paint.quiet)]) }
    return (lines + text.lines).map { [TerminalCell()] + $0 }
  }

  /// The widths of the columns; the widest are narrowed where there is no room.
  private func widths(_ width: Int) -> [Int] {
    let count = table.header.count
    var widths = (0..<count).map { column in
      ([table.header] + table.rows).map { $0.count > column ? TerminalWidth.of($0[column]) : 0 }
        .max() ?? 0
    }
    while widths.reduce(0, +) + 2 * (count - 1) > width, let widest = widths.max(), widest > 4,
      let index = widths.firstIndex(of: widest)
    {
      widths[index] -= 1
    }
    return widths
  }

  private func line(
    _ cells: [String], _ widths: [Int], _ look: TerminalCell.Look
  ) -> [TerminalCell] {
    var line: [TerminalCell] = []
    for (index, text) in cells.enumerated() where index < widths.count {
      let content = StyledText.cells(TerminalWidth.shortened(text, to: widths[index]), look)
      let space = Array(
        repeating: TerminalCell(), count: max(widths[index] - content.count, 0))
      line += table.right.contains(index) ? space + content : content + space
      if index < widths.count - 1 { line += [TerminalCell(), TerminalCell()] }
    }
    return line
  }
}
