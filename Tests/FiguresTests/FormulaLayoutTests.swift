import Figures
import TestSupport
import Testing

@Suite struct FormulaLayoutTests {
  private let layout = FormulaLayout(color: Color(0), measure: .schematic)

  private func texts(_ box: Box) -> [Text] {
    box.marks.compactMap { mark in if case .text(let text) = mark { text } else { nil } }
  }

  @Test func variablesAreItalicAndWordsUpright() {
    let box = layout.box(.row([.variable("a"), .sign("="), .word("softmax")]), size: 10)
    #expect(texts(box).map(\.font.family) == [.variable, .formula, .formula])
    // a (6), = with 0.2 em each side (6 + 4), softmax (42).
    #expect(abs(box.width - 58) < 1e-9)
    #expect(texts(box).map(\.position) == [Point(0, 0), Point(8, 0), Point(16, 0)])
  }

  @Test func indicesAreSmallAndLow() {
    let parts = texts(layout.box(.sub(.variable("d"), .variable("k")), size: 10))
    #expect(parts.map(\.font.size) == [10, 7])
    #expect(abs(parts[1].position.y - 1.7) < 1e-9)
    let power = texts(layout.box(.sup(.variable("e"), .variable("α")), size: 10))
    #expect(abs(power[1].position.y + 3.6) < 1e-9)
  }

  @Test func secondLevelsStayReadable() {
    let formula = Formula.sup(.word("e"), .sub(.variable("α"), .variable("i")))
    #expect(texts(layout.box(formula, size: 8)).map(\.font.size) == [8, 5.6, 5])
  }

  @Test func theBarCoversTheRadicand() {
    let content = layout.box(.sub(.variable("d"), .variable("k")), size: 10)
    let root = layout.box(.root(.sub(.variable("d"), .variable("k"))), size: 10)
    #expect(abs(root.width - (content.width + 6)) < 1e-9)
    #expect(root.ascent > content.ascent + 1)
    #expect(root.marks.count == content.marks.count + 3)
  }

  @Test func fractionsAreCentred() {
    let box = layout.box(.fraction(.variable("a"), .word("abc")), size: 10)
    let parts = texts(box)
    #expect(abs(box.width - 20) < 1e-9)
    #expect(abs(parts[0].position.x - 7) < 1e-9)
    #expect(abs(parts[1].position.x - 1) < 1e-9)
    #expect(parts[0].position.y < -2.5 && parts[1].position.y > 2.5)
  }

  @Test func parenthesesGrow() {
    let low = layout.box(.parentheses(.variable("x")), size: 10)
    #expect(texts(low).map(\.string) == ["(", "x", ")"])
    let tall = layout.box(.parentheses(.fraction(.word("1"), .word("2"))), size: 10)
    #expect(texts(tall).map(\.string) == ["1", "2"])
    let inner = layout.box(.fraction(.word("1"), .word("2")), size: 10)
    #expect(tall.ascent > inner.ascent && tall.descent > inner.descent)
  }

  @Test func attention() throws {
    let scene = Scene(
      size: Size(100, 20), background: nil,
      marks: layout.box(.softmaxWeights, size: 10).marks)
    #expect(try Goldens.difference("formula-softmax.txt", scene.text) == nil)
  }
}
