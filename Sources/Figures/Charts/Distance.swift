/// How much weight every head spends at each distance between query and key.
public struct Distance: Figure {
  /// A head that is named and drawn large.
  public struct Named: Equatable, Sendable {
    /// Which head.
    public var head: Gallery.Head
    /// Why it is named: "nearest".
    public var fact: String

    /// Creates a named head.
    public init(_ head: Gallery.Head, fact: String) {
      self.head = head
      self.fact = fact
    }
  }

  /// Its name in the catalogue.
  public static let name = "distance"

  /// The words around the picture.
  public var caption: Caption
  /// The numbers of the layers, top to bottom.
  public var layers: [Int]
  /// The numbers of the heads, left to right.
  public var heads: [Int]
  /// The share of weight at each distance from 0, layer by layer.
  public var profiles: [[Double]]
  /// The same for a head that looks at every key it may look at alike.
  public var baseline: [Double]
  /// The heads drawn large, at most `Arcs.mostHeads`.
  public var named: [Named]

  /// Creates the figure; every profile has as many distances as the baseline.
  public init(
    caption: Caption, layers: [Int], heads: [Int], profiles: [[Double]], baseline: [Double],
    named: [Named]
  ) {
    precondition(
      profiles.count == layers.count * heads.count && !profiles.isEmpty,
      "\(profiles.count) profiles for \(layers.count) × \(heads.count)")
    precondition(
      profiles.allSatisfy { $0.count == baseline.count } && !baseline.isEmpty, "other distances")
    precondition(named.count <= HeadColors.count, "\(named.count) heads named")
    self.caption = caption
    self.layers = layers
    self.heads = heads
    self.profiles = profiles
    self.baseline = baseline
    self.named = named
  }

  /// The profile of a head; `nil` when it is not shown.
  func profile(_ head: Gallery.Head) -> [Double]? {
    guard let layer = layers.firstIndex(of: head.layer), let index = heads.firstIndex(of: head.head)
    else { return nil }
    return profiles[layer * heads.count + index]
  }

  /// Lays the figure out.
  public func scene(in style: Style) -> Scene { DistanceLayout(self, in: style).scene() }
}
