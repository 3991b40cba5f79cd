import Dispatch
import Files
import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Leaves nothing half written when the program is interrupted.
enum Signals {
  nonisolated(unsafe) private static var sources: [any DispatchSourceSignal] = []
  /// Whether a command ends by itself when it is asked to, and whether it was.
  private static let request = Mutex((isAwaited: false, isMade: false))

  /// From now on the first interruption only asks the command to end; the second one ends it.
  static func awaitRequest() { request.withLock { $0.isAwaited = true } }

  /// Whether the command was asked to end.
  static var isEndRequested: Bool { request.withLock { $0.isMade } }

  /// What is done before the program ends.
  private static let farewell = Mutex<(@Sendable () -> Void)?>(nil)

  /// From now on this is done before a signal ends the program.
  static func atEnd(_ body: @escaping @Sendable () -> Void) { farewell.withLock { $0 = body } }

  /// Installs the handlers; call once, before any thread starts.
  static func install() {
    openStandardStreams()
    // A file that grows past its limit is an error like a full disk.
    signal(SIGXFSZ, SIG_IGN)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(
        signal: number, queue: .global(qos: .userInteractive))
      source.setEventHandler {
        let isFirst = request.withLock { request in
          defer { request.isMade = true }
          return request.isAwaited && !request.isMade
        }
        if isFirst { return }
        RunningPrograms.end {
          farewell.withLock { $0 }?()
          TemporaryFiles.removeAll()
          _exit(128 + number)
        }
      }
      source.resume()
      sources.append(source)
    }
  }

  /// Puts something where a standard stream is closed: else the first file that is opened would
  /// take its number, and data would be written into it. Writing there fails.
  private static func openStandardStreams() {
    for number in STDIN_FILENO...STDERR_FILENO where fcntl(number, F_GETFD) < 0 {
      _ = open("/dev/null", O_RDONLY)
    }
  }
}
