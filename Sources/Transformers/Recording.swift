/// What a pass keeps, so that memory is bounded.
public struct Recording: Sendable, Equatable {
  /// The values to keep.
  public var values: Set<Site.Value>
  /// The layers whose values are kept; all when `nil`.
  public var layers: Set<Int>?

  /// Creates a recording.
  public init(_ values: Set<Site.Value>, layers: Set<Int>? = nil) {
    self.values = values
    self.layers = layers
  }

  /// Every value of every layer that a pass computes.
  public static let everything = Recording(
    Set(Site.Value.allCases).subtracting([.nextTemperatures, .nextProbabilities]))

  /// Nothing.
  public static let nothing = Recording([])

  /// Maps of more bytes than this wait in a file until they are looked at, where the user's cache
  /// folder takes one.
  public static let mostInMemory = 200_000_000

  /// The bytes that scores and weights take, which grow with the square of the tokens.
  ///
  /// - Parameters:
  ///   - shape: The shape of the model.
  ///   - tokens: The tokens of the text.
  ///   - target: The tokens of an encoder–decoder's target.
  public func bytesOfMaps(_ shape: Configuration, tokens: Int, target: Int = 0) -> Int {
    shape.stacks.reduce(0) { sum, stack in
      let part = shape.shape(of: stack)
      let cells =
        switch stack {
        case .sole, .encoder: tokens * tokens
        case .decoder: target * target
        case .cross: target * tokens
        }
      return sum + mapsOfCell(part) * cells * MemoryLayout<Float>.size
    }
  }

  /// How many scores and weights are kept of one query and key.
  private func mapsOfCell(_ shape: Configuration) -> Int {
    let hasProducts = shape.scoreCap != nil || shape.hasDistanceBias
    let maps = ([.scores, .weights] + (hasProducts ? [Site.Value.products] : []))
      .filter(values.contains).count
    let layers = layers.map { $0.filter((0..<shape.layers).contains).count } ?? shape.layers
    return maps * layers * shape.heads
  }

  /// Whether the value of a site is kept.
  public func keeps(_ site: Site) -> Bool {
    values.contains(site.value) && site.layer.map { layers?.contains($0) ?? true } ?? true
  }

  /// Whether the mask of a layer is kept: with any value of it.
  func keepsMask(of layer: Int) -> Bool {
    !values.isEmpty && layers?.contains(layer) ?? true
  }
}
