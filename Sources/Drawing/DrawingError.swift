/// What went wrong while drawing: what, where, and what to do about it.
public struct DrawingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The kind of failure; the command line maps it to an exit code.
  public enum Kind: Sendable {
    /// The scene cannot be drawn: a number is not finite, an image lacks a colour.
    case badScene
    /// The picture has more pixels than the surface can hold.
    case tooLarge
    /// The folder of fonts has none that can be used.
    case noFonts
    /// The bytes are no PNG, SVG or PDF, or a broken one.
    case badFile
    /// A drawing library refused; its own words follow.
    case refused
  }

  /// The kind of failure.
  public var kind: Kind
  /// One line: what, where, what to do.
  public var description: String

  /// Creates an error.
  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
