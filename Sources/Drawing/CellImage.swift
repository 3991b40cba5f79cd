import CCairo
import Figures

extension Image {
  /// How many pixels a cell gets on each side when the image is embedded in a page: some viewers
  /// smooth whatever the file says, and then only a cell's border blurs. A cell below a third of a
  /// point gets one: its border is not seen.
  var magnification: Int {
    let cell = min(frame.size.width / Double(columns), frame.size.height / Double(rows))
    return max(1, min(8, 1024 / max(columns, rows), Int((3 * cell).rounded(.up))))
  }

  /// Makes an image whose pixel (x, y) is the mean colour of the cells `columns[x]` × `rows[y]`.
  func surface(columns: [Range<Int>], rows: [Range<Int>]) -> Surface {
    let surface = Surface(width: columns.count, height: rows.count)
    let colors = palette.map(\.premultiplied)
    var last: (rows: Range<Int>, pixels: UnsafeMutableBufferPointer<UInt32>)?
    var index = 0
    cairo_surface_flush(surface.pointer)
    surface.forEachRow { pixels in
      if let last, last.rows == rows[index] {
        _ = pixels.update(fromContentsOf: last.pixels)
      } else {
        for x in columns.indices { pixels[x] = mean(columns[x], rows[index], colors) }
        last = (rows[index], pixels)
      }
      index += 1
    }
    surface.markDirty()
    return surface
  }

  /// The mean of premultiplied colours over a rectangle of cells.
  private func mean(_ columns: Range<Int>, _ rows: Range<Int>, _ colors: [UInt32]) -> UInt32 {
    if columns.count == 1, rows.count == 1 {
      return colors[Int(cells[rows.lowerBound * self.columns + columns.lowerBound])]
    }
    var sums = SIMD4<UInt64>.zero
    for row in rows {
      for column in columns {
        let color = colors[Int(cells[row * self.columns + column])]
        sums &+= SIMD4(
          UInt64(color >> 24), UInt64(color >> 16 & 255), UInt64(color >> 8 & 255),
          UInt64(color & 255))
      }
    }
    let count = UInt64(columns.count * rows.count)
    let mean = (sums &+ SIMD4(repeating: count / 2)) / count
    return UInt32(mean.x << 24 | mean.y << 16 | mean.z << 8 | mean.w)
  }
}

/// The cells that pixel `index` of `size` pixels shows: the one under its middle, or, where cells
/// are smaller than pixels, all that begin in it.
func cells(at index: Int, of size: Int, among count: Int) -> Range<Int> {
  if count <= size {
    let cell = (2 * index + 1) * count / (2 * size)
    return cell..<cell + 1
  }
  return index * count / size..<(index + 1) * count / size
}

extension Color {
  /// The opacity, from 0 to 255.
  var alpha: UInt8 { UInt8((max(0, min(1, opacity)) * 255).rounded()) }

  /// Cairo's pixel: `0xAARRGGBB`, channels multiplied by the opacity.
  var premultiplied: UInt32 {
    let alpha = UInt32(alpha)
    let scaled = { (channel: UInt8) in (UInt32(channel) * alpha + 127) / 255 }
    return alpha << 24 | scaled(red) << 16 | scaled(green) << 8 | scaled(blue)
  }
}
