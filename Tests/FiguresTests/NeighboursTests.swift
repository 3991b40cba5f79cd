import Figures
import TestSupport
import Testing

@Suite struct NeighboursTests {
  static func figure(_ count: Int, entries: Int = 5) -> Neighbours {
    let words = ["king", "a", "Donaudampfschifffahrt", "שלום", "東京", "🙂", "␣of", "##ing"]
    let rows = (0..<count).map { row in
      let before = (0..<entries).map {
        Neighbours.Neighbour(
          TokenLabel(words[(row + $0) % 8] + "\($0)"), cosine: 0.9 - 0.21 * Double($0))
      }
      let after = (0..<entries).map {
        Neighbours.Neighbour(
          TokenLabel(words[(row + $0) % 8] + "\($0 % 2 == 0 ? "\($0)" : "x")"),
          cosine: 0.7 - 0.2 * Double($0), isOwn: $0 == 0)
      }
      return Neighbours.Row(TokenLabel(words[row % 8]), before: before, after: after)
    }
    return Neighbours(
      caption: Caption(title: "What context did", subtitle: ["a model"], notes: [["A note."]]),
      beforeName: "nearest to its own word vector", afterName: "nearest after layer 3", rows: rows)
  }

  @Test(arguments: [1, 3, 40], GenerationFiguresTests.widths)
  func textsKeepTheirDistance(_ count: Int, _ width: Double?) {
    for entries in [0, 1, 5, 12] {
      let style = GenerationFiguresTests.style(width)
      #expect(violations(Self.figure(count, entries: entries), style) == [], "\(entries)")
    }
  }

  @Test(arguments: [Theme.paper, .light, .dark], [nil, 89.0])
  func wordsCanBeRead(_ theme: Theme, _ width: Double?) {
    let scene = Self.figure(6).scene(in: GenerationFiguresTests.style(width, theme))
    let pale = Grounds(scene, theme).all.filter { $0.text.color.contrast(with: $0.ground) < 4.5 }
    #expect(pale.map(\.text.string) == [])
  }

  /// Rounded ends are not printed as exact ones, with either sign.
  @Test func writesCosines() {
    #expect(Neighbours.cosine(0.999) == ">.99" && Neighbours.cosine(-0.999) == "<−.99")
    #expect(Neighbours.cosine(0.001) == "<.01" && Neighbours.cosine(-0.001) == ">−.01")
    #expect(Neighbours.cosine(-0.25) == "−.25" && Neighbours.cosine(0.5) == ".50")
  }

  /// A bar is as long as its cosine; what is negative has none.
  @Test func barsAreAsLongAsTheirCosines() {
    let style = Style()
    let bars = rectangles(part("row-0", of: Self.figure(1).scene(in: style)))
    let full = bars.first { $0.color == style.theme.hairline }?.frame.size.width ?? 0
    let filled = bars.filter { $0.color != style.theme.hairline }.map { $0.frame.size.width / full }
    let expected = [0.9, 0.69, 0.48, 0.27, 0.06, 0.7, 0.5, 0.3, 0.1]
    #expect(filled.count == expected.count)
    for (a, b) in zip(filled, expected) { #expect(abs(a - b) < 1e-9) }
  }

  @Test func newEntriesStandOut() {
    let style = Style()
    let inks = Inks(Self.figure(1).scene(in: style)).all
    func color(_ string: String) -> [Color] {
      inks.filter { $0.text.string == string }.map(\.text.color)
    }
    #expect(color("king0") == [style.theme.ink, style.theme.secondary])
    #expect(color("ax") == [style.theme.accent])
    #expect(inks.contains { $0.text.string == "−.10" })
  }

  /// One bracket from the first piece of a word to its last.
  @Test func bracketsJoinThePiecesOfAWord() {
    var figure = Self.figure(5)
    #expect(part("words", of: figure.scene(in: Style())).isEmpty)
    for row in 1...3 { figure.rows[row].token.word = 7 }
    let scene = figure.scene(in: Style())
    let chips = Inks(scene).all.filter { $0.box.maxX < 110 }.map { ($0.box.minY + $0.box.maxY) / 2 }
    guard case .path(let bracket)? = part("words", of: scene).first,
      case .line(let start) = bracket.steps[1], case .line(let end) = bracket.steps[2]
    else {
      Issue.record("there is no bracket")
      return
    }
    #expect(part("words", of: scene).count == 1 && start.x == end.x)
    let joined = chips.filter { $0 > start.y && $0 < end.y }
    #expect(joined.count == 3)
  }

  @Test func saysWhatHasNoRoom() {
    let narrow = Inks(Self.figure(2, entries: 12).scene(in: GenerationFiguresTests.style(89)))
    #expect(narrow.strings.joined(separator: " ").contains("of 12 entries of a list have room"))
  }

  @Test func describesItself() {
    let summary = Self.figure(2).scene(in: Style()).summary
    #expect(summary.contains("king: king0 .90, a1 .69") && summary.contains("after layer 3"))
  }

  @Test func nothingIsExactlyOne() {
    var figure = Self.figure(1)
    figure.rows[0].before[0].cosine = 1
    figure.rows[0].before[1].cosine = .nan
    #expect(Inks(figure.scene(in: Style())).strings.contains(">.99"))
    #expect(violations(figure, Style()) == [])
  }

  @Test func goldens() throws {
    let scene = Self.figure(3).scene(in: Style())
    #expect(try Goldens.difference("neighbours.txt", scene.text) == nil)
  }
}
