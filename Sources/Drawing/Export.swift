public import Figures

/// The kinds of file a scene can be drawn to.
public enum FileFormat: String, Sendable, CaseIterable {
  case png, svg, pdf
}

/// How a scene becomes a file.
public struct Export: Sendable {
  /// The kind of file.
  public var format: FileFormat
  /// Dots per inch; for PNG only.
  public var resolution: Double
  /// What the picture was made from: one JSON object, serialised. PNG keeps it in an `iTXt` chunk
  /// named `attnviz`, SVG in `<metadata>`, PDF in the Keywords of its Info.
  public var provenance: String?
  /// Leaves the scene's background out.
  public var isTransparent: Bool

  /// Creates options.
  public init(
    _ format: FileFormat, resolution: Double = 192, provenance: String? = nil,
    isTransparent: Bool = false
  ) {
    self.format = format
    self.resolution = resolution
    self.provenance = provenance
    self.isTransparent = isTransparent
  }
}

extension Scene {
  /// Draws the scene: the bytes of a file, equal for equal scenes, options and fonts, whatever
  /// was drawn before.
  ///
  /// May be called from several threads; they take turns.
  ///
  /// - Throws: `DrawingError`.
  public func data(_ export: Export) throws -> [UInt8] {
    try check()
    var scene = self
    if export.isTransparent { scene.background = nil }
    return try Typesetter.withShared { typesetter in
      guard typesetter.hasFonts else {
        throw DrawingError(
          .noFonts,
          "there is no font on this machine; on Debian and Ubuntu: apt-get install fonts-inter fonts-stix"
        )
      }
      return switch export.format {
      case .png: try PNGRenderer(scene, export, typesetter).data()
      case .svg: try SVGWriter(typesetter).data(scene, provenance: export.provenance)
      case .pdf: try PDFRenderer(scene, export, typesetter).data()
      }
    }
  }
}
