extension Run {
  /// The recording that a run was read from, and what was concluded where it says nothing.
  public struct Origin: Sendable {
    /// The file's name without its folder, for messages.
    public var file: String
    /// SHA-256 of the file.
    public var digest: String?
    /// The text as it was recorded.
    public var text: String?
    /// What the file leaves open and how it was settled, in sentences.
    public var notes: [String] = []
    /// The layers with weights in the file, by stack.
    public var layers: [Site.Stack: [Int]]
    /// What the file holds, by its names.
    public var sites: Set<Site>
    /// How far the sum of a row is from 1 at most, and where, when it is more than rounding.
    public var deviation: (size: Double, place: String)?
  }

  /// The layers whose weights are there, of the part that is shown.
  public var recordedLayers: [Int] {
    (0..<configuration.layers).filter { trace[.weights, layer: $0] != nil }
  }

  /// Refuses a layer or head that the model does not have, or the recording.
  public func check(layer: Int, head: Int? = nil) throws {
    if let origin, let layers = origin.layers[stack], !layers.contains(layer) {
      throw ModelError(
        .noSuchPlace, "there is no layer \(layer) in \(origin.file); it has \(layers.ranges)")
    }
    try configuration.check(layer: layer, head: head)
  }

  /// What is said when a value is asked for that was not recorded.
  public func missing(_ value: Site.Value, layer: Int? = nil) -> ModelError {
    let place = layer.map { " of layer \($0)" } ?? ""
    guard let origin else {
      return ModelError(.noSuchPlace, "\(value.rawValue)\(place) was not recorded")
    }
    let isElsewhere = origin.sites.contains { $0.value == value && $0.stack == stack }
    let instead = value == .weights || value == .logits ? "" : ", or draw weights"
    return ModelError(
      .badModel,
      "\(origin.file) holds no \(value.words)\(isElsewhere ? place : ""): record them with attnviz "
        + "trace --record \(value.shortName)\(instead)")
  }
}

extension Configuration {
  /// Refuses a layer or head that the model does not have.
  public func check(layer: Int, head: Int? = nil) throws {
    guard (0..<layers).contains(layer) else {
      throw ModelError(
        .noSuchPlace, "there is no layer \(layer); the model has layers 0 to \(layers - 1)")
    }
    if let head, !(0..<heads).contains(head) {
      throw ModelError(
        .noSuchPlace, "there is no head \(head); the model has heads 0 to \(heads - 1) a layer")
    }
  }
}

extension Site.Value {
  /// The name without `attention.`, where no other value has it: what `--record` takes.
  public var shortName: String {
    guard self != .attentionOutput, rawValue.hasPrefix("attention.") else { return rawValue }
    return String(rawValue.dropFirst("attention.".count))
  }

  /// The name in a sentence.
  fileprivate var words: String {
    switch self {
    case .query: "queries"
    case .key: "keys"
    case .value: "values"
    case .attentionOutput: "outputs of attention"
    case .feedForwardOutput: "outputs of the feed-forward network"
    case .output: "outputs of layers"
    default: shortName
    }
  }
}

extension [Int] {
  /// Layers in rising order as people list them: "layers 0 to 3 and 7".
  public var ranges: String {
    var runs: [ClosedRange<Int>] = []
    for number in self {
      if let last = runs.last, last.upperBound + 1 == number {
        runs[runs.count - 1] = last.lowerBound...number
      } else {
        runs.append(number...number)
      }
    }
    let words = runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound) to \($0.upperBound)" }
    let list =
      words.count < 2
      ? words.first ?? "" : words.dropLast().joined(separator: ", ") + " and " + words[words.count - 1]
    return isEmpty ? "no layers" : (count == 1 ? "layer " : "layers ") + list
  }
}
