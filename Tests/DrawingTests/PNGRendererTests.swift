import Drawing
import Figures
import Testing

@Suite struct PNGRendererTests {
  init() throws { try PinnedFonts.use() }

  @Test func sizeFollowsTheResolution() throws {
    for (resolution, pixels) in [(72.0, 100), (192, 267), (300, 417)] {
      let file = try Samples.page([]).data(Export(.png, resolution: resolution))
      let picture = try PNGImage(file)
      #expect((picture.width, picture.height) == (pixels, pixels))
    }
  }

  @Test func fewColorsMakeAPalette() throws {
    let scene = Samples.page([Samples.square(50, Samples.black)])
    let file = try PNGImage(scene.data(Export(.png, resolution: 72)))
    #expect(file.data("PLTE") == [[0, 0, 0, 255, 255, 255]])
    #expect(file.data("IHDR")[0][9] == 3)
  }

  /// Two images of 256 colours: black to red, and black to green.
  private func manyColors(background: Color?) throws -> PNGImage {
    let images = (0..<2).map { half in
      Mark.image(
        Image(
          columns: 16, rows: 16,
          palette: (0..<256).map { Color(UInt32($0) << (half == 0 ? 16 : 8)) },
          cells: (0..<256).map { UInt8($0) },
          frame: Rectangle(x: 50 * Double(half), y: 0, width: 48, height: 48)))
    }
    return try PNGImage(
      Samples.page(images, background: background).data(Export(.png, resolution: 72)))
  }

  @Test func manyColorsAreWrittenInFull() throws {
    let (opaque, clear) = (
      try manyColors(background: Samples.white), try manyColors(background: nil)
    )
    #expect(opaque.data("IHDR")[0][9] == 2)
    #expect(clear.data("IHDR")[0][9] == 6)
    #expect(opaque.data("PLTE").isEmpty)
    for picture in [opaque, clear] {
      #expect(picture[46, 46] == SIMD4(255, 0, 0, 255))
      #expect(picture[96, 46] == SIMD4(0, 255, 0, 255))
      #expect(picture[1, 4] == SIMD4(16, 0, 0, 255))
    }
    #expect(clear[49, 90] == SIMD4(0, 0, 0, 0))
  }

  @Test func largePicturesAreDrawnInBandsWithoutATrace() throws {
    let (columns, rows) = (8, 33)
    let image = Image(
      columns: columns, rows: rows, palette: [Samples.black, Samples.white],
      cells: (0..<columns * rows).map { UInt8(($0 / columns + $0 % columns) % 2) },
      frame: Rectangle(x: 0, y: 0, width: 600, height: 33_000))
    let scene = Scene(
      size: Size(600, 33_000), background: Samples.white,
      marks: [.image(image)])
    let picture = try PNGImage(scene.data(Export(.png, resolution: 71)))
    #expect(picture.width * picture.height > 1 << 24)
    let (width, height) = (Double(picture.width), Double(picture.height))
    for row in 0..<rows {
      for column in 0..<columns {
        let x = Int((Double(column) + 0.5) * width / Double(columns))
        let middle = Int((Double(row) + 0.5) * height / Double(rows))
        let expected = [Samples.black, Samples.white][(row + column) % 2].pixel
        #expect(picture.colors(x..<x + 1, middle - 450..<middle + 450) == [expected])
      }
    }
  }

  @Test func tooManyPixelsAreAnErrorThatHelps() throws {
    let scene = Samples.page([], side: 1000)
    let error = #expect(throws: DrawingError.self) {
      try scene.data(Export(.png, resolution: 3000))
    }
    #expect(error?.kind == .tooLarge)
    #expect(
      error?.description
        == "the PNG would be 41666 × 41666 pixels, and 32767 is the limit; "
        + "lower the resolution to 2359 dpi, or choose SVG or PDF")
    for resolution in [0, -1, .nan, .infinity, 1e308] {
      #expect(kind { _ = try scene.data(Export(.png, resolution: resolution)) } == .tooLarge)
    }
  }
}
