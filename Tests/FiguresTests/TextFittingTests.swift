import Figures
import Testing

@Suite struct TextFittingTests {
  private let measure = TextMeasure.schematic
  private let font = Font(size: 10)

  @Test func shortening() {
    #expect(measure.shortened("word", font, to: 24) == "word")
    #expect(measure.shortened("abcdefghij", font, to: 42) == "abc…hij")
    #expect(measure.shortened("abcdefghij", font, to: 1) == "…")
  }

  @Test(arguments: 0...40) func shortenedTextsFit(_ width: Int) {
    let text = measure.shortened(
      "Donaudampfschifffahrtsgesellschaft", font, to: Double(6 + width * 6))
    #expect(measure(text, font).width <= Double(6 + width * 6) + 1e-9)
  }

  @Test func breaking() {
    #expect(measure.broken("abcdefg", font, to: 18) == ["abc", "def", "g"])
    #expect(measure.broken("", font, to: 18).isEmpty)
    #expect(measure.broken("ab", font, to: 1) == ["a", "b"])
  }

  @Test func controlCharactersAreVisible() {
    #expect("a\nb\tc\u{B}\u{7F}".withVisibleControls == "a⏎b⇥c<0B><7F>")
    #expect("a\nb\u{2028}c\u{0}".singleLine == "a b c<00>")
    #expect("👩‍👩‍👧 שלום".withVisibleControls == "👩‍👩‍👧 שלום")
    #expect("\r\n".withVisibleControls == "<0D>⏎")
  }
}
