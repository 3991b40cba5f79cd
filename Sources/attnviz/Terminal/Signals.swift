import Dispatch
import Files

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Leaves nothing half written when the program is interrupted.
enum Signals {
  nonisolated(unsafe) private static var sources: [any DispatchSourceSignal] = []

  /// Installs the handlers; call once, before any thread starts.
  static func install() {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(
        signal: number, queue: .global(qos: .userInteractive))
      source.setEventHandler {
        RunningPrograms.end {
          TemporaryFiles.removeAll()
          _exit(128 + number)
        }
      }
      source.resume()
      sources.append(source)
    }
  }
}
