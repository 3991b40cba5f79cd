public import Tensors
public import Transformers

/// A number of a trace that a sentence cites, with the place it comes from.
///
/// Its description can be read by people and programs alike:
/// `layers.3.attention.weights[1, 10, 2]`, `mean(layers.3.attention.weights[1, :, 0])`,
/// `norm(layers.0.residual[4, :])`, `dot(layers.3.attention.q[1, 10, :], layers.3.attention.k[1, 2, :])`.
public struct Quote: Sendable, Equatable, CustomStringConvertible {
  /// What is done with the numbers of the place.
  public enum Reduction: String, Sendable {
    /// The one number itself.
    case element
    case mean
    case max
    /// √Σx².
    case norm
    /// The product with a second vector.
    case dot
  }

  /// Where the numbers are.
  public struct Place: Sendable, Equatable, CustomStringConvertible {
    /// The tensor.
    public var site: Site
    /// One entry an axis; `nil` takes the whole axis.
    public var index: [Int?]

    /// Creates a place.
    public init(_ site: Site, _ index: [Int?]) {
      self.site = site
      self.index = index
    }

    /// For instance `layers.3.attention.weights[1, :, 0]`.
    public var description: String {
      "\(site)[\(index.map { $0.map(String.init) ?? ":" }.joined(separator: ", "))]"
    }

    /// The numbers, row by row.
    func numbers(in trace: Trace) -> [Float]? {
      guard let tensor = trace.tensors[site], tensor.shape.count == index.count else { return nil }
      var offsets = [0]
      for (extent, entry) in zip(tensor.shape, index) {
        guard entry.map({ (0..<extent).contains($0) }) ?? true else { return nil }
        let steps = entry.map { $0..<$0 + 1 } ?? 0..<extent
        offsets = offsets.flatMap { offset in steps.map { offset * extent + $0 } }
      }
      return tensor.withNumbers { numbers in offsets.map { numbers[$0] } }
    }
  }

  /// What is done with the numbers.
  public var reduction: Reduction
  /// Where the numbers are; two places for `dot`.
  public var places: [Place]
  /// The value.
  public var value: Double

  /// Cites a place of a trace.
  ///
  /// - Returns: `nil` when the trace does not hold the place.
  public init?(_ reduction: Reduction = .element, _ places: Place..., of trace: Trace) {
    let numbers = places.compactMap { $0.numbers(in: trace) }
    guard numbers.count == places.count, let first = numbers.first, !first.isEmpty else {
      return nil
    }
    self.reduction = reduction
    self.places = places
    switch reduction {
    case .element: value = Double(first[0])
    case .mean: value = first.reduce(0) { $0 + Double($1) } / Double(first.count)
    case .max: value = Double(first.max() ?? 0)
    case .norm: value = first.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    case .dot:
      guard numbers.count == 2, numbers[1].count == first.count else { return nil }
      value = zip(first, numbers[1]).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
  }

  /// How to find the number again.
  public var description: String {
    let inside = places.map(\.description).joined(separator: ", ")
    return reduction == .element ? inside : "\(reduction.rawValue)(\(inside))"
  }
}
