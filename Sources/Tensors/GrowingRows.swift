/// Rows of several heads that grow: the keys, or the values, of the tokens so far.
///
/// A copy is a value of its own: what one appends does not show in the other. Room is doubled when
/// it is used up, so that appending costs what is appended.
public struct GrowingRows: Sendable {
  /// How many heads there are.
  public let heads: Int
  /// How wide a row is.
  public let width: Int
  /// How many rows a head has.
  public private(set) var count: Int
  /// `[heads, capacity, width]`, the first `count` rows of each head in use.
  private var storage: Storage
  private var capacity: Int
  /// How all rows together were made, where somebody follows.
  private(set) var node: Node?

  /// Begins with the rows of `[heads, n, width]`; nothing is copied.
  public init(_ rows: Tensor) {
    precondition(rows.shape.count == 3, "\(rows.shape) has no heads")
    heads = rows.shape[0]
    count = rows.shape[1]
    width = rows.shape[2]
    capacity = count
    storage = rows.storage
    node = rows.node
  }

  /// The same numbers with nothing behind them.
  var detached: GrowingRows {
    var copy = self
    copy.node = nil
    return copy
  }

  /// Appends the rows of `[heads, n, width]` to each head's.
  public mutating func append(_ rows: Tensor) {
    precondition(
      rows.shape.count == 3 && rows.shape[0] == heads && rows.shape[2] == width,
      "\(rows.shape) after \(heads) heads of width \(width)")
    let n = rows.shape[1]
    // Numbers that someone else can see never change.
    if count + n > capacity || !isKnownUniquelyReferenced(&storage) {
      move(toCapacity: max(count + n, count + n > capacity ? 2 * capacity : capacity))
    }
    rows.withNumbers { numbers in
      guard let from = numbers.baseAddress else { return }
      for head in 0..<heads {
        (storage.start + (head * capacity + count) * width)
          .update(from: from + head * n * width, count: n * width)
      }
    }
    count += n
    follow(rows)
  }

  /// Notes that the last rows were made as `new` was.
  private mutating func follow(_ new: Tensor) {
    guard node != nil || new.isTracked else { return }
    let (old, total, shape) = (count - new.shape[1], count, [heads, count, width])
    node = Node(shape: shape, inputs: [node, new.node]) { gradient, inputs in
      for (input, rows) in zip(inputs, [0..<old, old..<total]) {
        let part = [shape[0], rows.count, shape[2]]
        input?.add(gradient.block(rows: rows, of: total, shape: part))
      }
    }
  }

  private mutating func move(toCapacity larger: Int) {
    let room = Storage(count: heads * larger * width)
    for head in 0..<heads {
      (room.start + head * larger * width)
        .update(from: storage.start + head * capacity * width, count: count * width)
    }
    storage = room
    capacity = larger
  }

  /// All rows as `[heads, count, width]`, copied.
  public var tensor: Tensor {
    let copy = Tensor(shape: [heads, count, width]) { out in
      guard let to = out.baseAddress else { return }
      for head in 0..<heads {
        withRows(of: head) {
          (to + head * count * width).update(from: $0, count: count * width)
        }
      }
    }
    return Tensor(shape: copy.shape, storage: copy.storage, node: node)
  }

  /// Calls `body` with where a head's rows start.
  func withRows(of head: Int, _ body: (UnsafePointer<Float>) -> Void) {
    withExtendedLifetime(storage) { body(storage.start + head * capacity * width) }
  }
}
