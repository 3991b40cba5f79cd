import CCairo
import CPNG
import CZlib

/// The libraries that draw.
public enum DrawingLibraries {
  /// Each with the version that is in use, which may be another one than it was built with.
  public static var versions: [(name: String, version: String)] {
    let fontconfig = Int(FcGetVersion())
    return [
      ("Cairo", String(cString: cairo_version_string())),
      ("Pango", String(cString: pango_version_string())),
      ("fontconfig", "\(fontconfig / 10000).\(fontconfig / 100 % 100).\(fontconfig % 100)"),
      ("libpng", String(cString: cpng_version())),
      ("zlib", String(cString: zlibVersion())),
    ]
  }
}
