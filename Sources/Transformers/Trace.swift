public import Tensors

/// What a pass kept.
public struct Trace: Sendable {
  /// The values by their place.
  public var tensors: [Site: Tensor] = [:]
  /// Which keys each query may look at, by layer, where not every key is allowed; in an
  /// encoder–decoder the decoder's.
  public var masks: [Int: KeyRanges] = [:]
  /// The stack that is meant where none is named.
  public var stack = Site.Stack.sole

  /// Creates an empty trace.
  public init() {}

  /// The value at a place outside the layers, or of one layer.
  public subscript(
    value: Site.Value, layer layer: Int? = nil, of stack: Site.Stack? = nil
  ) -> Tensor? {
    tensors[site(value, layer: layer, of: stack)]
  }

  /// A place of the stack that is meant.
  public func site(
    _ value: Site.Value, layer: Int? = nil, of stack: Site.Stack? = nil
  ) -> Site {
    Site(value, layer: layer, of: stack ?? self.stack)
  }

  /// One head's part of a value of a layer; keys and values of grouped heads are shared.
  public subscript(
    value: Site.Value, layer layer: Int, head head: Int, of stack: Site.Stack? = nil
  ) -> Tensor? {
    guard let tensor = self[value, layer: layer, of: stack], let heads = tensor.shape.first,
      let queries = self[.weights, layer: layer, of: stack]?.shape.first
        ?? self[.query, layer: layer, of: stack]?.shape.first
    else { return nil }
    return tensor.slice(head * heads / max(queries, heads))
  }

  /// What several calls kept, as one: rows follow each other, and a row that had fewer keys to
  /// look at is filled up with 0 where the mask leaves the later ones out.
  init(joining parts: [Trace]) {
    guard parts.count > 1 else {
      self = parts.first ?? Trace()
      return
    }
    for site in Set(parts.flatMap(\.tensors.keys)) {
      let rows = parts.compactMap { $0.tensors[site] }
      tensors[site] = rows.count == 1 ? rows[0] : Tensor.stacking(rows)
    }
    for layer in Set(parts.flatMap(\.masks.keys)) {
      masks[layer] = KeyRanges(parts.flatMap { $0.masks[layer]?.ranges ?? [] })
    }
  }
}
