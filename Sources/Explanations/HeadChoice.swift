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
  /// How the head was chosen, and from how many, for the figure's notes.
  public let words: [Inline]

  /// Takes the layer and head that are given; what is left open goes to the head whose strongest
  /// link carries most.
  ///
  /// - Throws: `ModelError` when the model has no such layer or head.
  public init(layer: Int?, head: Int?, _ run: Run, _ transformer: Transformer) throws {
    let shape = run.configuration
    try shape.check(layer: layer ?? 0, head: head ?? 0)
    if let layer, let head {
      (self.layer, self.head, focus) = (layer, head, nil)
      words = [
        .text("L\(layer)H\(head) was asked for, one of \(shape.layers * shape.heads) heads.")
      ]
      return
    }
    let story = Story(run, of: transformer)
    let link = story?.links.first {
      $0.layer == layer ?? $0.layer && $0.head == head ?? $0.head
    }
    guard let story, let link else {
      (self.layer, self.head, focus) = (layer ?? 0, head ?? 0, nil)
      words = [
        .text(
          "The first of \(shape.layers * shape.heads) heads: none links two ordinary tokens.")
      ]
      return
    }
    (self.layer, self.head, focus) = (link.layer, link.head, link.query)
    words = story.choice(of: link)
  }
}
