/// The temperature τ of the softmax inside attention, for every layer and head; 1 is the model's
/// own. In an encoder–decoder a layer and head mean those of both stacks and of the attention over
/// the source.
public struct AttentionTemperature: Sendable, Hashable {
  private struct Place: Hashable {
    var layer: Int
    var head: Int
  }

  /// τ where nothing else is set.
  private var everywhere: Double
  private var places: [Place: Double] = [:]

  /// One τ everywhere.
  ///
  /// - Precondition: τ is not negative and not NaN.
  public init(_ temperature: Double = 1) {
    precondition(temperature >= 0, "a temperature of \(temperature)")
    everywhere = temperature
  }

  /// τ of a head.
  public subscript(layer layer: Int, head head: Int) -> Double {
    places.isEmpty ? everywhere : places[Place(layer: layer, head: head)] ?? everywhere
  }

  /// Sets τ of some heads; what is set later wins.
  ///
  /// - Precondition: τ is not negative and not NaN.
  public mutating func set(_ temperature: Double, layers: Range<Int>, heads: Range<Int>) {
    precondition(temperature >= 0, "a temperature of \(temperature)")
    for layer in layers {
      for head in heads { places[Place(layer: layer, head: head)] = temperature }
    }
  }

  /// τ of each head of a layer, of several texts so many times; one for all where they agree.
  func of(layer: Int, heads: Int, _ texts: Int = 1) -> [Double] {
    guard !places.isEmpty else { return [everywhere] }
    return (0..<heads * texts).map { self[layer: layer, head: $0 / texts] }
  }

  /// The one τ that holds in a model of this shape, when there is one.
  public func uniform(_ shape: Configuration) -> Double? {
    let first = self[layer: 0, head: 0]
    let isUniform = (0..<shape.mostLayers).allSatisfy { layer in
      of(layer: layer, heads: shape.mostHeads).allSatisfy { $0 == first }
    }
    return isUniform ? first : nil
  }
}
