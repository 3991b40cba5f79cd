import Drawing
import Figures
import Testing

@Suite struct TypesetterTests {
  init() throws { try PinnedFonts.use() }

  /// Pixels in a point, pixels in the em of the texts below, and where their baselines start.
  private let scale = 4.0
  private let em = 80.0
  private let origin = Point(80, 240)

  private func draw(_ mark: Mark) throws -> PNGImage {
    try PNGImage(Samples.page([mark]).data(Export(.png, resolution: 72 * scale)))
  }

  private func isNear(_ a: Double, _ b: Double) -> Bool { abs(a - b) < 0.01 }

  @Test(arguments: ["Hxg", "0123", "a b", "naïve"])
  func widthIsTheSumOfAdvances(_ string: String) {
    let advance = string.map(PinnedFonts.advance).reduce(0, +)
    let measured = TextMeasure.typeset(string, Font(size: 20))
    #expect(isNear(measured.width, 20 * advance))
    #expect(isNear(measured.ascent, 16) && isNear(measured.descent, 4))
  }

  @Test func inkStandsWhereTheMeasureSays() throws {
    let extents = TextMeasure.typeset("Hxg", Font(size: 20))
    let ink = try draw(Samples.text("Hxg")).ink
    let side = PinnedFonts.side * em
    #expect(ink.columns.first == Int((origin.x + side).rounded()))
    let right = origin.x + extents.width * scale - side
    #expect(abs(Double(try #require(ink.columns.last)) - (right - 1)) <= 1)
    #expect(ink.rows.first == Int(origin.y - 0.7 * em))
    #expect(ink.rows.last == Int(origin.y + 0.2 * em) - 1)
  }

  @Test func inkAboveTheFontIsMeasured() throws {
    let extents = TextMeasure.typeset("Å", Font(size: 20))
    #expect(isNear(extents.ascent, 22))
    #expect(try draw(Samples.text("Å")).ink.rows.first == Int(origin.y - 1.1 * em))
  }

  @Test func alignmentMovesTheInkByTheWidth() throws {
    let width = TextMeasure.typeset("Hx", Font(size: 20)).width * scale
    let left = { (alignment: Text.Alignment) in
      let mark = Samples.text("Hx", at: Point(50, 60), alignment: alignment)
      return Double(try #require(try draw(mark).ink.columns.first))
    }
    let start = try left(.start)
    #expect(abs(try left(.middle) - (start - width / 2)) <= 1)
    #expect(abs(try left(.end) - (start - width)) <= 1)
  }

  @Test func turnedTextReadsUpward() throws {
    let ink = try draw(Samples.text("Hx", at: Point(60, 80), rotation: -90)).ink
    let width = TextMeasure.typeset("Hx", Font(size: 20)).width * scale
    let side = PinnedFonts.side * em
    #expect(ink.rows.last == Int(320 - side) - 1)
    #expect(abs(Double(try #require(ink.rows.first)) - (320 - width + side)) <= 1)
    #expect(ink.columns.last == 239)
    #expect(ink.columns.first == Int(240 - 0.7 * em))
  }

  @Test func hebrewRunsFromTheRight() throws {
    let ink = try draw(Samples.text("אש")).ink.columns
    let gap = try #require(zip(ink, ink.dropFirst()).first { $1 - $0 > 1 })
    let first = gap.0 - (ink.first ?? 0) + 1
    #expect(abs(Double(first) - (PinnedFonts.advance("ש") - 0.2) * em) <= 1)
    #expect(PinnedFonts.advance("ש") != PinnedFonts.advance("א"))
  }

  @Test func controlCharactersKeepTheLineWhole() {
    let measure = { TextMeasure.typeset($0, Font(size: 20)).width }
    let sign = measure("\u{FFFD}")
    #expect(sign > 0)
    for control in ["\0", "\n", "\t", "\u{7F}", "\u{85}"] {
      #expect(isNear(measure("H\(control)x"), measure("Hx") + sign))
    }
  }

  @Test func emptyTextIsAsTallAsItsFont() {
    let extents = TextMeasure.typeset("", Font(size: 20))
    #expect(extents.width == 0)
    #expect(isNear(extents.ascent, 16) && isNear(extents.descent, 4))
  }
}
