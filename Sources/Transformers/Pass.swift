public import Tensors

/// One way through the model: what to keep, what to change, and what was kept.
///
/// The model hands every intermediate value to `tap` once, where it is computed. There is no
/// other path: nothing depends on whether a value is kept.
public struct Pass: Sendable {
  /// Which rows get logits: they cost as much as a layer.
  public enum Rows: Sendable {
    case all, last, none
  }

  /// What to keep.
  public var recording: Recording
  /// The temperature τ of the softmax inside attention; 1 is the model's own.
  public var attentionTemperature: Double
  /// Functions that replace the value of a site.
  public var edits: [Site: @Sendable (Tensor) -> Tensor]
  /// Which rows get logits.
  public var logits: Rows
  /// What was kept.
  public private(set) var trace = Trace()
  /// The layer that is being computed; set by the stack.
  var layer: Int?
  /// The rotation of queries and keys; set by the stack where positions are rotary.
  var rotation: Rotation?

  /// Creates a pass.
  public init(
    recording: Recording = .everything, attentionTemperature: Double = 1, logits: Rows = .all,
    edits: [Site: @Sendable (Tensor) -> Tensor] = [:]
  ) {
    self.recording = recording
    self.attentionTemperature = attentionTemperature
    self.logits = logits
    self.edits = edits
  }

  /// Names a value: replaces it when an edit says so, keeps it when the recording says so.
  mutating func tap(_ value: Site.Value, _ tensor: Tensor) -> Tensor {
    let site = Site(value, layer: value.isInLayer ? layer : nil)
    let result = edits[site].map { $0(tensor) } ?? tensor
    if recording.keeps(site) { trace.tensors[site] = result }
    return result
  }

  /// Notes which keys the queries of this layer may look at.
  mutating func note(mask: KeyRanges?) {
    guard let mask, let layer, recording.layers?.contains(layer) ?? true else { return }
    trace.masks[layer] = mask
  }
}

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

  /// The bytes that scores and weights take, which grow with the square of the tokens.
  public func bytesOfMaps(_ shape: Configuration, tokens: Int) -> Int {
    let maps = [Site.Value.scores, .weights].filter(values.contains).count
    let layers = layers.map { $0.filter((0..<shape.layers).contains).count } ?? shape.layers
    return maps * layers * shape.heads * tokens * tokens * MemoryLayout<Float>.size
  }

  /// Whether the value of a site is kept.
  public func keeps(_ site: Site) -> Bool {
    values.contains(site.value) && site.layer.map { layers?.contains($0) ?? true } ?? true
  }
}
