public import Tensors

/// What a pass kept.
public struct Trace: Sendable {
  /// The values by their place.
  public var tensors: [Site: Tensor] = [:]
  /// Which keys each query may look at, by layer, where not every key is allowed.
  public var masks: [Int: KeyRanges] = [:]

  /// Creates an empty trace.
  public init() {}

  /// The value at a place outside the layers, or of one layer.
  public subscript(value: Site.Value, layer layer: Int? = nil) -> Tensor? {
    tensors[Site(value, layer: layer)]
  }

  /// One head's part of a value of a layer; keys and values of grouped heads are shared.
  public subscript(value: Site.Value, layer layer: Int, head head: Int) -> Tensor? {
    guard let tensor = self[value, layer: layer], let heads = tensor.shape.first,
      let queries = self[.weights, layer: layer]?.shape.first
        ?? self[.query, layer: layer]?.shape.first
    else { return nil }
    return tensor.slice(head * heads / max(queries, heads))
  }
}
