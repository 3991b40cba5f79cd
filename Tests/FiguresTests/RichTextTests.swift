import Figures
import Testing

@Suite struct RichTextTests {
  private let style = TextStyle(font: Font(size: 10), color: Color(0))

  private func text(_ inlines: [Inline], _ width: Double) -> RichText {
    RichText(inlines, style, width: width, measure: .schematic)
  }

  private func words(_ lines: [Box]) -> [[String]] {
    lines.map { line in
      line.marks.compactMap { mark in
        if case .text(let text) = mark { text.string } else { nil }
      }
    }
  }

  @Test func aLineOfWordsIsOneText() {
    #expect(words(text(["one two ", "three"], 500).lines) == [["one two three"]])
  }

  @Test func wordsWrapByMeasuredWidth() {
    let lines = text(["one two three four"], 50).lines
    #expect(words(lines) == [["one two"], ["three"], ["four"]])
    #expect(lines.allSatisfy { $0.width <= 50 })
  }

  @Test func separatorsDoNotStandAtLineEnds() {
    #expect(words(text(["one · two"], 32).lines) == [["one"], ["two"]])
    #expect(words(text(["one · two"], 60).lines) == [["one · two"]])
  }

  @Test func linesEndBetweenParts() {
    #expect(
      words(text(["one two three · four five"], 140).lines) == [["one two three"], ["four five"]])
    #expect(
      words(text(["one · two three xx four"], 110).lines) == [["one · two three xx"], ["four"]])
  }

  @Test func percentSignsStayWithTheirNumber() {
    #expect(words(text(["is 52 %"], 40).lines) == [["is"], ["52\u{A0}%"]])
  }

  @Test func longWordsAreBroken() {
    let lines = text(["abcdefghijklm no"], 36).lines
    #expect(words(lines) == [["abcdef"], ["ghijkl"], ["m no"]])
  }

  @Test func formulasStandInTheLine() {
    let lines = text(["weight ", .formula(.variable("a")), ", so"], 500).lines
    #expect(words(lines) == [["weight", "a", ", so"]])
    #expect(words(text(["weight ", .formula(.variable("a"))], 40).lines) == [["weight"], ["a"]])
  }

  @Test func lastLinesAreNotLonely() throws {
    let inlines: [Inline] = ["one two three four five six seven eight nine ten"]
    let (plain, balanced) = (text(inlines, 250).lines, text(inlines, 250).balancedLines)
    #expect(plain.count == balanced.count)
    let (last, better) = (try #require(plain.last), try #require(balanced.last))
    #expect(last.width < 0.35 * 250)
    #expect(better.width >= 0.35 * 250)
  }

  @Test func nothing() {
    #expect(text([], 50).lines.allSatisfy { $0.width == 0 && $0.marks.isEmpty })
  }
}
