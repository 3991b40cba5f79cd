import Files
import TextDrawing

/// Columns of text for a terminal, aligned by the cells that characters take.
struct Table {
  private let header: [String]
  private let rows: [[String]]
  private let right: Set<Int>

  /// Creates a table; `right` names the columns that are aligned to the right.
  init(_ header: [String], _ rows: [[String]], right: Set<Int> = []) {
    self.header = header
    self.rows = rows.map { $0.map(\.visible) }
    self.right = right
  }

  /// The lines.
  var text: String {
    let all = [header] + rows
    let widths = header.indices.map { column in
      all.reduce(0) { max($0, TerminalWidth.of($1[column])) }
    }
    return all.map { row in
      let cells = row.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - TerminalWidth.of(cell))
        return right.contains(column) ? space + cell : cell + space
      }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}
