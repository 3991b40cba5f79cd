import CCairo
import Figures

/// One line of text, laid out. Distances are in points, from the start of the baseline; y runs
/// down.
struct Line: ~Copyable {
  private let layout: OpaquePointer?
  /// The em.
  let size: Double

  init(layout: OpaquePointer?, size: Double) {
    self.layout = layout
    self.size = size
  }

  deinit { g_object_unref(gpointer(layout)) }

  /// Pango's line; valid as long as this value.
  var pointer: UnsafeMutablePointer<PangoLayoutLine>? { pango_layout_get_line_readonly(layout, 0) }

  /// The advance from end to end.
  var width: Double { logical.size.width }

  /// The advance, and the heights of the fonts in use.
  var logical: Rectangle {
    var rectangle = PangoRectangle()
    pango_layout_line_get_extents(pointer, nil, &rectangle)
    return Rectangle(rectangle)
  }

  /// What is covered by ink.
  var ink: Rectangle {
    var rectangle = PangoRectangle()
    pango_layout_line_get_extents(pointer, &rectangle, nil)
    return Rectangle(rectangle)
  }

  /// Whether the text as a whole reads from right to left.
  var isRightToLeft: Bool {
    pango_layout_line_get_resolved_direction(pointer) == PANGO_DIRECTION_RTL
  }

  /// How far the line moves to the left so that the alignment's anchor stands at its origin.
  func shift(_ alignment: Text.Alignment) -> Double {
    switch alignment {
    case .start: 0
    case .middle: width / 2
    case .end: width
    }
  }

  /// The characters, as UTF-8 that ends with a zero; valid as long as this value.
  var characters: UnsafePointer<CChar>? { pango_layout_get_text(layout) }

  /// A stretch in one font; `x` is where it starts.
  struct Run {
    /// Pango's form of the run; valid as long as the line.
    var item: UnsafeMutablePointer<PangoGlyphItem>
    var font: UnsafeMutablePointer<PangoFont>
    var glyphs: UnsafeMutablePointer<PangoGlyphString>
    /// The characters: a range of the text's UTF-8 bytes.
    var bytes: Range<Int>
    var x: Double

    /// Whether the font's glyphs are pictures with their own colours.
    var isColored: Bool {
      var value: FcBool = 0
      let pattern = pango_fc_font_get_pattern(
        UnsafeMutableRawPointer(font).assumingMemoryBound(to: PangoFcFont.self))
      return FcPatternGetBool(pattern, FC_COLOR, 0, &value) == FcResultMatch && value != 0
    }

    /// The glyphs, each with its origin.
    var placedGlyphs: [(info: PangoGlyphInfo, origin: Point)] {
      var x = self.x
      return (0..<Int(glyphs.pointee.num_glyphs)).map { index in
        let info = glyphs.pointee.glyphs[index]
        let origin = Point(
          x + Double(info.geometry.x_offset) / pangoScale,
          Double(info.geometry.y_offset) / pangoScale)
        x += Double(info.geometry.width) / pangoScale
        return (info, origin)
      }
    }
  }

  /// The stretches, from left to right; none where the machine has no font at all.
  var runs: [Run] {
    var result: [Run] = []
    var x: Int32 = 0
    var node = pointer?.pointee.runs
    while let element = node?.pointee {
      if let run = element.data?.assumingMemoryBound(to: PangoGlyphItem.self) {
        let item = run.pointee
        let start = Int(item.item.pointee.offset)
        if let font = item.item.pointee.analysis.font {
          result.append(
            Run(
              item: run, font: font, glyphs: item.glyphs,
              bytes: start..<start + Int(item.item.pointee.length), x: Double(x) / pangoScale))
        }
        x += pango_glyph_string_get_width(item.glyphs)
      }
      node = element.next
    }
    return result
  }

  /// The characters no font has, in order.
  var missing: [Unicode.Scalar] {
    guard pango_layout_get_unknown_glyphs_count(layout) > 0 else { return [] }
    let words = String(cString: pango_layout_get_text(layout))
    let (text, runs) = (Array(words.utf8), self.runs)
    guard !runs.isEmpty else { return Array(words.unicodeScalars) }
    return runs.flatMap { run -> [Unicode.Scalar] in
      (0..<Int(run.glyphs.pointee.num_glyphs)).flatMap { index -> [Unicode.Scalar] in
        guard run.glyphs.pointee.glyphs[index].glyph & glyphUnknown != 0,
          run.glyphs.pointee.glyphs[index].glyph != glyphEmpty
        else { return [] }
        let first = run.bytes.lowerBound + Int(run.glyphs.pointee.log_clusters[index])
        guard first < text.count else { return [] }
        return String(decoding: text[first...], as: UTF8.self).unicodeScalars.prefix(1).map(\.self)
      }
    }
  }
}

/// Pango's units in a point.
let pangoScale = Double(PANGO_SCALE)
/// Marks a glyph that stands for a character without a font (`PANGO_GLYPH_UNKNOWN_FLAG`).
let glyphUnknown: UInt32 = 0x1000_0000
/// A glyph without ink (`PANGO_GLYPH_EMPTY`).
let glyphEmpty: UInt32 = 0x0FFF_FFFF

extension Rectangle {
  fileprivate init(_ rectangle: PangoRectangle) {
    self.init(
      x: Double(rectangle.x) / pangoScale, y: Double(rectangle.y) / pangoScale,
      width: Double(rectangle.width) / pangoScale, height: Double(rectangle.height) / pangoScale)
  }
}
