/// The cells of a whole terminal. Whatever is written stays inside, and wide characters are never
/// cut in two.
package struct TerminalScreen: Equatable, Sendable {
  package let rows: Int
  package let columns: Int
  /// Row by row, each as long as `columns`.
  package private(set) var lines: [[TerminalCell]]

  /// An empty screen.
  package init(rows: Int, columns: Int) {
    (self.rows, self.columns) = (max(rows, 1), max(columns, 1))
    let line = Array(repeating: TerminalCell(), count: self.columns)
    lines = Array(repeating: line, count: self.rows)
  }

  /// Writes text from a column on, up to the end of `width` cells or of the line; longer text ends
  /// with "…".
  ///
  /// - Returns: The column after it.
  @discardableResult
  package mutating func write(
    _ text: String, _ row: Int, _ column: Int, _ look: TerminalCell.Look = .init(),
    width: Int = .max
  ) -> Int {
    guard lines.indices.contains(row), column >= 0, column < columns else { return column }
    let room = min(width, columns - column)
    guard room > 0 else { return column }
    var place = column
    for character in TerminalWidth.shortened(text.shown, to: room) {
      let cells = TerminalWidth.of(character)
      guard cells > 0, place + cells <= column + room else { continue }
      put(character, cells, row, place, look)
      place += cells
    }
    return place
  }

  /// Copies cells, the first at a row and column; what does not fit is left out.
  package mutating func place(_ cells: [TerminalCell], _ row: Int, _ column: Int, width: Int) {
    guard lines.indices.contains(row) else { return }
    let end = min(column + width, columns)
    for (index, cell) in cells.enumerated() where (0..<end).contains(column + index) {
      guard let character = cell.character else { continue }
      let count = max(TerminalWidth.of(character), 1)
      guard column + index + count <= end else { continue }
      put(character, count, row, column + index, cell.look)
    }
  }

  /// Gives cells another look.
  package mutating func change(
    _ row: Int, _ cells: Range<Int>, _ change: (inout TerminalCell.Look) -> Void
  ) {
    guard lines.indices.contains(row) else { return }
    for column in cells.clamped(to: 0..<columns) { change(&lines[row][column].look) }
  }

  /// The characters of a row, without spaces at its end.
  package func text(_ row: Int) -> String {
    guard lines.indices.contains(row) else { return "" }
    var text = lines[row].compactMap(\.character)
    while text.last == " " { text.removeLast() }
    return String(text)
  }

  /// The characters of all rows, one line each.
  package var text: String { (0..<rows).map { text($0) + "\n" }.joined() }

  private mutating func put(
    _ character: Character, _ cells: Int, _ row: Int, _ column: Int, _ look: TerminalCell.Look
  ) {
    clear(row, column)
    if cells > 1 { clear(row, column + cells - 1) }
    lines[row][column] = TerminalCell(character, look)
    for index in 1..<max(cells, 1) { lines[row][column + index] = TerminalCell(nil, look) }
  }

  /// Removes the other half of a wide character that a cell belongs to.
  private mutating func clear(_ row: Int, _ column: Int) {
    guard lines[row].indices.contains(column) else { return }
    var first = column
    while first > 0, lines[row][first].character == nil { first -= 1 }
    if first < column { lines[row][first].character = " " }
    var next = first + 1
    while next < columns, lines[row][next].character == nil {
      lines[row][next].character = " "
      next += 1
    }
  }
}

extension String {
  /// The text without anything that a terminal would act on.
  fileprivate var shown: String { contains(where: \.isControl) ? filter { !$0.isControl } : self }
}
