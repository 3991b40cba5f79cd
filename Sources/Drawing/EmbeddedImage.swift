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
  /// The cells as a PNG file of the colours in use, each cell a square of pixels.
  func png() throws -> [UInt8] {
    let (factor, used) = (magnification, usedColors)
    var places = [UInt8](repeating: 0, count: 256)
    for (place, index) in used.enumerated() { places[Int(index)] = UInt8(place) }
    let colors = used.map { index in
      let color = palette[Int(index)]
      return SIMD4(color.red, color.green, color.blue, color.alpha)
    }
    let file = PNGFile(width: columns * factor, height: rows * factor, pixels: .indexed(colors))
    var line = [UInt8](repeating: 0, count: columns * factor)
    for row in 0..<rows {
      for x in line.indices { line[x] = places[Int(cells[row * columns + x / factor])] }
      for copy in 0..<factor {
        try line.withUnsafeBufferPointer { try file.write(row: $0, resemblesLast: copy > 0) }
      }
    }
    return try file.finish()
  }
}

extension Image {
  /// The places in the palette that a cell has.
  private var usedColors: [UInt8] {
    var isUsed = [Bool](repeating: false, count: 256)
    for cell in cells { isUsed[Int(cell)] = true }
    return (0...255).filter { isUsed[Int($0)] }
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
