/// The symbols of one word while byte-pair encoding merges them: a linked list in an array, and a
/// heap of the pairs that can be merged, so that a word of n symbols takes n log n steps.
struct SymbolChain {
  private struct Symbol {
    var id: Int
    /// Bytes of the word; 0 once the symbol is part of its left neighbour.
    var length: Int
    var previous: Int
    var next: Int
  }

  /// A pair that could be merged when it was found; it may be gone by its turn.
  private struct Candidate {
    var rank: Int
    var position: Int
    var joined: Int

    /// Lowest rank first, then leftmost.
    func isBefore(_ other: Candidate) -> Bool {
      (rank, position) < (other.rank, other.position)
    }
  }

  private var symbols: [Symbol] = []
  private var heap: [Candidate] = []

  /// An empty chain with room for `capacity` symbols.
  init(capacity: Int) {
    symbols.reserveCapacity(capacity)
    heap.reserveCapacity(capacity)
  }

  /// Adds a symbol at the end.
  mutating func append(_ id: Int, length: Int) {
    let position = symbols.count
    if position > 0 { symbols[position - 1].next = position }
    symbols.append(Symbol(id: id, length: length, previous: position - 1, next: -1))
  }

  /// Merges until no pair is left that `rankOf` knows; it gives rank << 32 | joined id.
  mutating func merge(_ rankOf: (Int, Int) -> UInt64?) {
    for position in symbols.indices.dropLast() { consider(position, rankOf) }
    while let candidate = pop() {
      let position = candidate.position
      let next = symbols[position].next
      guard symbols[position].length > 0, next >= 0,
        let merge = rankOf(symbols[position].id, symbols[next].id),
        Int(merge & 0xFFFF_FFFF) == candidate.joined
      else { continue }
      join(position, next, into: candidate.joined)
      if symbols[position].previous >= 0 { consider(symbols[position].previous, rankOf) }
      if symbols[position].next >= 0 { consider(position, rankOf) }
    }
  }

  /// Appends what is left as tokens.
  func appendTokens(to tokens: inout [ModelToken]) {
    var start = 0
    for symbol in symbols where symbol.length > 0 {
      tokens.append(ModelToken(symbol.id, start..<start + symbol.length))
      start += symbol.length
    }
  }

  private mutating func join(_ left: Int, _ right: Int, into id: Int) {
    let following = symbols[right].next
    symbols[left].id = id
    symbols[left].length += symbols[right].length
    symbols[left].next = following
    symbols[right].length = 0
    if following >= 0 { symbols[following].previous = left }
  }

  private mutating func consider(_ position: Int, _ rankOf: (Int, Int) -> UInt64?) {
    let next = symbols[position].next
    guard let merge = rankOf(symbols[position].id, symbols[next].id) else { return }
    push(
      Candidate(rank: Int(merge >> 32), position: position, joined: Int(merge & 0xFFFF_FFFF)))
  }

  // MARK: the heap

  private mutating func push(_ candidate: Candidate) {
    var child = heap.count
    heap.append(candidate)
    while child > 0 {
      let parent = (child - 1) / 2
      guard candidate.isBefore(heap[parent]) else { break }
      heap[child] = heap[parent]
      child = parent
    }
    heap[child] = candidate
  }

  private mutating func pop() -> Candidate? {
    guard let top = heap.first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return top }
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1].isBefore(heap[child]) { child += 1 }
      guard heap[child].isBefore(last) else { break }
      heap[parent] = heap[child]
      parent = child
    }
    heap[parent] = last
    return top
  }
}
