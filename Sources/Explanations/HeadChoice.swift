internal import Analysis
public import Figures
public import Transformers

/// Which head to show, and how it was chosen.
public struct HeadChoice: Sendable, Equatable {
  /// The layer.
  public let layer: Int
  /// The head.
  public let head: Int
  /// The token whose row matters, when the choice was made for one.
  public let focus: Int?
  /// A finding for a title, when the head was chosen for a link.
  public let title: String?
  /// How the head was chosen, and from how many, for the figure's notes.
  public let words: [Inline]
  /// The link that the head was chosen for, in a few words.
  let fact: String

  /// Takes the layer and head that are given; what is left open goes to the head whose strongest
  /// link has the largest share of what its layer brings.
  ///
  /// - Parameters:
  ///   - layer: The layer.
  ///   - head: The head.
  ///   - run: A run that recorded the weights and values of every layer, unless both layer and head
  ///     are given.
  ///   - transformer: Its model, for the strength of links; `nil` for a recording alone.
  ///   - isOutlined: Whether the figure outlines the row the head was chosen for, and says so.
  /// - Throws: `ModelError` when the model has no such layer or head.
  public init(
    layer: Int?, head: Int?, _ run: Run, _ transformer: Transformer?, isOutlined: Bool = true
  ) throws {
    let shape = run.configuration
    let layers = run.origin?.layers[run.stack] ?? Array(0..<shape.layers)
    try run.check(layer: layer ?? layers.first ?? 0, head: head ?? 0)
    let all = layers.count * shape.heads
    if let layer, let head {
      self.init(layer, head, "L\(layer)H\(head) was asked for, one of \(all) heads.")
      return
    }
    guard let story = Story(run, of: transformer) else {
      throw run.missing(.weights)
    }
    let links = story.links.filter {
      $0.layer == layer ?? $0.layer && $0.head == head ?? $0.head
    }
    guard let link = links.first else {
      self.init(
        layer ?? layers.first ?? 0, head ?? 0,
        "Head 0 stands for all: none links two ordinary tokens.")
      return
    }
    self.init(
      link.layer, link.head, focus: link.query, title: story.finding(link),
      words: story.choice(
        of: link, among: links, lead: isOutlined ? "Outlined row: " : ""),
      fact: story.fact(of: link, among: links))
  }

  init(
    _ layer: Int, _ head: Int, focus: Int?, title: String?, words: [Inline], fact: String
  ) {
    self.layer = layer
    self.head = head
    self.focus = focus
    self.title = title
    self.words = words
    self.fact = fact
  }

  private init(_ layer: Int, _ head: Int, _ words: String) {
    self.init(
      layer, head, focus: nil, title: nil, words: [.text(words)],
      fact: words.hasSuffix(".") ? String(words.dropLast()) : words)
  }
}
