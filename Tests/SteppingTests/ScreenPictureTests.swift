import Figures
import Stepping
import Testing
import TextDrawing

/// The picture of a screen has every cell where a terminal has it.
@Suite struct ScreenPictureTests {
  private static let theme = Theme.dark

  /// What is drawn: texts with their places, and areas with their colours.
  private struct Drawn {
    var texts: [(string: String, x: Double, y: Double, color: Color)] = []
    var areas: [(frame: Rectangle, color: Color)] = []
    var size: Size
    var summary: String

    init(_ screen: TerminalScreen, width: Double? = nil) {
      var style = Style()
      style.width = width
      let scene = ScreenPicture(screen, title: "a screen", theme: ScreenPictureTests.theme)
        .scene(in: style)
      (size, summary) = (scene.size, scene.summary)
      for mark in scene.marks {
        guard case .group(let group) = mark else { continue }
        for mark in group.marks { add(mark) }
      }
    }

    private mutating func add(_ mark: Mark) {
      switch mark {
      case .text(let text):
        texts.append((text.string, text.position.x, text.position.y, text.color))
      case .path(let path): if let fill = path.fill { areas.append((Self.bounds(path), fill)) }
      default: break
      }
    }

    /// The smallest rectangle around the corners of a path of straight lines.
    private static func bounds(_ path: Path) -> Rectangle {
      let corners = path.steps.compactMap { step -> Point? in
        switch step {
        case .move(let point), .line(let point): point
        default: nil
        }
      }
      let (x, y) = (corners.map(\.x), corners.map(\.y))
      let (left, top) = (x.min() ?? 0, y.min() ?? 0)
      return Rectangle(
        x: left, y: top, width: (x.max() ?? 0) - left, height: (y.max() ?? 0) - top)
    }
  }

  @Test func everyWordIsDrawnOnceInItsColour() throws {
    var screen = TerminalScreen(rows: 3, columns: 30)
    screen.write("plain", 0, 2)
    screen.write("warm", 0, 7, .init(ink: Color(0xCC6600)))
    screen.write("lower", 2, 2)
    let drawn = Drawn(screen)
    func text(_ words: String) throws -> (string: String, x: Double, y: Double, color: Color) {
      try #require(drawn.texts.first { $0.string.contains(words) })
    }
    let all = drawn.texts.map(\.string).joined().filter { $0 != " " }
    #expect(all == "plainwarmlower")
    let (plain, warm, lower) = (try text("plain"), try text("warm"), try text("lower"))
    #expect(warm.color == Color(0xCC6600) && plain.color == Self.theme.ink)
    #expect(plain.x == lower.x && plain.x < warm.x && plain.y == warm.y && lower.y > plain.y)
    // Five columns lie between them, of thirty on the page but for its margins.
    let column = (warm.x - plain.x) / 5
    #expect(column * 30 < drawn.size.width && column * 33 > drawn.size.width)
    #expect(drawn.summary.contains("plainwarm"))
  }

  @Test func groundsAndReversedCellsAreAreas() throws {
    var screen = TerminalScreen(rows: 2, columns: 20)
    screen.write("    ", 0, 4, .init(ground: Color(0x112233)))
    screen.write("on", 1, 0, .init(isReversed: true))
    let drawn = Drawn(screen)
    let ground = try #require(drawn.areas.first { $0.color == Color(0x112233) })
    let reversed = try #require(drawn.areas.first { $0.color == Self.theme.ink })
    #expect(drawn.areas.count == 2)
    // Four cells are twice as wide as two, and begin where these end and two more.
    #expect(abs(ground.frame.size.width - 2 * reversed.frame.size.width) < 0.2)
    #expect(abs(ground.frame.minX - 4 * reversed.frame.size.width / 2) < 0.3)
    #expect(reversed.frame.minY >= ground.frame.maxY - 0.1)
    #expect(drawn.texts.first { $0.string.contains("on") }?.color == Self.theme.paper)
  }

  @Test func halfBlocksAreHalvesOfCells() throws {
    var screen = TerminalScreen(rows: 1, columns: 20)
    screen.write("▀", 0, 0, .init(ink: Color(0xFF0000)))
    screen.write("▄", 0, 1, .init(ink: Color(0x00FF00)))
    screen.write("█", 0, 2, .init(ink: Color(0x0000FF)))
    let drawn = Drawn(screen)
    let areas = try [Color(0xFF0000), Color(0x00FF00), Color(0x0000FF)].map { color in
      try #require(drawn.areas.first { $0.color == color }).frame
    }
    #expect(drawn.texts.allSatisfy { !$0.string.contains { "▀▄█".contains($0) } })
    #expect(abs(areas[0].size.height - areas[2].size.height / 2) < 0.1)
    #expect(abs(areas[1].maxY - areas[2].maxY) < 0.1 && abs(areas[1].minY - areas[0].maxY) < 0.1)
  }

  @Test(arguments: [200.0, 480])
  func aWidthIsKept(_ width: Double) {
    let drawn = Drawn(TerminalScreen(rows: 24, columns: 80), width: width)
    #expect(abs(drawn.size.width - width) < 0.001)
  }

  @Test func wideCharactersStandInTheMiddleOfTheirTwoCells() throws {
    var screen = TerminalScreen(rows: 2, columns: 20)
    screen.write("猫b", 0, 0)
    screen.write("z", 1, 10)
    let drawn = Drawn(screen)
    func x(_ start: String) throws -> Double {
      try #require(drawn.texts.first { $0.string.hasPrefix(start) }).x
    }
    let column = try x("z") / 10
    let (cat, letter) = (try x("猫"), try x("b"))
    #expect(abs(cat - column) < 0.01 && abs(letter - 2 * column) < 0.01)
  }
}
