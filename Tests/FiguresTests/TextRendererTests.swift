import Figures
import TestSupport
import Testing
import TextDrawing

/// Figures as characters.
@Suite struct TextRendererTests {
  private static func text(
    _ name: String, _ color: TerminalColor, columns: Int, _ theme: Theme = .dark
  ) throws -> String {
    let figure = try #require(EveryFigure.named(name))
    return TextRenderer(color, columns: columns).text(of: figure, in: Style(theme: theme))
  }

  /// The text without the sequences that set colours.
  private static func bare(_ text: String) -> String {
    text.replacing(/\u{1B}\[[0-9;]*m/, with: "")
  }

  private static func lines(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
  }

  @Test(arguments: ["heatmap of few tokens", "arcs", "tempering of many", "gallery"])
  func goldens(_ name: String) throws {
    let file = "text-" + name.replacing(" ", with: "-") + ".txt"
    #expect(try Goldens.difference(file, Self.text(name, .none, columns: 80)) == nil)
  }

  @Test func goldenInColor() throws {
    let text = try Self.text("heatmap", .full, columns: 80)
    #expect(try Goldens.difference("text-heatmap.ansi", text) == nil)
  }

  /// No line is wider than the terminal, and no character steers it but for colour.
  @Test(arguments: EveryFigure.names, [80, 160])
  func linesFit(_ name: String, _ columns: Int) throws {
    for color in [TerminalColor.none, .full] {
      let bare = try Self.bare(Self.text(name, color, columns: columns))
      #expect(Self.lines(bare).allSatisfy { TerminalWidth.of(String($0)) <= columns }, "\(color)")
      #expect(bare.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 || $0 == "\n" })
    }
  }

  /// With a ground every line is exactly as wide as the terminal: wide letters take two cells.
  @Test(arguments: EveryFigure.names) func groundsReachTheEdge(_ name: String) throws {
    let bare = try Self.bare(Self.text(name, .full, columns: 90))
    let widths = Set(Self.lines(bare).map { TerminalWidth.of(String($0)) })
    #expect(widths == [90])
  }

  /// Without colour there are no sequences, and pictures are ASCII: what is not is in the words.
  @Test(arguments: EveryFigure.names) func plainTextIsPlain(_ name: String) throws {
    let text = try Self.text(name, .none, columns: 100)
    let drawn = "─│┌┐└┘├┤┬┴┼┄┆▀▄█░▒▓╱●○◂▶▼◀▲▏▎▍▌▋▊▉"
    #expect(!text.contains("\u{1B}"))
    #expect(!text.contains { drawn.contains($0) || ("\u{2800}"..."\u{28FF}").contains($0) })
  }

  /// The numbers of a heatmap are in its text, in the order of the matrix.
  @Test func aHeatmapKeepsItsNumbers() throws {
    let tokens = (0..<4).map { TokenLabel("word\($0)") }
    let values: [Float] = [0.1, 0.2, 0.3, 0.4, 0.25, 0.25, 0.5, 0, 1, 0, 0, 0, 0.7, 0.1, 0.1, 0.1]
    let text = TextRenderer(.none, columns: 80)
      .text(of: Samples.heatmap(tokens, values: values), in: Style())
    let rows = Self.lines(text).compactMap { line -> String? in
      guard let row = line.firstRange(of: #/[0-3]  ?word[0-3] /#), !line.contains("columns") else {
        return nil
      }
      return line[row.upperBound...].split(separator: " ").joined(separator: " ")
    }
    #expect(rows == [".10 .20 .30 .40", ".25 .25 .50 0", "1 0 0 0", ".70 .10 .10 .10"])
  }

  /// Words of a scene are not lost: every one of the title and the notes is there.
  @Test(arguments: EveryFigure.names) func titlesAreComplete(_ name: String) throws {
    let figure = try #require(EveryFigure.named(name))
    let text = try Self.text(name, .none, columns: 80)
    let title = figure.scene(in: Style()).title.split(separator: " ")
    #expect(title.allSatisfy { text.contains($0) }, "\(title)")
  }

  /// A value that a terminal would obey is shown or left out, never sent.
  @Test func controlCharactersAreNotSent() {
    let font = Font(size: 7)
    let scene = Scene(
      size: Size(200, 40), background: nil,
      marks: [.text(Text("a\u{1B}[2Jb\u{202E}c", font: font, color: Color(0), at: Point(10, 10)))])
    let text = TextRenderer(.none, columns: 40).text(of: scene, in: .paper)
    #expect(text.contains("a[2Jbc"))
  }

  /// Sixteen colours have no ground for cells: words that a figure writes dark on bright cells
  /// keep the terminal's own ink.
  @Test func wordsShowWithoutAGround() throws {
    let text = try Self.text("heatmap", .palette16, columns: 80)
    #expect(!text.contains("\u{1B}[0;30m") && !text.contains("[0;1;30m"))
  }

  /// A bar's length is its share of the axis, to an eighth of a column.
  @Test func barsEndWithEighths() {
    func bar(_ width: Double) -> Mark {
      .path(
        Path(
          [
            .move(Point(8, 11)), .line(Point(8 + width, 11)), .line(Point(8 + width, 19)),
            .line(Point(8, 19)), .close,
          ], fill: Color(0x0B5CAD)))
    }
    let label = Mark.text(
      Text("x", font: Font(size: 7), color: Color(0), at: Point(4, 17.4), alignment: .end))
    let scene = Scene(size: Size(200, 30), background: nil, marks: [label, bar(22)])
    let text = TextRenderer(.full, columns: 40).text(of: scene, in: .paper)
    // 22 points are five columns and a half.
    #expect(Self.bare(text).contains("     ▌"))
  }
}
