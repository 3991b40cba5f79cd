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

extension JSON {
  /// A temperature as files keep it: a number, or "inf".
  public init(temperature: Double) {
    self = temperature == .infinity ? "inf" : .number(temperature)
  }
}
