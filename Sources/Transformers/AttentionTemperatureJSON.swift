public import Files

extension AttentionTemperature {
  /// τ as files keep it: a number where one holds everywhere, else for each layer the list of its
  /// heads' τ. JSON has no infinity; it is written as "inf".
  public func json(_ shape: Configuration) -> JSON {
    if let tau = uniform(shape) { return JSON(temperature: tau) }
    return .array(
      (0..<shape.mostLayers).map { layer in
        .array((0..<shape.mostHeads).map { JSON(temperature: self[layer: layer, head: $0]) })
      })
  }
}

extension AttentionTemperature {
  /// Reads what `json` writes; `nil` where it is something else.
  init?(_ json: JSON) {
    if let tau = Double(temperature: json) {
      self.init(tau)
      return
    }
    guard let layers = json.elements else { return nil }
    self.init()
    for (layer, heads) in layers.enumerated() {
      guard let heads = heads.elements else { return nil }
      for (head, value) in heads.enumerated() {
        guard let tau = Double(temperature: value) else { return nil }
        set(tau, layers: layer..<layer + 1, heads: head..<head + 1)
      }
    }
  }
}

extension Double {
  /// The temperature that files keep as a number that is not negative, or "inf".
  init?(temperature json: JSON) {
    if json == "inf" {
      self = .infinity
      return
    }
    guard let number = json.number, number >= 0 else { return nil }
    self = number
  }
}

extension JSON {
  /// A temperature as files keep it: a number, or "inf".
  public init(temperature: Double) {
    self = temperature == .infinity ? "inf" : .number(temperature)
  }
}
