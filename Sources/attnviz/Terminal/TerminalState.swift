import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The one terminal that is shown as a whole screen, and how it was before. Everything here may be
/// called from a signal handler: it writes bytes that are ready and sets what was read before.
enum TerminalState {
  nonisolated(unsafe) private static var descriptor: Int32 = -1
  nonisolated(unsafe) private static var before = termios()
  nonisolated(unsafe) private static var raw = termios()
  private static let isShown = Atomic<Bool>(false)

  /// Alternate screen, no cursor, no wrapping, pastes marked, no reordering of right-to-left words.
  private static let entering: StaticString =
    "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l\u{1B}[?2004h\u{1B}[8l\u{1B}[2J"
  /// A sequence that was cut is given up first.
  private static let leaving: StaticString =
    "\u{18}\u{1B}[?2026l\u{1B}[0m\u{1B}[8h\u{1B}[?2004l\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"

  /// Notes how the terminal is; `false` when it is none.
  static func note(_ terminal: Int32) -> Bool {
    guard tcgetattr(terminal, &before) == 0 else { return false }
    raw = before
    cfmakeraw(&raw)
    descriptor = terminal
    // Touched now, so that nothing is made for the first time in a handler.
    return !isShown.load(ordering: .relaxed)
  }

  /// Takes the screen; `false` when the terminal refuses.
  @discardableResult
  static func enter() -> Bool {
    guard descriptor >= 0, !isShown.exchange(true, ordering: .sequentiallyConsistent) else {
      return false
    }
    guard tcsetattr(descriptor, TCSANOW, &raw) == 0 else {
      isShown.store(false, ordering: .sequentiallyConsistent)
      return false
    }
    return write(entering)
  }

  /// Gives the screen back, once.
  static func leave() {
    guard isShown.exchange(false, ordering: .sequentiallyConsistent) else { return }
    tcsetattr(descriptor, TCSANOW, &before)
    _ = write(leaving)
  }

  private static func write(_ text: StaticString) -> Bool {
    var (start, left) = (text.utf8Start, text.utf8CodeUnitCount)
    while left > 0 {
      #if canImport(Darwin)
        let count = Darwin.write(descriptor, start, left)
      #else
        let count = Glibc.write(descriptor, start, left)
      #endif
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      (start, left) = (start + count, left - count)
    }
    return true
  }
}
