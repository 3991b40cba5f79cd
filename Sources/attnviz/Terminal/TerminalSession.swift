import Figures
import Files
import Stepping
import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A terminal that is shown as a whole screen: reads keys, writes what changed, and gives the
/// screen back on every way out.
struct TerminalSession: ~Copyable {
  /// What happens while nothing is done.
  enum Event {
    case keys([Key])
    /// The size changed, or the program goes on after it was stopped: draw everything.
    case redraw
    /// Another thread has something to tell.
    case woken
    /// The terminal is gone.
    case closed
  }

  private let terminal: Int32
  private var decoder = KeyDecoder()

  /// Takes the terminal of this process, whatever standard input and output are.
  ///
  /// - Throws: `FileError` when there is none.
  init() throws {
    terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard terminal >= 0 else {
      throw FileError(.inputOutput, "/dev/tty", "there is no terminal; use --plain")
    }
    TerminalSignals.install()
    guard TerminalState.note(terminal), TerminalState.enter() else {
      close(terminal)
      throw FileError(.inputOutput, "/dev/tty", "\(systemMessage(errno)); use --plain")
    }
  }

  deinit {
    TerminalState.leave()
    close(terminal)
  }

  /// Gives the screen back.
  func leave() { TerminalState.leave() }

  /// Rows and columns.
  var size: (rows: Int, columns: Int) {
    var size = winsize()
    guard ioctl(terminal, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0, size.ws_col > 0 else {
      return (24, 80)
    }
    return (Int(size.ws_row), Int(size.ws_col))
  }

  /// Asks the terminal what its ground is and waits a little; `nil` when it does not say.
  mutating func ground() -> Color? {
    early += TerminalBackground.ask(terminal, &decoder)
    return decoder.ground
  }

  /// Keys that came while the terminal was asked.
  private var early: [Key] = []

  /// Writes at once.
  ///
  /// - Throws: `FileError` when the terminal is gone.
  func write(_ text: String) throws {
    guard !text.isEmpty else { return }
    try Array(text.utf8).withUnsafeBytes { try writeAll($0, to: terminal, path: "the terminal") }
  }

  /// Waits for what happens next.
  mutating func event() -> Event {
    if !early.isEmpty {
      defer { early = [] }
      return .keys(early)
    }
    while true {
      let happened = wait(decoder.isWaiting ? Self.silence : -1)
      if let event = TerminalSignals.take() {
        if event == .stop { stop() }
        return event == .wake ? .woken : .redraw
      }
      if happened.isReadable {
        guard let bytes = read() else { return .closed }
        let keys = decoder.keys(from: bytes)
        if !keys.isEmpty { return .keys(keys) }
      } else if happened.isSilent {
        let keys = decoder.keysAfterSilence()
        if !keys.isEmpty { return .keys(keys) }
      }
    }
  }

  /// How long an escape waits for the rest of a sequence, in milliseconds.
  private static let silence: Int32 = 50

  /// Gives the screen back, stops the program as Ctrl-Z does, and takes the screen again.
  func stop() {
    TerminalState.leave()
    TerminalSignals.stopProgram()
    TerminalState.enter()
  }

  private func wait(_ milliseconds: Int32) -> (isReadable: Bool, isSilent: Bool) {
    var requests = [
      pollfd(fd: terminal, events: Int16(POLLIN), revents: 0),
      pollfd(fd: TerminalSignals.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    let count = poll(&requests, nfds_t(requests.count), milliseconds)
    return (count > 0 && requests[0].revents != 0, count == 0)
  }

  /// Bytes that are there; `nil` at the terminal's end.
  private func read() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    #if canImport(Darwin)
      let count = Darwin.read(terminal, &buffer, buffer.count)
    #else
      let count = Glibc.read(terminal, &buffer, buffer.count)
    #endif
    if count < 0, errno == EINTR || errno == EAGAIN { return [] }
    return count > 0 ? Array(buffer[..<count]) : nil
  }
}
