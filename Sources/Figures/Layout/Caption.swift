/// The words around a picture. All of them come from the caller: a figure adds only what it did
/// itself (labels thinned or shortened, cells left blank, values that are not numbers).
public struct Caption: Equatable, Sendable {
  /// What is shown, or a finding made from the numbers.
  public var title: String
  /// One line: model, layer and head, transform.
  public var subtitle: [Inline]
  /// A transform that must not be missed ("position 0 removed, rows renormalised"), on a plate.
  public var badge: String?
  /// Paragraphs under the picture: what was picked, what was left out.
  public var notes: [[Inline]]
  /// Where the numbers come from: the last paragraph.
  public var provenance: [Inline]
  /// What the figure shows, for people who cannot see it.
  public var summary: String

  /// Creates a caption.
  public init(
    title: String, subtitle: [Inline] = [], badge: String? = nil, notes: [[Inline]] = [],
    provenance: [Inline] = [], summary: String = ""
  ) {
    self.title = title
    self.subtitle = subtitle
    self.badge = badge
    self.notes = notes
    self.provenance = provenance
    self.summary = summary
  }
}
