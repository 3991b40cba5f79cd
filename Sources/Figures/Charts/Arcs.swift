/// Where tokens look, as lines: from one token as arcs over the sentence, or from all as lines
/// between two rails. Lines are as wide as their weights, and have the colours of their heads.
public struct Arcs: Figure {
  /// How tokens are laid out.
  public enum Layout: String, Sendable, CaseIterable {
    /// One row of tokens, arcs over it, a table of every weight under it.
    case arcs
    /// Queries at the left, keys at the right.
    case rails
  }

  /// One head.
  public struct Head: Equatable, Sendable {
    /// "L3H5".
    public var name: String
    /// The weights: of the focused token's row for arcs, of all rows for rails.
    public var weights: [Double]

    /// Creates a head.
    public init(name: String, weights: [Double]) {
      self.name = name
      self.weights = weights
    }
  }

  /// Its name in the catalogue.
  public static let name = "arcs"
  /// How many heads have colours of their own.
  public static let mostHeads = HeadColors.count

  /// The words around the picture.
  public var caption: Caption
  /// The tokens in order.
  public var tokens: [TokenLabel]
  /// The heads that are shown.
  public var heads: [Head]
  /// The token that looks; with rails, all look when it is `nil`.
  public var focus: Int?
  /// How tokens are laid out.
  public var layout: Layout
  /// Weights below it are counted and not drawn.
  public var threshold: Double
  /// Which tokens the focused one may not look at: hatched in the table; `nil` for none.
  public var mask: [Bool]?

  /// Creates the figure.
  ///
  /// - Parameters:
  ///   - caption: The words around the picture.
  ///   - tokens: The tokens in order.
  ///   - heads: One to `mostHeads`, each with a weight for every token (arcs) or pair (rails).
  ///   - focus: The token that looks, required for arcs.
  ///   - layout: How tokens are laid out.
  ///   - threshold: Weights below it are counted and not drawn.
  ///   - mask: Which tokens the focused one may not look at: hatched in the table; `nil` for none.
  public init(
    caption: Caption, tokens: [TokenLabel], heads: [Head], focus: Int?, layout: Layout,
    threshold: Double, mask: [Bool]? = nil
  ) {
    let count = tokens.count * (layout == .arcs ? 1 : tokens.count)
    precondition((1...Self.mostHeads).contains(heads.count), "\(heads.count) heads")
    precondition(heads.allSatisfy { $0.weights.count == count }, "a weight is missing")
    precondition(focus.map(tokens.indices.contains) ?? (layout == .rails), "no token looks")
    self.caption = caption
    self.tokens = tokens
    self.heads = heads
    self.focus = focus
    self.layout = layout
    precondition(mask.map { $0.count == tokens.count } ?? true, "a mask of another size")
    self.threshold = threshold
    self.mask = mask
  }

  /// Lays the figure out.
  public func scene(in style: Style) -> Scene {
    switch layout {
    case .arcs: ArcsLayout(self, in: style).scene()
    case .rails: RailsLayout(self, in: style).scene()
    }
  }

  /// Whether a weight is drawn.
  func isDrawn(_ weight: Double) -> Bool { weight >= threshold && weight > 0 }

  /// What is drawn and what is not, in a sentence.
  var coverage: String {
    let n = tokens.count
    func isLink(_ index: Int) -> Bool { layout == .rails || index != focus }
    func isShown(_ index: Int) -> Bool {
      layout == .arcs || focus.map { index / n == $0 } ?? true
    }
    var (drawn, below, shares) = (0, 0, [Double]())
    for head in heads {
      let links = head.weights.indices.filter { isLink($0) && isShown($0) && head.weights[$0] > 0 }
      let shown = links.filter { isDrawn(head.weights[$0]) }
      drawn += shown.count
      below += links.count - shown.count
      let rows = Double(layout == .arcs || focus != nil ? 1 : n)
      shares.append(shown.reduce(0) { $0 + head.weights[$1] } / rows)
    }
    let percents = [shares.min() ?? 0, shares.max() ?? 0].map {
      $0 < 1 && $0 >= 0.995 ? "over 99" : NumberFormat.fixed(100 * $0, decimals: 0)
    }
    let range = percents[0] == percents[1] ? percents[0] : "\(percents[0]) to \(percents[1])"
    return "\(NumberFormat.count(drawn)) links are drawn and hold \(range) % of "
      + (heads.count == 1 ? "the weight" : "a head’s weight")
      + "; \(NumberFormat.count(below)) weights below \(NumberFormat.tick(threshold)) are not."
      + (layout == .arcs ? " A token’s weight on itself has no arc." : "")
  }
}
