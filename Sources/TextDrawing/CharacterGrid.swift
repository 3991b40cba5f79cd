internal import Figures

/// The cells of a terminal, as many lines as a picture needs.
struct CharacterGrid {
  /// One cell: from the ground up, two halves of colour, lines, dots and a character.
  struct Cell {
    var upper: Color?
    var lower: Color?
    /// A cell of a matrix or an image: no line is drawn over it.
    var isSolid = false
    /// Arms of a line through the middle: 1 up, 2 down, 4 left, 8 right.
    var arms: UInt8 = 0
    var isDashed = false
    /// Dots of a curve, as in a Braille character.
    var dots: UInt8 = 0
    /// A letter, a block, a dot; empty where a wide character covers the cell.
    var character: Character?
    var isCovered = false
    var isBold = false
    var ink: Color?
    /// What stands for `character` without Unicode blocks.
    var plain: Character?

    var isText: Bool { (character != nil || isCovered) && plain == nil }
  }

  private(set) var lines: [[Cell]] = []
  let columns: Int

  init(columns: Int) { self.columns = columns }

  /// The cell at a place; beyond the right edge and above the first line there is none.
  subscript(line: Int, column: Int) -> Cell? {
    guard lines.indices.contains(line), (0..<columns).contains(column) else { return nil }
    return lines[line][column]
  }

  /// Changes a cell; lines are added as needed.
  mutating func change(_ line: Int, _ column: Int, _ change: (inout Cell) -> Void) {
    guard (0..<10_000).contains(line), (0..<columns).contains(column) else { return }
    while lines.count <= line { lines.append(Array(repeating: Cell(), count: columns)) }
    change(&lines[line][column])
  }

  /// Whether no text stands in the cells and none touches them.
  func isFree(_ line: Int, _ columns: Range<Int>) -> Bool {
    columns.lowerBound >= 0 && columns.upperBound <= self.columns
      && !columns.contains { self[line, $0]?.isText ?? false }
  }

  /// Writes the parts of a run.
  mutating func write(_ parts: [TextRun.Part], _ line: Int, _ start: Int) {
    var column = start
    for part in parts {
      for character in part.string {
        let width = TerminalWidth.of(character)
        guard width > 0, column + width <= columns else { continue }
        change(line, column) {
          ($0.character, $0.ink, $0.isBold) = (character, part.color, part.isBold)
          ($0.plain, $0.isCovered) = (nil, false)
        }
        if width > 1 {
          change(line, column + 1) { ($0.character, $0.isCovered) = (nil, true) }
        }
        column += width
      }
    }
  }
}
