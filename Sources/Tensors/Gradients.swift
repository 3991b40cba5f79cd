internal import CKernels

/// Where the gradient of one input goes: it is added to what came from elsewhere.
package struct GradientSink {
  fileprivate let key: ObjectIdentifier
  fileprivate let sums: GradientSums

  /// Adds a gradient of the input's shape.
  package func add(_ gradient: Tensor) {
    sums.add(gradient.storage, to: key)
  }

  /// Calls `body` with `count` numbers to write or to add to.
  ///
  /// - Parameter body: Gets the numbers and 0 where it has to write all of them, 1 where it has to
  ///   add to each.
  func accumulate(_ count: Int, _ body: (UnsafeMutablePointer<Float>, _ keep: Float) -> Void) {
    let (room, isNew) = sums.room(count, for: key)
    body(room.start, isNew ? 0 : 1)
  }

  /// Calls `body` with `count` numbers to some of which it adds.
  package func addToSome(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
    accumulate(count) { start, keep in
      if keep == 0 { start.update(repeating: 0, count: count) }
      body(start)
    }
  }
}

/// Sums of gradients, by the node they belong to.
///
/// One of these belongs to one thread at a time. What is left in it after a backward pass are the
/// gradients of the starts: those of several losses add up.
package final class GradientSums {
  private struct Sum {
    var storage: Storage
    /// Whether nobody else can see the numbers.
    var isOwn: Bool
  }

  private var sums: [ObjectIdentifier: Sum] = [:]

  package init() {}

  /// The sum of the gradients with respect to a tensor; `nil` when there was none.
  package subscript(tensor: Tensor) -> Tensor? {
    guard let node = tensor.node, let sum = sums[ObjectIdentifier(node)] else { return nil }
    sums[ObjectIdentifier(node)]?.isOwn = false
    return Tensor(shape: tensor.shape, storage: sum.storage, node: nil)
  }

  fileprivate func add(_ storage: Storage, to key: ObjectIdentifier) {
    guard let sum = sums[key] else {
      sums[key] = Sum(storage: storage, isOwn: false)
      return
    }
    let (old, count) = (sum.storage, storage.count)
    let target = sum.isOwn ? old : Storage(count: count)
    addNumbers(old.start, storage.start, into: target.start, count: count)
    if !sum.isOwn { sums[key] = Sum(storage: target, isOwn: true) }
  }

  /// Room of one's own for a gradient, with what it is already.
  fileprivate func room(_ count: Int, for key: ObjectIdentifier) -> (Storage, isNew: Bool) {
    if let sum = sums[key], sum.isOwn { return (sum.storage, false) }
    let room = Storage(count: count)
    let old = sums.updateValue(Sum(storage: room, isOwn: true), forKey: key)
    if let old { room.start.update(from: old.storage.start, count: count) }
    return (room, old == nil)
  }

  /// Takes a finished gradient out, unless it is to be kept.
  fileprivate func take(_ node: Node, keeps: Bool) -> Storage? {
    let key = ObjectIdentifier(node)
    if keeps {
      sums[key]?.isOwn = false
      return sums[key]?.storage
    }
    return sums.removeValue(forKey: key)?.storage
  }

  fileprivate func sink(_ node: Node) -> GradientSink {
    GradientSink(key: ObjectIdentifier(node), sums: self)
  }
}

/// out = a + b, number by number.
private func addNumbers(
  _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>,
  count: Int
) {
  ckernels().pointee.add(a, b, out, count)
}

/// Adds all numbers of a tensor to what stands somewhere.
func addNumbers(_ tensor: Tensor, to out: UnsafeMutablePointer<Float>) {
  tensor.withNumbers { numbers in
    guard let start = numbers.baseAddress else { return }
    addNumbers(out, start, into: out, count: numbers.count)
  }
}

extension Tensor {
  /// The gradients of this tensor, or of its product with `seed`, with respect to `inputs`: of the
  /// sum of its numbers when there is no seed.
  ///
  /// - Parameters:
  ///   - inputs: Tensors on the way to this one, tracked; a gradient is 0 where there is no way.
  ///   - seed: What the numbers count, of this tensor's shape.
  public func gradients(of inputs: [Tensor], from seed: Tensor? = nil) -> [Tensor] {
    let sums = GradientSums()
    addGradients(to: sums, keeping: inputs, from: seed)
    return inputs.map { sums[$0] ?? Tensor(repeating: 0, shape: $0.shape) }
  }

  /// Adds the gradients of every start, and of `kept`, to what is there.
  ///
  /// - Precondition: `seed` has this tensor's shape.
  package func addGradients(
    to sums: GradientSums, keeping kept: [Tensor] = [], from seed: Tensor? = nil
  ) {
    precondition(seed == nil || seed?.shape == shape, "\(seed?.shape ?? []) for \(shape)")
    guard let last = node else { return }
    let kept = Set(kept.compactMap { $0.node.map(ObjectIdentifier.init) })
    sums.add((seed ?? Tensor(repeating: 1, shape: shape)).storage, to: ObjectIdentifier(last))
    for node in Self.order(from: last) {
      guard let derivative = node.derivative,
        let storage = sums.take(node, keeps: kept.contains(ObjectIdentifier(node)))
      else { continue }
      let gradient = Tensor(shape: node.shape, storage: storage, node: nil)
      derivative(gradient, node.inputs.map { $0.map(sums.sink) })
    }
  }

  /// All nodes behind one, each before its inputs.
  private static func order(from last: Node) -> [Node] {
    var (order, seen): ([Node], Set<ObjectIdentifier>) = ([], [ObjectIdentifier(last)])
    var path: [(node: Node, next: Int)] = [(last, 0)]
    while let (node, next) = path.last {
      guard next < node.inputs.count else {
        order.append(node)
        path.removeLast()
        continue
      }
      path[path.count - 1].next += 1
      if let input = node.inputs[next], seen.insert(ObjectIdentifier(input)).inserted {
        path.append((input, 0))
      }
    }
    return order.reversed()
  }

  /// A tensor of equal numbers.
  package init(repeating number: Float, shape: [Int]) {
    self.init(shape: shape) { $0.update(repeating: number) }
  }
}
