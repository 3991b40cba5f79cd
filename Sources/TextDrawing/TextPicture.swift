/// A figure as cells of a terminal, and where in them the rows of its grid are.
package struct TextPicture: Equatable, Sendable {
  /// The cells, line by line.
  package var lines: [[TerminalCell]]
  /// The lines of the first grid; empty where the figure has none.
  package var grid: Range<Int>

  /// The line in focus; one of the grid.
  package var focus: Int?

  package init(lines: [[TerminalCell]], grid: Range<Int>, focus: Int? = nil) {
    (self.lines, self.grid, self.focus) = (lines, grid, focus)
  }

  /// The picture with a row of the grid in focus.
  ///
  /// - Parameter count: How many rows the grid has.
  package func focused(on row: Int, of count: Int) -> TextPicture {
    guard (0..<count).contains(row), !grid.isEmpty else { return self }
    var picture = self
    picture.focus = grid.lowerBound + (2 * row + 1) * grid.count / (2 * count)
    return picture
  }

  /// The picture without empty lines above its grid: where there are few lines, rows are worth more.
  package func condensed() -> TextPicture {
    var (kept, removed) = ([[TerminalCell]](), 0)
    for (index, line) in lines.enumerated() {
      let isEmpty = line.allSatisfy { $0.character == " " && $0.look.ground == line[0].look.ground }
      if isEmpty, index < grid.lowerBound || kept.isEmpty {
        removed += 1
      } else {
        kept.append(line)
      }
    }
    guard !grid.isEmpty else { return TextPicture(lines: kept, grid: 0..<0) }
    return TextPicture(
      lines: kept, grid: grid.lowerBound - removed..<grid.upperBound - removed,
      focus: focus.map { $0 - removed })
  }

  /// The picture with rows above the focus left out, so that the focus is among the first lines.
  ///
  /// - Parameter room: How many lines are seen.
  package func scrolledToFocus(room: Int) -> [[TerminalCell]] {
    let head = grid.lowerBound
    let rows = room - head
    guard let focus, rows > 0, focus >= room, lines.count > room else { return lines }
    // The focus in the middle, but no empty lines after the last row.
    let first = min(focus - rows / 2, max(grid.upperBound - rows, head))
    return Array(lines[..<head] + lines[max(first, head)...])
  }
}
