import CCairo
import Figures

/// A glyph that is a picture with its own colours (emoji), in as many pixels as its font has.
struct GlyphPicture: ~Copyable {
  /// The em, in pixels.
  static let em = 136.0

  /// The pixels.
  let surface: Surface
  /// Where the pixels stand, in pixels from the glyph's origin.
  let frame: Rectangle

  /// Draws a glyph of a font that was loaded at `size`.
  ///
  /// - Returns: `nil` for a glyph without ink.
  /// - Throws: `DrawingError` of kind `refused`.
  static func draw(
    _ glyph: UInt32, _ font: UnsafeMutablePointer<PangoFont>, size: Double
  ) throws -> GlyphPicture? {
    let scratch = Surface(width: 1, height: 1)
    scratch.select(font, scale: em / size)
    var placed = cairo_glyph_t(index: UInt(glyph), x: 0, y: 0)
    var extents = cairo_text_extents_t()
    cairo_glyph_extents(scratch.context, &placed, 1, &extents)
    let (width, height) = (extents.width.rounded(.up), extents.height.rounded(.up))
    guard (1...1024).contains(width), (1...1024).contains(height) else { return nil }
    let surface = Surface(width: Int(width), height: Int(height))
    surface.select(font, scale: em / size)
    (placed.x, placed.y) = (-extents.x_bearing, -extents.y_bearing)
    cairo_show_glyphs(surface.context, &placed, 1)
    try surface.flush()
    surface.nameByPixels()
    let frame = Rectangle(
      x: extents.x_bearing, y: extents.y_bearing, width: width, height: height)
    return GlyphPicture(surface: surface, frame: frame)
  }
}

extension Surface {
  /// Makes the pixels the name of an image, so that a PDF has images that are equal only once.
  fileprivate func nameByPixels() {
    let count = Int(
      cairo_image_surface_get_stride(pointer) * cairo_image_surface_get_height(pointer))
    guard let pixels = cairo_image_surface_get_data(pointer) else { return }
    let name = UnsafeMutablePointer<UInt8>.allocate(capacity: count)
    name.initialize(from: pixels, count: count)
    cairo_surface_set_mime_data(
      pointer, CAIRO_MIME_TYPE_UNIQUE_ID, name, UInt(count), { $0?.deallocate() }, name)
  }

  /// Selects a font of Pango's, made larger.
  func select(_ font: UnsafeMutablePointer<PangoFont>, scale: Double) {
    let scaled = pango_cairo_font_get_scaled_font(OpaquePointer(font))
    var original = cairo_matrix_t()
    cairo_scaled_font_get_font_matrix(scaled, &original)
    var enlarge = cairo_matrix_t()
    cairo_matrix_init_scale(&enlarge, scale, scale)
    var matrix = cairo_matrix_t()
    cairo_matrix_multiply(&matrix, &original, &enlarge)
    let options = cairo_font_options_create()
    cairo_scaled_font_get_font_options(scaled, options)
    cairo_set_font_face(context, cairo_scaled_font_get_font_face(scaled))
    cairo_set_font_matrix(context, &matrix)
    cairo_set_font_options(context, options)
    cairo_font_options_destroy(options)
  }
}
