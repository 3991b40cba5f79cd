internal import Dispatch
internal import Synchronization

/// How many threads the products and row kernels use.
///
/// The work is cut into pieces by its shape alone, never by the number of threads, so the numbers
/// do not depend on it.
public enum Threads {
  private static let limit = Mutex<Int?>(nil)
  /// Whether this code runs as one of several pieces, so that cutting finer gains nothing.
  @TaskLocal private static var isInPiece = false

  /// Limits the threads; `nil` uses every processor.
  public static func use(_ count: Int?) {
    limit.withLock { $0 = count.map { max(1, $0) } }
  }

  /// Calls `body` for every piece, several at a time; inside a piece nothing is cut further.
  package static func forWholePieces(_ pieces: Int, _ body: @Sendable (Int) -> Void) {
    forEach(pieces) { piece in
      $isInPiece.withValue(true) { body(piece) }
    }
  }

  /// Calls `body` for every piece, several at a time.
  static func forEach(_ pieces: Int, _ body: @Sendable (Int) -> Void) {
    let threads = limit.withLock { $0 }
    if pieces <= 1 || threads == 1 || isInPiece {
      for piece in 0..<pieces { body(piece) }
    } else if let threads, threads < pieces {
      let next = Atomic<Int>(0)
      DispatchQueue.concurrentPerform(iterations: threads) { _ in
        while true {
          let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
          guard piece < pieces else { return }
          body(piece)
        }
      }
    } else {
      DispatchQueue.concurrentPerform(iterations: pieces, execute: body)
    }
  }

  /// Cuts `count` things of `cost` each into ranges worth a thread's while and calls `body` for
  /// every range.
  static func forRanges(_ count: Int, cost: Int, _ body: @Sendable (Range<Int>) -> Void) {
    let worthwhile = 16_384
    let size = max(1, worthwhile / max(1, cost))
    let pieces = (count + size - 1) / size
    forEach(pieces) { body($0 * size..<min(count, ($0 + 1) * size)) }
  }
}

/// A pointer that may cross threads: every piece of work writes its own part.
struct Shared<Pointee>: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<Pointee>
}

/// A pointer to numbers that several threads read.
struct SharedInput: @unchecked Sendable {
  let pointer: UnsafePointer<Float>
}
