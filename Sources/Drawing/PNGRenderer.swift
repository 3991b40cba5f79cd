import CCairo
import Figures

/// Draws a scene as a PNG: in bands, so that no picture needs more than 64 MB of pixels at a time.
struct PNGRenderer {
  private static let longestSide = 32_767
  private static let bandPixels = 1 << 24

  private let scene: Scene
  private let export: Export
  private let typesetter: Typesetter
  private let width: Int
  private let height: Int
  private let bandPixels: Int

  /// - Throws: `DrawingError` of kind `tooLarge`.
  init(
    _ scene: Scene, _ export: Export, _ typesetter: Typesetter, bandPixels: Int = Self.bandPixels
  ) throws {
    (self.scene, self.export, self.typesetter) = (scene, export, typesetter)
    self.bandPixels = bandPixels
    let scale = export.resolution / 72
    let size = Size(scene.size.width * scale, scene.size.height * scale)
    let limit = Double(Self.longestSide)
    guard export.resolution > 0, size.width <= limit, size.height <= limit else {
      throw DrawingError(.tooLarge, Self.advice(size, scene.size, export.resolution))
    }
    width = Self.pixels(size.width)
    height = Self.pixels(size.height)
  }

  /// Whole pixels that hold a length; what hangs over by less than a hundredth is rounding.
  private static func pixels(_ length: Double) -> Int {
    max(1, Int((length - 0.01).rounded(.up)))
  }

  private static func advice(_ size: Size, _ page: Size, _ resolution: Double) -> String {
    guard resolution > 0, size.width.isFinite, size.height.isFinite else {
      return "a PNG needs a resolution above 0 dots per inch; it is \(resolution)"
    }
    let best = Int(Double(longestSide) * 72 / max(page.width, page.height))
    let remedy =
      best >= 1
      ? "lower the resolution to \(best) dpi, or choose SVG or PDF" : "choose SVG or PDF"
    return
      "the PNG would be \(Int(min(size.width, 1e12))) × \(Int(min(size.height, 1e12))) pixels, "
      + "and \(longestSide) is the limit; \(remedy)"
  }

  /// The file.
  func data() throws -> [UInt8] {
    let bandHeight = max(1, min(height, bandPixels / width))
    if bandHeight == height {
      let band = try draw(rows: 0..<height)
      let palette = Palette(band)
      let file = file(palette.map { .indexed($0.colors) } ?? directPixels)
      try append(band, to: file, palette)
      return try file.finish()
    }
    let file = file(directPixels)
    for top in stride(from: 0, to: height, by: bandHeight) {
      try append(try draw(rows: top..<min(height, top + bandHeight)), to: file, nil)
    }
    return try file.finish()
  }

  private var directPixels: PNGFile.Pixels {
    scene.background?.alpha == 255 ? .opaque : .translucent
  }

  private func file(_ pixels: PNGFile.Pixels) -> PNGFile {
    PNGFile(
      width: width, height: height, pixels: pixels, resolution: export.resolution,
      texts: [
        ("Title", scene.title), ("Description", scene.summary),
        ("attnviz", export.provenance ?? ""),
      ])
  }

  private func draw(rows: Range<Int>) throws -> Surface {
    let surface = Surface(width: width, height: rows.count)
    let canvas = Canvas(context: surface.context, typesetter: typesetter, medium: .pixels)
    if let background = scene.background { canvas.fill(background) }
    cairo_translate(surface.context, 0, -Double(rows.lowerBound))
    cairo_scale(surface.context, export.resolution / 72, export.resolution / 72)
    try canvas.draw(scene.marks)
    try surface.flush()
    return surface
  }

  private func append(_ band: borrowing Surface, to file: borrowing PNGFile, _ palette: Palette?)
    throws
  {
    var row: [UInt8] = []
    row.reserveCapacity(4 * width)
    let isOpaque = scene.background?.alpha == 255
    var palette = palette
    try band.forEachRow { pixels in
      row.removeAll(keepingCapacity: true)
      for pixel in pixels {
        if let index = palette?.index(of: pixel) {
          row.append(index)
        } else {
          let color = pixel.color
          row.append(color.x)
          row.append(color.y)
          row.append(color.z)
          if !isOpaque { row.append(color.w) }
        }
      }
      try row.withUnsafeBufferPointer { try file.write(row: $0) }
    }
  }
}

/// The colours of a picture, at most 256, in order of appearance.
struct Palette {
  /// A pixel and its place in `colors` plus 1, or 0 where there is none: open addressing.
  private var table = [(pixel: UInt32, place: UInt16)](repeating: (0, 0), count: 1024)
  private var last: (pixel: UInt32, index: UInt8)?
  /// The colours: red, green, blue, opacity.
  private(set) var colors: [SIMD4<UInt8>] = []

  /// Collects the colours of an image; `nil` when there are more than 256.
  init?(_ surface: borrowing Surface) {
    var palette = Palette()
    var fits = true
    surface.forEachRow { pixels in
      for pixel in pixels where fits { fits = palette.insert(pixel) }
    }
    guard fits else { return nil }
    self = palette
  }

  private init() {}

  private mutating func insert(_ pixel: UInt32) -> Bool {
    if index(of: pixel) != nil { return true }
    guard colors.count < 256 else { return false }
    colors.append(pixel.color)
    table[slot(of: pixel)] = (pixel, UInt16(colors.count))
    return true
  }

  /// Where a pixel stands in the table, or would stand.
  private func slot(of pixel: UInt32) -> Int {
    var slot = Int((pixel &* 0x9e37_79b1) >> 22)
    while table[slot].place != 0, table[slot].pixel != pixel { slot = (slot + 1) % table.count }
    return slot
  }

  /// The place of a pixel's colour.
  mutating func index(of pixel: UInt32) -> UInt8? {
    if let last, last.pixel == pixel { return last.index }
    let place = table[slot(of: pixel)].place
    guard place != 0 else { return nil }
    let index = UInt8(place - 1)
    last = (pixel, index)
    return index
  }
}

extension UInt32 {
  /// The colour of one of Cairo's pixels, the opacity no longer multiplied in.
  var color: SIMD4<UInt8> {
    let alpha = self >> 24
    let plain = { (shift: UInt32) -> UInt8 in
      let channel = self >> shift & 255
      guard alpha != 255 else { return UInt8(channel) }
      return alpha == 0 ? 0 : UInt8(Swift.min(255, (channel * 255 + alpha / 2) / alpha))
    }
    return SIMD4(plain(16), plain(8), plain(0), UInt8(alpha))
  }
}
