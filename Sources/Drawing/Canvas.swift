import CCairo
import Figures

/// Draws marks with Cairo.
struct Canvas {
  /// What is drawn on.
  enum Medium {
    /// Pixels: text as outlines, so that it stands between pixels as exactly as on them; images
    /// on whole pixels.
    case pixels
    /// A page: text stays text; images are embedded.
    case page
  }

  /// Cairo's context.
  let context: OpaquePointer?
  /// The fonts.
  let typesetter: Typesetter
  /// What is drawn on.
  let medium: Medium

  /// Covers everything with a colour.
  func fill(_ background: Color) {
    set(background)
    cairo_paint(context)
  }

  /// Draws marks, bottom first.
  ///
  /// - Throws: `DrawingError` of kind `refused`.
  func draw(_ marks: [Mark]) throws {
    for mark in marks {
      switch mark {
      case .path(let path): draw(path)
      case .text(let text): try draw(text)
      case .image(let image): draw(image)
      case .group(let group): try draw(group)
      case .label(let label): try draw(label.marks)
      }
    }
  }

  private func draw(_ group: Group) throws {
    cairo_save(context)
    cairo_translate(context, group.origin.x, group.origin.y)
    if let clip = group.clip {
      trace(clip)
      cairo_clip(context)
    }
    try draw(group.marks)
    cairo_restore(context)
  }

  private func draw(_ path: Path) {
    trace(path.steps)
    if let fill = path.fill {
      set(fill)
      cairo_fill_preserve(context)
    }
    if let stroke = path.stroke {
      set(stroke.color)
      cairo_set_line_width(context, stroke.width)
      cairo_set_dash(context, stroke.visibleDash, Int32(stroke.visibleDash.count), 0)
      cairo_set_line_cap(context, stroke.isRound ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT)
      cairo_set_line_join(context, stroke.isRound ? CAIRO_LINE_JOIN_ROUND : CAIRO_LINE_JOIN_MITER)
      cairo_stroke_preserve(context)
    }
    cairo_new_path(context)
  }

  private func trace(_ steps: [Path.Step]) {
    cairo_new_path(context)
    for step in steps {
      switch step {
      case .move(let p): cairo_move_to(context, p.x, p.y)
      case .line(let p): cairo_line_to(context, p.x, p.y)
      case .curve(let a, let b, let p): cairo_curve_to(context, a.x, a.y, b.x, b.y, p.x, p.y)
      case .close: cairo_close_path(context)
      }
    }
  }

  private func draw(_ text: Text) throws {
    guard !text.string.isEmpty else { return }
    let line = typesetter.line(text.string, text.font)
    cairo_save(context)
    cairo_translate(context, text.position.x, text.position.y)
    cairo_rotate(context, text.rotation * .pi / 180)
    cairo_translate(context, -line.shift(text.alignment), 0)
    set(text.color)
    switch medium {
    case .page:
      for run in line.runs { try drawCharacters(run, of: line) }
    case .pixels:
      for run in line.runs { drawOutlines(run) }
    }
    cairo_restore(context)
  }

  /// Draws characters that can be selected. Pictures are drawn as images, for Cairo would make them
  /// of one pixel a point.
  private func drawCharacters(_ run: Line.Run, of line: borrowing Line) throws {
    guard run.isColored else {
      cairo_move_to(context, run.x, 0)
      pango_cairo_show_glyph_item(context, line.characters, run.item)
      return
    }
    for (info, origin) in run.placedGlyphs where info.glyph < glyphEmpty {
      guard let picture = try GlyphPicture.draw(info.glyph, run.font, size: line.size) else {
        continue
      }
      let scale = line.size / GlyphPicture.em
      cairo_save(context)
      cairo_translate(context, origin.x, origin.y)
      cairo_scale(context, scale, scale)
      let corner = picture.frame.origin
      cairo_set_source_surface(context, picture.surface.pointer, corner.x, corner.y)
      cairo_paint(context)
      cairo_restore(context)
    }
  }

  private func drawOutlines(_ run: Line.Run) {
    cairo_move_to(context, run.x, 0)
    if run.isColored {
      pango_cairo_show_glyph_string(context, run.font, run.glyphs)
    } else {
      pango_cairo_glyph_string_path(context, run.font, run.glyphs)
      cairo_fill(context)
    }
  }

  private func draw(_ image: Image) {
    switch medium {
    case .pixels: drawOnPixels(image)
    case .page: embed(image)
    }
  }

  /// Paints every pixel in the colour of its cell: no pixel is between two, so there is no seam.
  private func drawOnPixels(_ image: Image) {
    let (left, top) = devicePixel(image.frame.minX, image.frame.minY)
    let (right, bottom) = devicePixel(image.frame.maxX, image.frame.maxY)
    let size = (width: max(1, right - left), height: max(1, bottom - top))
    let target = cairo_get_target(context)
    let page = (
      width: Int(cairo_image_surface_get_width(target)),
      height: Int(cairo_image_surface_get_height(target))
    )
    let columns = Self.shown(size.width, from: left, of: page.width)
    let rows = Self.shown(size.height, from: top, of: page.height)
    guard !columns.isEmpty, !rows.isEmpty else { return }
    let surface = image.surface(
      columns: columns.map { cells(at: $0, of: size.width, among: image.columns) },
      rows: rows.map { cells(at: $0, of: size.height, among: image.rows) })
    cairo_save(context)
    cairo_identity_matrix(context)
    cairo_set_source_surface(
      context, surface.pointer, Double(left + columns.lowerBound), Double(top + rows.lowerBound))
    cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_NEAREST)
    cairo_paint(context)
    cairo_restore(context)
  }

  /// Which pixels of a side that begins at `start` are on a page, or on this band of it; none where
  /// it lies outside.
  private static func shown(_ length: Int, from start: Int, of page: Int) -> Range<Int> {
    let first = max(0, -start)
    return first..<max(first, min(length, page - start))
  }

  private func devicePixel(_ x: Double, _ y: Double) -> (Int, Int) {
    var (x, y) = (x, y)
    cairo_user_to_device(context, &x, &y)
    return (Int((x + 0.5).rounded(.down)), Int((y + 0.5).rounded(.down)))
  }

  private func embed(_ image: Image) {
    let factor = image.magnification
    let repeated = { (count: Int) in (0..<count * factor).map { $0 / factor..<$0 / factor + 1 } }
    let surface = image.surface(columns: repeated(image.columns), rows: repeated(image.rows))
    cairo_save(context)
    cairo_translate(context, image.frame.minX, image.frame.minY)
    cairo_scale(
      context, image.frame.size.width / Double(image.columns * factor),
      image.frame.size.height / Double(image.rows * factor))
    cairo_set_source_surface(context, surface.pointer, 0, 0)
    cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_NEAREST)
    cairo_paint(context)
    cairo_restore(context)
  }

  private func set(_ color: Color) {
    cairo_set_source_rgba(
      context, Double(color.red) / 255, Double(color.green) / 255, Double(color.blue) / 255,
      color.opacity)
  }
}

extension Path.Stroke {
  /// The dashes; none when they would all be empty.
  var visibleDash: [Double] { dash.contains { $0 > 0 } ? dash : [] }
}
