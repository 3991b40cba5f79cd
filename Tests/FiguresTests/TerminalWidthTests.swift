import Testing
import TextDrawing

@Suite struct TerminalWidthTests {
  /// Widths by Unicode's East Asian Width: wide letters and emoji take two cells, marks none.
  @Test(arguments: [
    ("abc", 3), ("東京", 4), ("naïve", 5), ("nai\u{308}ve", 5), ("שלום", 4), ("🙂", 2), ("", 0),
  ])
  func widths(_ text: String, _ width: Int) { #expect(TerminalWidth.of(text) == width) }

  @Test func shorteningCountsCells() {
    #expect(TerminalWidth.shortened("東京都", to: 6) == "東京都")
    #expect(TerminalWidth.shortened("東京都", to: 5) == "東京…")
    #expect(TerminalWidth.shortened("東京都", to: 4) == "東…")
  }
}
