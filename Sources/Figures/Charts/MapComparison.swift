/// Maps of two runs side by side, on one scale and each with its own tokens.
public struct MapComparison: Figure {
  /// Its name in the catalogue: a heatmap of two runs.
  public static let name = "heatmap"

  /// The words around the picture.
  public var caption: Caption
  /// Both maps.
  public var sheet: MapSheet

  /// Creates the figure.
  public init(caption: Caption, sheet: MapSheet) {
    self.caption = caption
    self.sheet = sheet
  }

  /// Lays the maps out.
  public func scene(in style: Style) -> Scene { MapSheetLayout(sheet, caption, in: style).scene() }
}
