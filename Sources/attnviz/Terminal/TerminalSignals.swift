#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The signals of a terminal that is shown as a whole screen. Handlers write a byte into a pipe, so
/// that a `poll` ends and everything else happens outside of them.
enum TerminalSignals {
  /// What a byte in the pipe says.
  enum Message: UInt8 {
    case resize = 1
    case goOn, stop, wake
  }

  /// Readable when there is a message.
  nonisolated(unsafe) private(set) static var descriptor: Int32 = -1
  nonisolated(unsafe) private static var end: Int32 = -1

  /// Installs the handlers, once.
  static func install() {
    guard descriptor < 0 else { return }
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    (descriptor, end) = (ends[0], ends[1])
    handle(SIGWINCH) { _ in TerminalSignals.send(.resize) }
    handle(SIGCONT) { _ in TerminalSignals.send(.goOn) }
    handle(SIGTSTP) { _ in TerminalSignals.send(.stop) }
    // A mistake of the program, or Ctrl-\: the screen goes back before the program does.
    for number in [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGQUIT] {
      handle(number) { number in
        TerminalState.leave()
        signal(number, SIG_DFL)
        raise(number)
      }
    }
    Signals.atEnd { TerminalState.leave() }
  }

  /// Ends the wait of the thread that reads keys.
  static func wake() { send(.wake) }

  /// The oldest message, if there is one; of several of a kind that follow one another, one.
  static func take() -> Message? {
    var byte: UInt8 = 0
    guard read(descriptor, &byte, 1) == 1 else { return nil }
    return Message(rawValue: byte)
  }

  /// Stops this program and those that run with it, until it is told to go on.
  static func stopProgram() {
    signal(SIGTSTP, SIG_DFL)
    kill(0, SIGTSTP)
    handle(SIGTSTP) { _ in TerminalSignals.send(.stop) }
  }

  private static func send(_ message: Message) {
    let before = errno
    var byte = message.rawValue
    _ = write(end, &byte, 1)
    errno = before
  }

  private static func handle(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    #if canImport(Darwin)
      action.__sigaction_u.__sa_handler = handler
    #else
      action.__sigaction_handler.sa_handler = handler
    #endif
    action.sa_flags = Int32(SA_RESTART)
    sigaction(number, &action, nil)
  }
}
