import CLibPNG
import CZlib
import Figures
import Testing

/// A PNG file as libpng and zlib read it.
struct PNGImage {
  struct Chunk {
    var name: String
    var data: [UInt8]
    var isIntact: Bool
  }

  let chunks: [Chunk]
  let width: Int
  let height: Int
  private let bytes: [UInt8]

  init(_ file: [UInt8]) throws {
    chunks = Self.chunks(file)
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    try #require(png_image_begin_read_from_memory(&image, file, file.count) != 0)
    image.format = 3  // red, green, blue and opacity
    (width, height) = (Int(image.width), Int(image.height))
    var pixels = [UInt8](repeating: 0, count: 4 * width * height)
    try #require(png_image_finish_read(&image, nil, &pixels, 0, nil) != 0)
    bytes = pixels
  }

  /// A pixel: red, green, blue, opacity.
  subscript(x: Int, y: Int) -> SIMD4<UInt8> {
    let start = 4 * (y * width + x)
    return SIMD4(bytes[start], bytes[start + 1], bytes[start + 2], bytes[start + 3])
  }

  /// The colours of the pixels in some columns and rows.
  func colors(_ columns: Range<Int>, _ rows: Range<Int>) -> Set<SIMD4<UInt8>> {
    Set(rows.flatMap { row in columns.map { self[$0, row] } })
  }

  /// The columns and rows that have a pixel other than white.
  var ink: (columns: [Int], rows: [Int]) {
    let white = SIMD4<UInt8>(repeating: 255)
    return (
      (0..<width).filter { x in (0..<height).contains { self[x, $0] != white } },
      (0..<height).filter { y in (0..<width).contains { self[$0, y] != white } }
    )
  }

  /// The data of the chunks of one name.
  func data(_ name: String) -> [[UInt8]] { chunks.filter { $0.name == name }.map(\.data) }

  private static func chunks(_ file: [UInt8]) -> [Chunk] {
    let number = { (start: Int) in file[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
    var result: [Chunk] = []
    var start = 8
    while start + 12 <= file.count {
      let end = start + 8 + number(start)
      let content = Array(file[start + 4..<end])
      result.append(
        Chunk(
          name: String(decoding: content.prefix(4), as: UTF8.self),
          data: Array(content.dropFirst(4)),
          isIntact: Int(crc32(0, content, UInt32(content.count))) == number(end)))
      start = end + 4
    }
    return result
  }
}

extension Color {
  /// The colour as a pixel.
  var pixel: SIMD4<UInt8> { SIMD4(red, green, blue, UInt8((opacity * 255).rounded())) }
}
