/// The recorded scores of one head, softmaxed under several masks.
public struct Masks: Figure {
  /// Its name in the catalogue.
  public static let name = "masks"

  /// The words around the picture.
  public var caption: Caption
  /// One map for each mask.
  public var sheet: MapSheet

  /// Creates the figure.
  public init(caption: Caption, sheet: MapSheet) {
    self.caption = caption
    self.sheet = sheet
  }

  /// Lays the maps out.
  public func scene(in style: Style) -> Scene { MapSheetLayout(sheet, caption, in: style).scene() }
}
