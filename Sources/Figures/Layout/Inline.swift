/// A piece of a line: words or a formula.
public enum Inline: Equatable, Sendable, ExpressibleByStringInterpolation {
  /// Words; a space at an end keeps the next piece at a distance.
  case text(String)
  /// A formula, never broken.
  case formula(Formula)

  /// Creates words.
  public init(stringLiteral value: String) { self = .text(value) }
}
