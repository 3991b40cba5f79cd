import CCairo
import Figures

/// The glyphs of an SVG, each written once and used by number, in order of appearance.
///
/// All are in units of 1/2048 em, so that one outline serves every size.
struct GlyphLibrary {
  /// The em of the outlines.
  static let em = 2048.0

  private struct Key: Hashable {
    var font: UnsafeMutablePointer<PangoFont>
    var glyph: UInt32
  }

  /// The glyphs so far, as SVG.
  private(set) var definitions = ""
  private var numbers: [Key: Int?] = [:]
  private var known: [String: Int] = [:]

  /// The `<use>` elements that draw a line with its start at the origin; writes glyphs that are
  /// new.
  mutating func uses(_ line: borrowing Line) throws -> String {
    let units = Self.em / line.size
    var result = ""
    for run in line.runs {
      for (info, origin) in run.placedGlyphs {
        guard let number = try number(of: info, in: run, size: line.size) else { continue }
        result += "<use xlink:href=\"#\(SVGWriter.prefix)-g\(number)\""
        result +=
          Self.attribute("x", origin.x * units) + Self.attribute("y", origin.y * units) + "/>"
      }
    }
    return result
  }

  private static func attribute(_ name: String, _ value: Double) -> String {
    let number = XML.number(value, decimals: 0)
    return number == "0" ? "" : " \(name)=\"\(number)\""
  }

  /// The number of a glyph, written now if it is new; `nil` for a glyph without ink.
  private mutating func number(
    of info: PangoGlyphInfo, in run: Line.Run, size: Double
  ) throws -> Int? {
    guard info.glyph != glyphEmpty else { return nil }
    guard info.glyph & glyphUnknown == 0 else {
      return define(Self.box(width: Double(info.geometry.width) / pangoScale / size * Self.em))
    }
    let key = Key(font: run.font, glyph: info.glyph)
    if let number = numbers[key] { return number }
    let shape =
      run.isColored
      ? try Self.picture(run.font, info.glyph, size) : Self.outline(run.font, info.glyph, size)
    let number = shape.map { define($0) }
    numbers[key] = .some(number)
    return number
  }

  private mutating func define(_ shape: String) -> Int {
    if let number = known[shape] { return number }
    let number = known.count
    known[shape] = number
    let end = shape.firstIndex(of: " ") ?? shape.endIndex
    definitions += shape[..<end] + " id=\"\(SVGWriter.prefix)-g\(number)\"" + shape[end...] + "\n"
    return number
  }

  /// An empty box: the character has no font.
  private static func box(width: Double) -> String {
    let (side, height) = (XML.number(width * 0.8, decimals: 0), 1400)
    let left = XML.number(width * 0.1, decimals: 0)
    return "<path fill=\"none\" stroke=\"#888\" stroke-width=\"100\""
      + " d=\"M\(left) 0v-\(height)h\(side)v\(height)z\"/>"
  }

  private static func outline(
    _ font: UnsafeMutablePointer<PangoFont>, _ glyph: UInt32, _ size: Double
  ) -> String? {
    let scratch = Surface(width: 1, height: 1)
    scratch.select(font, scale: em / size)
    var placed = cairo_glyph_t(index: UInt(glyph), x: 0, y: 0)
    cairo_glyph_path(scratch.context, &placed, 1)
    guard let path = cairo_copy_path(scratch.context) else { return nil }
    defer { cairo_path_destroy(path) }
    let data = UnsafeBufferPointer(start: path.pointee.data, count: Int(path.pointee.num_data))
    let steps = Self.steps(data)
    return steps.isEmpty ? nil : "<path d=\"\(steps)\"/>"
  }

  private static func steps(_ data: UnsafeBufferPointer<cairo_path_data_t>) -> String {
    var result = ""
    var index = 0
    while index < data.count {
      let header = data[index].header
      let points = data[index..<index + Int(header.length)].dropFirst().map {
        "\(XML.number($0.point.x, decimals: 0)) \(XML.number($0.point.y, decimals: 0))"
      }
      let isLast = index + Int(header.length) >= data.count
      switch header.type {
      case CAIRO_PATH_MOVE_TO: result += isLast ? "" : "M" + points.joined()
      case CAIRO_PATH_LINE_TO: result += "L" + points.joined()
      case CAIRO_PATH_CURVE_TO: result += "C" + points.joined(separator: " ")
      default: result += "Z"
      }
      index += Int(header.length)
    }
    return result
  }

  /// A glyph that is a picture, as an image.
  private static func picture(
    _ font: UnsafeMutablePointer<PangoFont>, _ glyph: UInt32, _ size: Double
  ) throws -> String? {
    guard let picture = try GlyphPicture.draw(glyph, font, size: size) else { return nil }
    let frame = picture.frame
    let numbers = [frame.minX, frame.minY, frame.size.width, frame.size.height]
      .map { XML.number($0 * em / GlyphPicture.em, decimals: 0) }
    let data = base64(try picture.surface.png())
    return "<image x=\"\(numbers[0])\" y=\"\(numbers[1])\" width=\"\(numbers[2])\""
      + " height=\"\(numbers[3])\" style=\"image-rendering:auto\""
      + " xlink:href=\"data:image/png;base64,\(data)\"/>"
  }
}
