import Figures
import Testing
import TextDrawing

/// A picture on few lines shows the row that matters, on many lines higher rows.
@Suite struct TextPictureTests {
  /// Three lines of words, the second empty, then rows; the focused one is pointed at.
  private static func picture(rows: Int, focus: Int?) -> TextPicture {
    let head = ["dimension", "", "   0 1 2"]
    let lines = (0..<rows).map { "r\($0) cells" + ($0 == focus ? " ◂" : "") } + ["", "legend"]
    return TextPicture(
      lines: (head + lines).map { $0.map { TerminalCell($0) } }, grid: 3..<3 + rows,
      focus: focus.map { 3 + $0 })
  }

  private static func words(_ lines: [[TerminalCell]]) -> [String] {
    lines.map { String($0.compactMap(\.character)) }
  }

  @Test func emptyLinesAboveTheGridAreLeftOut() {
    let picture = Self.picture(rows: 4, focus: 1).condensed()
    #expect(picture.grid == 2..<6)
    #expect(
      Self.words(picture.lines) == [
        "dimension", "   0 1 2", "r0 cells", "r1 cells ◂", "r2 cells", "r3 cells", "", "legend",
      ])
  }

  @Test(arguments: Array(0..<30), [4, 8, 12, 50])
  func theFocusIsAmongTheLinesThatAreSeen(_ focus: Int, _ room: Int) {
    let picture = Self.picture(rows: 30, focus: focus).condensed()
    let seen = Self.words(picture.scrolledToFocus(room: room)).prefix(room)
    #expect(seen.contains("r\(focus) cells ◂"))
    #expect(Array(seen.prefix(2)) == ["dimension", "   0 1 2"])
    // The rows that are seen follow one another, and none is wasted at the end.
    let rows = seen.dropFirst(2).prefix { $0.hasPrefix("r") }
      .compactMap { Int($0.dropFirst().prefix { $0.isNumber }) }
    #expect(zip(rows, rows.dropFirst()).allSatisfy { $1 == $0 + 1 })
    #expect(rows.count == min(room - 2, 30))
  }

  @Test func withoutFocusOrRoomNothingIsLeftOut() {
    let lines = Self.picture(rows: 9, focus: nil).lines
    #expect(Self.picture(rows: 9, focus: nil).scrolledToFocus(room: 5) == lines)
    let few = Self.picture(rows: 9, focus: 8)
    #expect(few.scrolledToFocus(room: 2) == few.lines && few.scrolledToFocus(room: 60) == few.lines)
    let none = TextPicture(lines: [[TerminalCell("x")]], grid: 0..<0)
    #expect(none.condensed() == none && none.scrolledToFocus(room: 0) == none.lines)
  }

  @Test func aRowIsFocusedByItsShareOfTheGrid() {
    let picture = Self.picture(rows: 6, focus: nil)
    #expect((0..<6).map { picture.focused(on: $0, of: 6).focus } == [3, 4, 5, 6, 7, 8])
    // Two rows of three lines: the line in the middle; of twelve half lines: the line they are on.
    #expect((0..<2).map { picture.focused(on: $0, of: 2).focus } == [4, 7])
    #expect((0..<12).map { picture.focused(on: $0, of: 12).focus } == (6..<18).map { $0 / 2 })
    #expect(picture.focused(on: 9, of: 6) == picture)
  }

  /// Cells whose size is no round number are one grid, however many there are.
  @Test(arguments: 12...40)
  func manyRowsAreOneGrid(_ count: Int) throws {
    let tokens = (0..<count).map { TokenLabel("t\($0)", isFocused: $0 == count / 2) }
    let map = Heatmap(
      caption: Caption(title: "A map"), values: (0..<count * count).map { Float($0 % 5) / 5 },
      rows: Axis("query", tokens: tokens), columns: Axis("key", tokens: tokens),
      quantity: .weights, legend: LegendText(name: ["a"]))
    let picture = TextRenderer(.full, columns: 95).picture(of: map, in: Style())
    #expect(picture.grid.count == count)
    let marked = picture.grid.filter { line in
      picture.lines[line].contains { $0.character == "◂" }
    }
    // Where the last column has no room beside it the mark is left out.
    #expect(marked == [picture.grid.lowerBound + count / 2] || marked.isEmpty && count == 22)
  }

  @Test(arguments: [1, 2, 3], [TerminalColor.full, .none])
  func rowsAreAsHighAsIsAsked(_ rowLines: Int, _ color: TerminalColor) throws {
    let tokens = ["alpha", "beta", "gamma", "delta"].map {
      TokenLabel($0, isFocused: $0 == "gamma")
    }
    let map = Heatmap(
      caption: Caption(title: "A map"), values: (0..<16).map { Float($0 % 7) - 3 },
      rows: Axis("query", tokens: tokens), columns: Axis("key", tokens: tokens),
      quantity: .signed, legend: LegendText(name: ["x"]))
    let picture = TextRenderer(color, columns: 60).picture(
      of: map, in: Style(), rowLines: rowLines)
    #expect(picture.grid.count == 4 * rowLines)
    let rows = Self.words(Array(picture.lines[picture.grid]))
    for (index, token) in ["alpha", "beta", "gamma", "delta"].enumerated() {
      let found = rows.indices.filter { rows[$0].contains(token) }
      #expect(found == [index * rowLines + rowLines / 2])
    }
    // Numbers and the mark of the focus stand on the lines of the names.
    let lines = rows.indices.filter { rows[$0].contains { $0.isNumber } }
    #expect(lines == (0..<4).map { $0 * rowLines + rowLines / 2 })
    let mark = rows.indices.filter { rows[$0].last { $0 != " " } == (color == .none ? "<" : "◂") }
    #expect(mark == [2 * rowLines + rowLines / 2])
  }
}
