import Figures
import TextDrawing
import Testing

@Suite struct TerminalScreenTests {
  private static let full = ScreenWriter(.full, .dark)

  @Test func textStaysInside() {
    var screen = TerminalScreen(rows: 2, columns: 5)
    screen.write("abcdefgh", 0, 0)
    screen.write("xyz", 1, 3)
    screen.write("out", 2, 0)
    screen.write("out", 0, 5)
    screen.write("out", -1, 0)
    #expect(screen.text == "abcd…\n   x…\n")
  }

  @Test func wideCharactersAreNeverCut() {
    var screen = TerminalScreen(rows: 1, columns: 6)
    screen.write("日本語", 0, 0)
    #expect(screen.lines[0].map { $0.character == nil } == [false, true, false, true, false, true])
    screen.write("x", 0, 3)
    #expect(screen.lines[0].map(\.character) == ["日", nil, " ", "x", "語", nil])
    screen.write("y", 0, 4)
    #expect(screen.lines[0].map(\.character) == ["日", nil, " ", "x", "y", " "])
    screen.write("本", 0, 1)
    #expect(screen.lines[0].map(\.character) == [" ", "本", nil, "x", "y", " "])
  }

  @Test func controlsNeverReachTheTerminal() {
    var screen = TerminalScreen(rows: 1, columns: 20)
    screen.write("a\u{1B}[31mb\u{7}\u{9B}c\u{202E}d", 0, 0)
    #expect(screen.text(0) == "a[31mbcd")
  }

  @Test func equalScreensNeedNothing() {
    var screen = TerminalScreen(rows: 3, columns: 10)
    screen.write("hello", 1, 2)
    #expect(Self.full.update(from: screen, to: screen).isEmpty)
  }

  /// Whatever was shown, the writer's output makes a terminal show the new screen.
  @Test(arguments: [TerminalColor.full, .palette256, .palette16, .none])
  func updatesAreComplete(_ color: TerminalColor) {
    var random = SystemRandomNumberGenerator()
    let words = ["ab", "日本", "é", "▀▀", "שלום", "⣿", "😀", "x"]
    let writer = ScreenWriter(color, .dark)
    var terminal = SmallTerminal(rows: 6, columns: 24)
    var shown: TerminalScreen?
    var screen = TerminalScreen(rows: 6, columns: 24)
    for _ in 0..<200 {
      for _ in 0..<Int.random(in: 0..<6, using: &random) {
        let look = TerminalCell.Look(
          ink: Bool.random(using: &random) ? Color(0xFF0000) : nil,
          isBold: Bool.random(using: &random), isReversed: Bool.random(using: &random))
        screen.write(
          words.randomElement(using: &random) ?? "", Int.random(in: 0..<6, using: &random),
          Int.random(in: 0..<24, using: &random), look)
      }
      terminal.obey(writer.update(from: shown, to: screen))
      #expect(terminal.cells == screen.lines.map { $0.map(\.character) })
      #expect(terminal.isReversed == screen.lines.map { $0.map(\.look.isReversed) })
      shown = screen
    }
  }

  @Test func onlyWhatChangedIsWritten() {
    var old = TerminalScreen(rows: 40, columns: 120)
    for row in 0..<40 { old.write(String(repeating: "x", count: 120), row, 0) }
    var new = old
    new.write("y", 20, 60)
    let update = Self.full.update(from: old, to: new)
    #expect(update.utf8.count < 100)
    #expect(update.contains("y") && !update.contains("x"))
  }

  @Test func withoutColourThereIsNone() {
    var screen = TerminalScreen(rows: 1, columns: 10)
    screen.write("a", 0, 0, .init(ink: Color(0xFF0000), ground: Color(0x00FF00), isBold: true))
    let update = ScreenWriter(.none, .dark).update(from: nil, to: screen)
    #expect(update.contains("\u{1B}[0;1m"))
    #expect(!update.contains("38;") && !update.contains("48;") && !update.contains("[0;3"))
  }
}

/// The few sequences that the writer uses, as a terminal obeys them.
private struct SmallTerminal {
  var cells: [[Character?]]
  var isReversed: [[Bool]]
  private var (row, column, reversed) = (0, 0, false)

  init(rows: Int, columns: Int) {
    cells = Array(repeating: Array(repeating: "?", count: columns), count: rows)
    isReversed = cells.map { $0.map { _ in true } }
  }

  mutating func obey(_ text: String) {
    var rest = Substring(text)
    while let character = rest.popFirst() {
      if character == "\u{1B}" { control(&rest) } else { put(character) }
    }
  }

  private mutating func put(_ character: Character) {
    let width = max(TerminalWidth.of(character), 1)
    for index in 0..<width where column + index < cells[row].count {
      cells[row][column + index] = index == 0 ? character : nil
      isReversed[row][column + index] = reversed
    }
    column += width
  }

  private mutating func control(_ rest: inout Substring) {
    rest.removeFirst()
    let words = rest.prefix { !$0.isLetter }
    rest = rest.dropFirst(words.count)
    let numbers = words.split(separator: ";").map { Int($0) ?? 0 }
    switch rest.popFirst() {
    case "H": (row, column) = (numbers[0] - 1, numbers[1] - 1)
    case "G": column = numbers[0] - 1
    case "J":
      cells = cells.map { $0.map { _ in " " } }
      isReversed = isReversed.map { $0.map { _ in false } }
    case "m": reversed = numbers.contains(7) && numbers.first == 0 && isMark(numbers)
    default: break
    }
  }

  /// Whether 7 is the mark and no part of a colour.
  private func isMark(_ numbers: [Int]) -> Bool {
    numbers.prefix { $0 != 38 && $0 != 48 }.contains(7)
  }
}
