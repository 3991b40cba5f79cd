import CCairo

/// The fonts of one folder and no others.
final class FontFolder {
  let configuration: OpaquePointer

  /// - Throws: `DrawingError` of kind `noFonts` when no font is there.
  init(_ folder: String) throws {
    guard let configuration = FcConfigCreate() else {
      throw DrawingError(.refused, "fontconfig cannot be set up")
    }
    self.configuration = configuration
    let isRead = folder.withCString { path in
      path.withMemoryRebound(to: FcChar8.self, capacity: folder.utf8.count + 1) {
        FcConfigAppFontAddDir(configuration, $0)
      }
    }
    let count = FcConfigGetFonts(configuration, FcSetApplication)?.pointee.nfont ?? 0
    guard isRead != 0, count > 0 else {
      throw DrawingError(.noFonts, "\(folder): no font is here; name a folder of .ttf or .otf files")
    }
  }

  deinit { FcConfigDestroy(configuration) }
}
