/// The same products q·k divided by several numbers, softmaxed, with each row's entropy.
public struct Scaling: Figure {
  /// Its name in the catalogue.
  public static let name = "scaling"

  /// The words around the picture.
  public var caption: Caption
  /// One map for each divisor, with the entropies of its rows.
  public var sheet: MapSheet

  /// Creates the figure.
  public init(caption: Caption, sheet: MapSheet) {
    self.caption = caption
    self.sheet = sheet
  }

  /// Lays the maps out.
  public func scene(in style: Style) -> Scene { MapSheetLayout(sheet, caption, in: style).scene() }
}
