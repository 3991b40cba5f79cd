import Files
import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// How many of many parts are done, on standard error, from any thread: nothing in the first two
/// seconds, then one line that changes on a terminal, else a line every ten seconds.
final class PartsProgress: Sendable {
  private let name: String
  private let quiet: Bool
  private let isLive = isatty(STDERR_FILENO) == 1
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private let shown = Mutex<ContinuousClock.Instant?>(nil)

  init(_ name: String, quiet: Bool) {
    self.name = name
    self.quiet = quiet
    start = clock.now
  }

  /// Shows how far things are.
  func show(_ done: Int, _ total: Int) {
    guard !quiet else { return }
    shown.withLock { shown in
      let pause: Duration =
        shown == nil ? .seconds(2) : isLive ? .milliseconds(200) : .seconds(10)
      guard clock.now - (shown ?? start) > pause else { return }
      shown = clock.now
      let text = "\(name): \(done) of \(total) taken away"
      if isLive { draw(text) } else { Output.message(text) }
    }
  }

  /// Clears the line that changes.
  func end() {
    shown.withLock { if isLive, $0 != nil { draw("") } }
  }

  private func draw(_ text: String) {
    try? Array("\r\u{1B}[K\(text)".utf8).withUnsafeBytes {
      try writeAll($0, to: STDERR_FILENO, path: "standard error")
    }
  }
}
