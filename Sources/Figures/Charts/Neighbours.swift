/// The nearest vectors of a vocabulary to every token of a text, and to what became of it: what
/// context did.
public struct Neighbours: Figure {
  /// An entry of the vocabulary, and how near it is.
  public struct Neighbour: Equatable, Sendable {
    /// The entry.
    public var token: TokenLabel
    /// The cosine, from −1 to 1.
    public var cosine: Double
    /// Whether it is the token itself.
    public var isOwn: Bool

    /// Creates a neighbour.
    public init(_ token: TokenLabel, cosine: Double, isOwn: Bool = false) {
      self.token = token
      self.cosine = cosine
      self.isOwn = isOwn
    }
  }

  /// A token of the text.
  public struct Row: Equatable, Sendable {
    /// The token.
    public var token: TokenLabel
    /// The nearest entries before, the nearest first.
    public var before: [Neighbour]
    /// The nearest entries after.
    public var after: [Neighbour]

    /// Creates a row.
    public init(_ token: TokenLabel, before: [Neighbour], after: [Neighbour]) {
      self.token = token
      self.before = before
      self.after = after
    }
  }

  /// Its name in the catalogue.
  public static let name = "neighbours"

  /// The words around the picture. Where `summary` is empty, the figure writes one.
  public var caption: Caption
  /// What the first list compares: "before: its own word vector".
  public var beforeName: String
  /// What the second list compares: "after layer 5".
  public var afterName: String
  /// The tokens in reading order.
  public var rows: [Row]

  /// Creates a figure.
  public init(caption: Caption, beforeName: String, afterName: String, rows: [Row]) {
    self.caption = caption
    self.beforeName = beforeName
    self.afterName = afterName
    self.rows = rows
  }

  /// Lays the lists out.
  public func scene(in style: Style) -> Scene { NeighboursLayout(self, in: style).scene() }
}

extension Neighbours.Row {
  /// Whether an entry after was not among those before.
  func isNew(_ neighbour: Neighbours.Neighbour) -> Bool {
    !neighbour.isOwn && !before.contains { $0.token == neighbour.token }
  }
}

extension Neighbours {
  /// The picture in words.
  var summary: String {
    let rows = rows.prefix(6).map { row in
      "\(row.token.text): \(Self.list(row.before)); then \(Self.list(row.after))."
    }
    let more = self.rows.count > 6 ? " And \(self.rows.count - 6) more tokens." : ""
    return
      "The nearest entries of the vocabulary to each of \(NumberFormat.count(self.rows.count)) "
      + "tokens, \(beforeName) and \(afterName), by cosine. " + rows.joined(separator: " ") + more
  }

  private static func list(_ neighbours: [Neighbour]) -> String {
    neighbours.isEmpty
      ? "none"
      : neighbours.prefix(3).map { "\($0.token.text) \(cosine($0.cosine))" }
        .joined(separator: ", ")
  }

  /// A cosine: two decimals, without the leading zero. One that was computed is never known to be
  /// exactly 1.
  package static func cosine(_ value: Double) -> String {
    let size = min(value.magnitude, 1.0.nextDown)
    let text = NumberFormat.weight(value.isFinite ? size : value)
    guard value < 0 else { return text }
    // Just over −1 is below −.99, and just under 0 above −.01.
    if text.hasPrefix(">") { return "<−" + text.dropFirst() }
    return text.hasPrefix("<") ? ">−" + text.dropFirst() : "−" + text
  }
}
