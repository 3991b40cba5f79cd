/// Numbers in a box of any rank, row-major and contiguous: a value that never changes.
///
/// There is no batch axis: a sentence is `[tokens, width]`, attention weights are
/// `[heads, queries, keys]`. A tensor may remember how it was made: see `tracked`.
public struct Tensor: Sendable {
  /// The extent of each axis, outermost first; empty for a single number.
  public let shape: [Int]
  let storage: Storage
  /// How it was made, where somebody follows.
  let node: Node?

  /// Creates a tensor from its numbers, row by row.
  ///
  /// - Precondition: `numbers` has as many elements as `shape` describes.
  public init(_ numbers: [Float], shape: [Int]) {
    precondition(
      numbers.count == shape.reduce(1, *), "\(numbers.count) numbers for shape \(shape)")
    self.init(shape: shape) { buffer in
      numbers.withUnsafeBufferPointer { _ = buffer.update(fromContentsOf: $0) }
    }
  }

  /// Creates a tensor whose numbers `fill` writes, every one.
  package init(shape: [Int], _ fill: (UnsafeMutableBufferPointer<Float>) throws -> Void) rethrows {
    let count = shape.reduce(1, *)
    let storage = Storage(count: count)
    try fill(UnsafeMutableBufferPointer(start: storage.start, count: count))
    self.shape = shape
    self.storage = storage
    node = nil
  }

  /// Creates a tensor over numbers that `owner` keeps alive: nothing is copied.
  ///
  /// - Precondition: `numbers` has as many elements as `shape` describes.
  package init(_ numbers: UnsafeBufferPointer<Float>, owner: AnyObject, shape: [Int]) {
    precondition(numbers.count == shape.reduce(1, *))
    self.shape = shape
    storage = Storage(numbers, owner: owner)
    node = nil
  }

  init(shape: [Int], storage: Storage, node: Node? = nil) {
    self.shape = shape
    self.storage = storage
    self.node = node
  }

  /// How many numbers there are.
  public var count: Int { storage.count }

  /// The extent of the last axis; 1 for a single number.
  public var width: Int { shape.last ?? 1 }

  /// How many rows of `width` numbers there are.
  public var rows: Int { width == 0 ? 0 : count / width }

  /// The same numbers in another shape; nothing is copied.
  ///
  /// - Precondition: Both shapes describe as many elements.
  public func reshaped(_ shape: [Int]) -> Tensor {
    precondition(shape.reduce(1, *) == count, "\(self.shape) cannot become \(shape)")
    return Tensor(shape: shape, storage: storage, node: node)
  }

  /// All numbers, row by row.
  public var numbers: [Float] { withNumbers { Array($0) } }

  /// The number at an index with one entry per axis.
  public subscript(index: Int...) -> Float {
    precondition(index.count == shape.count, "index \(index) into shape \(shape)")
    var position = 0
    for (place, extent) in zip(index, shape) {
      precondition(place >= 0 && place < extent, "index \(index) into shape \(shape)")
      position = position * extent + place
    }
    return storage.start[position]
  }

  /// The numbers of one place of the first axis: one head's map, one token's vector. Nothing is
  /// copied.
  public func slice(_ index: Int) -> Tensor {
    precondition(index >= 0 && index < (shape.first ?? 0), "slice \(index) of shape \(shape)")
    let rest = Array(shape.dropFirst())
    let size = rest.reduce(1, *)
    if let own = storage.remapped(from: index * size, count: size) {
      return Tensor(shape: rest, storage: own)
    }
    let part = UnsafeBufferPointer(start: storage.start + index * size, count: size)
    let result = Tensor(part, owner: storage, shape: rest)
    guard isTracked else { return result }
    let whole = count
    return result.derived(from: [self]) { gradient, inputs in
      inputs[0]?.addToSome(whole) { addNumbers(gradient, to: $0 + index * size) }
    }
  }

  /// Calls `body` with all numbers, row by row.
  public func withNumbers<Result>(
    _ body: (UnsafeBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(storage) {
      try body(UnsafeBufferPointer(start: storage.start, count: storage.count))
    }
  }
}

extension Tensor: Equatable {
  /// Whether both have the same shape and the same numbers, bit for bit.
  public static func == (a: Tensor, b: Tensor) -> Bool {
    a.shape == b.shape
      && a.withNumbers { x in
        b.withNumbers { y in
          zip(x, y).allSatisfy { $0.bitPattern == $1.bitPattern }
        }
      }
  }
}
