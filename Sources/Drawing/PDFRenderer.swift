import CCairo
import Figures

/// Draws a scene as a PDF of one page.
struct PDFRenderer {
  private let scene: Scene
  private let export: Export
  private let typesetter: Typesetter

  init(_ scene: Scene, _ export: Export, _ typesetter: Typesetter) {
    (self.scene, self.export, self.typesetter) = (scene, export, typesetter)
  }

  /// The file. Its date is fixed, so that equal scenes make equal files; its version is 1.4, which
  /// every publisher takes and which keeps the Info in plain sight.
  func data() throws -> [UInt8] {
    let sink = ByteSink()
    let surface = Surface(
      cairo_pdf_surface_create_for_stream(
        { handle, bytes, count in
          ByteSink.append(handle, bytes, Int(count))
          return CAIRO_STATUS_SUCCESS
        }, sink.handle, scene.size.width, scene.size.height))
    cairo_pdf_surface_restrict_to_version(surface.pointer, CAIRO_PDF_VERSION_1_4)
    for (field, text) in information where !text.isEmpty {
      cairo_pdf_surface_set_metadata(surface.pointer, field, text)
    }
    let canvas = Canvas(context: surface.context, typesetter: typesetter, medium: .page)
    if let background = scene.background { canvas.fill(background) }
    try canvas.draw(scene.marks)
    try surface.finish()
    return sink.bytes
  }

  private var information: [(cairo_pdf_metadata_t, String)] {
    [
      (CAIRO_PDF_METADATA_TITLE, scene.title),
      (CAIRO_PDF_METADATA_SUBJECT, scene.summary),
      (CAIRO_PDF_METADATA_KEYWORDS, export.provenance ?? ""),
      (CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z"),
    ]
  }
}
