import CLibPNG
import Drawing
import Figures
import Files
import TestSupport
import Testing

/// SVG and PDF, drawn by programs that are not ours, look as the PNG does. The limits, in levels of
/// 255, are a quarter above what was seen when the test was written: strokes are smoothed otherwise
/// by every program. A word that is missing or elsewhere changes blocks by 60 and more.
@Suite struct RenderersTests {
  /// Pixels an inch: a word's strokes are a pixel wide, so blocks of 8 × 8 are compared.
  static let resolution = 96.0

  @Test(
    .enabled(if: has("rsvg-convert"), "rsvg-convert is not installed"), arguments: EveryFigure.names
  )
  func anSVGLooksAsThePNG(_ name: String) throws {
    try compare(name, .svg, (mean: 2, block: 32)) { file, picture, size in
      ["rsvg-convert", "-w", "\(size.x)", "-h", "\(size.y)", "-o", picture, file]
    }
  }

  @Test(.enabled(if: has("pdftoppm"), "pdftoppm is not installed"), arguments: EveryFigure.names)
  func aPDFLooksAsThePNG(_ name: String) throws {
    try compare(name, .pdf, (mean: 4, block: 52)) { file, picture, size in
      [
        "pdftoppm", "-png", "-singlefile", "-scale-to-x", "\(size.x)", "-scale-to-y", "\(size.y)",
        file, String(picture.dropLast(4)),
      ]
    }
  }

  @Test func aMissingWordIsSeen() throws {
    let scene = try #require(EveryFigure.named("heatmap")).scene(in: Style(measure: .typeset))
    var other = scene
    other.marks = []
    let whole = try Pixels(try scene.data(Export(.png, resolution: Self.resolution)))
    let empty = try Pixels(try other.data(Export(.png, resolution: Self.resolution)))
    let differences = whole.differences(from: empty)
    #expect(differences.filter { $0 > 52 }.count > 100)
  }

  /// More pixels than one band of the picture holds: what lies outside a band is left out of it.
  @Test func aPictureOfManyPixels() throws {
    let scene = Samples.gallery(layers: 3, heads: 2, tokens: Samples.tokens(4))
      .scene(in: Style(width: .millimetres(60), measure: .typeset))
    let dpi = 1700.0
    let pixels = try Pixels(try scene.data(Export(.png, resolution: dpi)))
    #expect(pixels.size.x == Int((scene.size.width * dpi / 72 - 0.01).rounded(.up)))
    #expect(pixels.size.x * pixels.size.y > 1 << 24)
  }

  private func compare(
    _ name: String, _ format: FileFormat, _ most: (mean: Double, block: Double),
    _ call: (String, String, SIMD2<Int>) -> [String]
  ) throws {
    try withTemporaryFolder { folder in
      let scene = try #require(EveryFigure.named(name)).scene(in: Style(measure: .typeset))
      let own = try Pixels(try scene.data(Export(.png, resolution: Self.resolution)))
      let (file, picture) = ("\(folder)/f.\(format.rawValue)", "\(folder)/p.png")
      try writeFile(file, try scene.data(Export(format)))
      _ = try runProgram(call(file, picture, own.size))
      let other = try Pixels(try readFile(picture))
      #expect(other.size == own.size)
      let differences = own.differences(from: other)
      let mean = differences.reduce(0, +) / Double(max(differences.count, 1))
      #expect(mean < most.mean, "\(name)")
      #expect(differences.max() ?? 0 < most.block, "\(name)")
    }
  }

  private static func has(_ program: String) -> Bool {
    ((try? runProgram(["which", program])) ?? nil)?.output.isEmpty == false
  }
}

/// A picture in grey.
private struct Pixels {
  let size: SIMD2<Int>
  private let grey: [UInt8]

  init(_ file: [UInt8]) throws {
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    try #require(png_image_begin_read_from_memory(&image, file, file.count) != 0)
    image.format = 0
    size = SIMD2(Int(image.width), Int(image.height))
    var bytes = [UInt8](repeating: 0, count: size.x * size.y)
    var white = png_color(red: 255, green: 255, blue: 255)
    try #require(png_image_finish_read(&image, &white, &bytes, 0, nil) != 0)
    grey = bytes
  }

  /// By how many of 255 levels the means of blocks of 8 × 8 pixels differ.
  func differences(from other: Pixels) -> [Double] {
    let blocks = SIMD2(size.x / 8, size.y / 8)
    return (0..<blocks.x * blocks.y).map { block in
      let (x, y) = (block % blocks.x * 8, block / blocks.x * 8)
      let sum = (0..<64).reduce(0) { sum, index in
        let place = (y + index / 8) * size.x + x + index % 8
        return sum + Int(grey[place]) - Int(other.grey[place])
      }
      return abs(Double(sum)) / 64
    }
  }
}
