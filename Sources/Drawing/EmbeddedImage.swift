import Figures

extension Surface {
  /// The pixels as a PNG file with opacity.
  borrowing func png() throws -> [UInt8] {
    var rows: [[UInt8]] = []
    forEachRow { pixels in
      rows.append(
        pixels.flatMap { pixel in
          let color = pixel.color
          return [color.x, color.y, color.z, color.w]
        })
    }
    return try PNGFile.data(rows, pixels: .translucent, width: (rows.first?.count ?? 0) / 4)
  }
}

extension Image {
  /// The cells as a PNG file of indexed colours, each cell a square of pixels.
  func png() throws -> [UInt8] {
    let factor = magnification
    let rows = (0..<rows).flatMap { row -> [[UInt8]] in
      let line = cells[row * columns..<(row + 1) * columns].flatMap {
        Array(repeating: $0, count: factor)
      }
      return Array(repeating: line, count: factor)
    }
    let colors = palette.map { SIMD4($0.red, $0.green, $0.blue, $0.alpha) }
    return try PNGFile.data(rows, pixels: .indexed(colors), width: columns * factor)
  }
}

extension PNGFile {
  /// A whole file of rows that are in memory.
  fileprivate static func data(_ rows: [[UInt8]], pixels: Pixels, width: Int) throws -> [UInt8] {
    let file = PNGFile(width: width, height: rows.count, pixels: pixels)
    for row in rows { try row.withUnsafeBufferPointer { try file.write(row: $0) } }
    return try file.finish()
  }
}
