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
    _ = Self.withBytes(Self.rules) { FcConfigParseAndLoadFromMemory(configuration, $0, 1) }
    let isRead = Self.withBytes(folder) { FcConfigAppFontAddDir(configuration, $0) }
    let count = FcConfigGetFonts(configuration, FcSetApplication)?.pointee.nfont ?? 0
    guard isRead != 0, count > 0 else {
      throw DrawingError(
        .noFonts, "\(folder): no font is here; name a folder of .ttf or .otf files")
    }
  }

  deinit { FcConfigDestroy(configuration) }

  /// Where fontconfig remembers what it read, and that fonts made of pixels (emoji) are scaled to
  /// the size asked for.
  private static let rules = """
    <?xml version="1.0"?>
    <fontconfig>
      <cachedir prefix="xdg">fontconfig</cachedir>
      <match target="font">
        <test name="outline"><bool>false</bool></test>
        <edit name="pixelsizefixupfactor" mode="assign">
          <divide><name target="pattern">pixelsize</name><name target="font">pixelsize</name></divide>
        </edit>
        <edit name="matrix" mode="assign">
          <times>
            <name>matrix</name>
            <matrix>
              <name>pixelsizefixupfactor</name><double>0</double>
              <double>0</double><name>pixelsizefixupfactor</name>
            </matrix>
          </times>
        </edit>
      </match>
    </fontconfig>
    """

  private static func withBytes(
    _ text: String, _ body: (UnsafePointer<FcChar8>) -> FcBool
  ) -> FcBool {
    text.withCString { pointer in
      pointer.withMemoryRebound(to: FcChar8.self, capacity: text.utf8.count + 1) { body($0) }
    }
  }
}
