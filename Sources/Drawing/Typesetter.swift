import CCairo
import Figures
import Synchronization

/// The fonts and how text is laid out with them, set up once for the process.
///
/// The same layout is measured and drawn: no hinting, positions that are not rounded, absolute
/// sizes, so that a text is as wide on every surface as it was measured.
///
/// Sendable by contract: only `withShared` hands it out, to one thread at a time.
final class Typesetter: @unchecked Sendable {
  private static let shared = Mutex<Typesetter?>(nil)

  private let map: UnsafeMutablePointer<PangoFontMap>
  private let context: OpaquePointer
  private let features: OpaquePointer?
  private var descriptions: [Font: OpaquePointer] = [:]
  private var extents: [Font: TextMeasure.Extents] = [:]
  private var measured: [Words: TextMeasure.Extents] = [:]

  /// A text in a font.
  private struct Words: Hashable {
    let string: String
    let font: Font
  }

  /// So many texts are remembered: paragraphs are broken at one width after the other.
  private static let mostMeasured = 8192

  /// Runs `body` with the process's typesetter; other threads wait.
  static func withShared<Result: Sendable>(
    _ body: (Typesetter) throws -> Result
  ) rethrows -> Result {
    try shared.withLock { typesetter in
      let current = typesetter ?? Typesetter(fonts: nil)
      typesetter = current
      return try body(current)
    }
  }

  /// Takes the fonts of `folder` alone from now on; `nil` takes the system's.
  static func use(folder: String?) throws {
    let fonts = try folder.map(FontFolder.init)
    shared.withLock { $0 = Typesetter(fonts: fonts) }
  }

  private init(fonts: FontFolder?) {
    map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT)
    if let fonts { pango_fc_font_map_set_config(OpaquePointer(map), fonts.configuration) }
    context = pango_font_map_create_context(map)
    features = pango_attr_list_new()
    pango_attr_list_insert(features, pango_attr_font_features_new("tnum=1"))
    pango_context_set_language(context, pango_language_from_string("en"))
    pango_context_set_round_glyph_positions(context, 0)
    let options = cairo_font_options_create()
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    pango_cairo_context_set_font_options(context, options)
    cairo_font_options_destroy(options)
  }

  deinit {
    for description in descriptions.values { pango_font_description_free(description) }
    pango_attr_list_unref(features)
    g_object_unref(gpointer(context))
    g_object_unref(gpointer(map))
  }

  /// Lays one line of text out.
  func line(_ string: String, _ font: Font) -> Line {
    let layout = pango_layout_new(context)
    pango_layout_set_single_paragraph_mode(layout, 1)
    // What begins with an isolated word is a text of ours around words of any direction.
    if string.unicodeScalars.first == "\u{2068}" { pango_layout_set_auto_dir(layout, 0) }
    pango_layout_set_font_description(layout, description(font))
    if font.family == .text { pango_layout_set_attributes(layout, features) }
    pango_layout_set_text(layout, string.printable, -1)
    return Line(layout: layout, size: font.size)
  }

  /// How wide and tall a line of text is: its advance, and the font's own height, more where the
  /// ink reaches further. So lines in one font share their height unless a sign would leave it.
  func measure(_ string: String, _ font: Font) -> TextMeasure.Extents {
    let usual = usualExtents(font)
    guard !string.isEmpty else {
      return TextMeasure.Extents(width: 0, ascent: usual.ascent, descent: usual.descent)
    }
    let words = Words(string: string, font: font)
    if let known = measured[words] { return known }
    let line = line(string, font)
    let ink = line.ink
    let result = TextMeasure.Extents(
      width: line.width, ascent: max(usual.ascent, -ink.minY),
      descent: max(usual.descent, ink.maxY))
    if measured.count >= Self.mostMeasured { measured.removeAll(keepingCapacity: true) }
    measured[words] = result
    return result
  }

  /// The name of the family that stands for `font`.
  func family(_ font: Font) -> String { family(description(font)) ?? "none" }

  /// Whether there is any font.
  var hasFonts: Bool { family(description(Font(size: 12))) != nil }

  /// Whether a family of this name is there.
  func has(_ family: String) -> Bool {
    let description = pango_font_description_new()
    defer { pango_font_description_free(description) }
    pango_font_description_set_family(description, family)
    return self.family(description)?.lowercased() == family.lowercased()
  }

  private func family(_ description: OpaquePointer?) -> String? {
    guard let loaded = pango_context_load_font(context, description) else { return nil }
    defer { g_object_unref(gpointer(loaded)) }
    let found = pango_font_describe(loaded)
    defer { pango_font_description_free(found) }
    return pango_font_description_get_family(found).map { String(cString: $0) }
  }

  private func usualExtents(_ font: Font) -> TextMeasure.Extents {
    if let known = extents[font] { return known }
    let height = line("x", font).logical
    let result = TextMeasure.Extents(width: 0, ascent: -height.minY, descent: height.maxY)
    extents[font] = result
    return result
  }

  private func description(_ font: Font) -> OpaquePointer? {
    if let known = descriptions[font] { return known }
    let description = pango_font_description_new()
    pango_font_description_set_family(description, font.family.names)
    pango_font_description_set_weight(
      description, PangoWeight(rawValue: UInt32(font.weight.rawValue)))
    if font.family == .variable {
      pango_font_description_set_style(description, PANGO_STYLE_ITALIC)
    }
    pango_font_description_set_absolute_size(description, font.size * Double(PANGO_SCALE))
    descriptions[font] = description
    return description
  }
}

extension Font.Family {
  /// Families in order of preference. Never an emoji font: some viewers take the digits from it.
  var names: String {
    switch self {
    case .text: "Inter,Noto Sans,DejaVu Sans,sans-serif"
    case .formula, .variable: "STIXGeneral,STIX Two Text,DejaVu Serif,serif"
    case .cells: "DejaVu Sans Mono,Noto Sans Mono,monospace"
    }
  }
}

extension String {
  /// The text with a replacement sign for what has no shape: control characters would end the
  /// text, break the line or vanish.
  fileprivate var printable: String {
    let isControl = { (scalar: Unicode.Scalar) in
      scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value)
    }
    guard unicodeScalars.contains(where: isControl) else { return self }
    return String(
      String.UnicodeScalarView(unicodeScalars.map { isControl($0) ? "\u{FFFD}" : $0 }))
  }
}
