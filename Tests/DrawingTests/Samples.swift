import Drawing
import Figures
import TestSupport

/// The fonts of the tests: `Attnviz Boxes`, whose glyphs are rectangles, and one emoji.
enum PinnedFonts {
  static func use() throws { try Fonts.use(folder: Fixtures.folder + "/fonts") }

  /// The advance of a character of `Attnviz Boxes`, in ems, as its maker defined it.
  static func advance(_ character: Character) -> Double {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    let isWide = character == " " || ("0"..."9").contains(character)
    return isWide ? 0.6 : 0.5 + 0.01 * Double(scalar.value % 20)
  }

  /// The empty stretch on both sides of a glyph's ink, in ems.
  static let side = 0.1
}

/// Scenes to draw.
enum Samples {
  static let black = Color(0x000000)
  static let white = Color(0xFFFFFF)

  /// A square page with marks.
  static func page(_ marks: [Mark], side: Double = 100, background: Color? = white) -> Scene {
    Scene(size: Size(side, side), background: background, marks: marks)
  }

  static func text(
    _ string: String, size: Double = 20, at position: Point = Point(20, 60),
    alignment: Text.Alignment = .start, rotation: Double = 0
  ) -> Mark {
    .text(
      Text(
        string, font: Font(size: size), color: black, at: position, alignment: alignment,
        rotation: rotation))
  }

  static func square(_ side: Double, at origin: Point = Point(0, 0), _ color: Color) -> Mark {
    .path(Path(rectangle(side, at: origin), fill: color))
  }

  static func rectangle(_ side: Double, at origin: Point = Point(0, 0)) -> [Path.Step] {
    let (x, y) = (origin.x, origin.y)
    return [
      .move(Point(x, y)), .line(Point(x + side, y)), .line(Point(x + side, y + side)),
      .line(Point(x, y + side)), .close,
    ]
  }

  /// Every kind of mark.
  static let everything = Scene(
    size: Size(120, 90), background: Color(0xFDFCF8),
    marks: [
      .label(
        Label(
          "grid", summary: "Cells & <more>",
          [
            .image(
              Image(
                columns: 3, rows: 2, palette: [Color(0x0B2F5B), Color(0xE07A2F), white],
                cells: [0, 1, 2, 2, 1, 0], frame: Rectangle(x: 8, y: 8, width: 45, height: 30))),
            text("naïve", size: 9, at: Point(60, 20)),
          ])),
      .group(
        Group(
          [
            square(40, Color(0x3366AA).opacity(0.5)),
            .path(
              Path(
                [.move(Point(0, 0)), .curve(Point(5, 20), Point(30, -5), Point(40, 30))],
                stroke: .init(black, width: 1.5, dash: [3, 2], isRound: true))),
            text("שלום 🙂", size: 8, at: Point(2, 20)),
          ], at: Point(60, 40), clip: rectangle(30))),
      text("turned", size: 8, at: Point(50, 85), alignment: .end, rotation: -90),
    ], title: "Everything", summary: "Every kind of mark.")

  /// Another picture with the same words, and glyphs the first lacks.
  static let other = Scene(
    size: Size(80, 60), background: nil,
    marks: [
      text("evïan 🙂", size: 12, at: Point(5, 30)),
      .group(Group([square(10, black)], at: Point(3, 3), clip: rectangle(5))),
    ])
}
