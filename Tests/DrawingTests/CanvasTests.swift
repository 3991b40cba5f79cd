import Drawing
import Figures
import Testing

@Suite struct CanvasTests {
  init() throws { try PinnedFonts.use() }

  private let palette = [Color(0x0B2F5B), Color(0xE07A2F)]
  /// Edges that fall between pixels at every resolution below.
  private let frame = Rectangle(x: 10.37, y: 11.61, width: 61.7, height: 52.3)

  private func image(
    _ columns: Int, _ rows: Int, _ cell: (Int, Int) -> UInt8, frame: Rectangle
  ) -> Mark {
    let cells = (0..<columns * rows).map { cell($0 % columns, $0 / columns) }
    return .image(
      Image(columns: columns, rows: rows, palette: palette, cells: cells, frame: frame))
  }

  private func draw(_ marks: [Mark], resolution: Double) throws -> PNGImage {
    try PNGImage(Samples.page(marks).data(Export(.png, resolution: resolution)))
  }

  @Test(arguments: [72.0, 97, 192, 300])
  func equalCellsHaveNoSeams(_ resolution: Double) throws {
    let picture = try draw([image(7, 5, { _, _ in 1 }, frame: frame)], resolution: resolution)
    let everything = picture.colors(0..<picture.width, 0..<picture.height)
    #expect(everything == [Samples.white.pixel, palette[1].pixel])
    let ink = picture.ink
    let (columns, rows) = (ink.columns[0]..<ink.columns[0] + ink.columns.count, ink.rows)
    #expect(picture.colors(columns, rows[0]..<rows[0] + rows.count) == [palette[1].pixel])
    #expect(abs(Double(columns.count) - frame.size.width * resolution / 72) <= 1)
    #expect(abs(Double(columns.lowerBound) - frame.minX * resolution / 72) <= 0.5)
  }

  @Test(arguments: [72.0, 97, 192, 300])
  func aCheckerboardHasOnlyItsColors(_ resolution: Double) throws {
    let picture = try draw(
      [image(9, 8, { UInt8(($0 + $1) % 2) }, frame: frame)], resolution: resolution)
    #expect(
      picture.colors(0..<picture.width, 0..<picture.height)
        == Set(palette.map(\.pixel) + [Samples.white.pixel]))
    for row in 0..<8 {
      for column in 0..<9 {
        let x = frame.minX + (Double(column) + 0.5) * frame.size.width / 9
        let y = frame.minY + (Double(row) + 0.5) * frame.size.height / 8
        let pixel = picture[Int(x * resolution / 72), Int(y * resolution / 72)]
        #expect(pixel == palette[(row + column) % 2].pixel)
      }
    }
  }

  @Test func cellsSmallerThanPixelsAreAveraged() throws {
    let frame = Rectangle(x: 0, y: 0, width: 100, height: 100)
    let picture = try draw(
      [image(400, 400, { column, _ in UInt8(column % 2) }, frame: frame)], resolution: 72)
    let mean = zip([0x0B, 0x2F, 0x5B], [0xE0, 0x7A, 0x2F]).map { ($0 + $1 + 1) / 2 }
    let colors = picture.colors(0..<100, 0..<100)
    #expect(colors.count == 1)
    let color = try #require(colors.first)
    #expect(zip([color.x, color.y, color.z], mean).allSatisfy { abs(Int($0) - $1) <= 1 })
  }

  @Test func groupsAreMovedAndClipped() throws {
    let group = Group(
      [Samples.square(60, palette[0]), image(1, 1, { _, _ in 1 }, frame: frame)],
      at: Point(20, 10), clip: Samples.rectangle(30))
    let picture = try draw([.group(group), Samples.square(5, palette[1])], resolution: 72)
    #expect(picture[19, 25] == Samples.white.pixel)
    #expect(picture[20, 25] == palette[0].pixel)
    #expect(picture[49, 39] == palette[1].pixel)
    #expect(picture.colors(50..<100, 0..<100) == [Samples.white.pixel])
    #expect(picture.colors(0..<100, 40..<100) == [Samples.white.pixel])
    #expect(picture[2, 2] == palette[1].pixel)
  }

  @Test func marksAreStackedInOrderWithTheirOpacity() throws {
    let picture = try draw(
      [
        Samples.square(50, Samples.black), Samples.square(40, Color(0xFF0000)),
        Samples.square(30, Samples.white.opacity(0.5)),
      ], resolution: 72)
    #expect(picture[45, 45] == Samples.black.pixel)
    #expect(picture[35, 35] == SIMD4(255, 0, 0, 255))
    #expect(abs(Int(picture[15, 15].y) - 128) <= 1)
  }

  @Test func emojiKeepTheirColors() throws {
    let picture = try draw([Samples.text("🙂", size: 50, at: Point(10, 60))], resolution: 72)
    // The quarters of the glyph: a square of one em from 0.8 em above the baseline.
    let quarters = [(22, 32), (47, 32), (22, 57), (47, 57)].map { picture[$0.0, $0.1] }
    #expect(
      quarters.prefix(3) == [SIMD4(255, 0, 0, 255), SIMD4(0, 255, 0, 255), SIMD4(0, 0, 255, 255)])
    #expect(abs(Int(quarters[3].z) - 127) <= 2)
  }
}
