import CLibPNG
import Files
import TestSupport
import Testing

/// SVG and PDF, drawn by programs that are not ours, look as the PNG does. The limits, in levels of
/// 255, are somewhat above what was seen when the test was written: strokes are smoothed otherwise
/// by every program. Words that are missing change many blocks by 60 and more.
@Suite struct RenderersTests {
  static let calls = VerifyTests.calls.indices

  @Test(.enabled(if: has("rsvg-convert"), "rsvg-convert is not installed"), arguments: calls)
  func anSVGLooksAsThePNG(_ index: Int) throws {
    try compare(index, "svg", (mean: 2, block: 40)) { file, picture, size in
      ["rsvg-convert", "-w", "\(size.x)", "-h", "\(size.y)", "-o", picture, file]
    }
  }

  @Test(.enabled(if: has("pdftoppm"), "pdftoppm is not installed"), arguments: calls)
  func aPDFLooksAsThePNG(_ index: Int) throws {
    try compare(index, "pdf", (mean: 4, block: 60)) { file, picture, size in
      [
        "pdftoppm", "-png", "-singlefile", "-scale-to-x", "\(size.x)", "-scale-to-y", "\(size.y)",
        file, String(picture.dropLast(4)),
      ]
    }
  }

  @Test func aMissingWordIsSeen() throws {
    try withTemporaryFolder { folder in
      let heatmap = try draw(["heatmap", "--layer", "L1H2"], "bert", folder + "/a.png")
      let other = try draw(
        ["heatmap", "--layer", "L1H3", "--no-values"], "bert", folder + "/b.png")
      let differences = try Pixels(heatmap).differences(from: Pixels(other))
      #expect(differences.filter { $0 > 60 }.count > 10)
    }
  }

  private func compare(
    _ index: Int, _ format: String, _ most: (mean: Double, block: Double),
    _ call: (String, String, SIMD2<Int>) -> [String]
  ) throws {
    let (model, words) = VerifyTests.calls[index]
    try withTemporaryFolder { folder in
      let own = try Pixels(try draw(words, model, folder + "/f.png"))
      let (file, picture) = ("\(folder)/f.\(format)", "\(folder)/p.png")
      _ = try draw(words, model, file)
      _ = try runProgram(call(file, picture, own.size))
      let other = try Pixels(try readFile(picture))
      #expect(other.size == own.size)
      let differences = own.differences(from: other)
      let mean = differences.reduce(0, +) / Double(max(differences.count, 1))
      #expect(mean < most.mean, "\(words)")
      #expect(differences.max() ?? 0 < most.block, "\(words)")
    }
  }

  /// A figure, at 96 dots an inch where it has dots.
  private func draw(_ call: [String], _ model: String, _ file: String) throws -> [UInt8] {
    let dots = file.hasSuffix("png") ? ["--dpi", "96"] : []
    let result = try Program.run(
      ["draw"] + call + ["--model", Program.model(model), "-q", "-o", file] + dots
        + [VerifyTests.text])
    #expect(result.code == 0, "\(call): \(result.error)")
    return try readFile(file)
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
