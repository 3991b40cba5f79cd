import Foundation

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The program on a terminal of its own, with a person's answers.
enum PseudoTerminal {
  /// Runs the program with input and output on a terminal of 80 × 24, types something at once, and
  /// returns all that was shown.
  static func run(
    _ arguments: [String], typing answers: String, environment: [String: String] = [:]
  ) throws -> Program.Result {
    let (master, slave) = try open()
    var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(slave, UInt(TIOCSWINSZ), &size)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Program.path)
    process.arguments = arguments
    let inherited = ProcessInfo.processInfo.environment
    process.environment = inherited.merging(["NO_COLOR": "1"]) { $1 }
      .merging(environment) { $1 }
    let handle = FileHandle(fileDescriptor: slave, closeOnDealloc: false)
    process.standardInput = handle
    process.standardOutput = handle
    let error = Pipe()
    process.standardError = error
    try process.run()
    close(slave)
    _ = answers.withCString { write(master, $0, strlen($0)) }
    var shown: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(master, &buffer, buffer.count)
      // At the end of the program Linux says that the terminal is gone.
      guard count > 0 else { break }
      shown += buffer[..<count]
    }
    let said = error.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    close(master)
    return Program.Result(
      code: process.terminationReason == .exit ? process.terminationStatus : -1,
      out: String(decoding: shown, as: UTF8.self), error: String(decoding: said, as: UTF8.self))
  }

  /// Both ends of a new terminal.
  private static func open() throws -> (master: Int32, slave: Int32) {
    #if canImport(Darwin)
      let master = posix_openpt(O_RDWR | O_NOCTTY)
      guard master >= 0, grantpt(master) == 0, unlockpt(master) == 0, let name = ptsname(master)
      else { throw CocoaError(.fileReadUnknown) }
      let path = String(cString: name)
    #else
      // Glibc hides the functions of POSIX from Swift: these are what they do (ioctl_tty(2)).
      let (unlock, number): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
      let master = Glibc.open("/dev/ptmx", O_RDWR | O_NOCTTY)
      var (off, place): (Int32, Int32) = (0, 0)
      guard master >= 0, ioctl(master, unlock, &off) == 0, ioctl(master, number, &place) == 0
      else { throw CocoaError(.fileReadUnknown) }
      let path = "/dev/pts/\(place)"
    #endif
    #if canImport(Darwin)
      let slave = Darwin.open(path, O_RDWR | O_NOCTTY)
    #else
      let slave = Glibc.open(path, O_RDWR | O_NOCTTY)
    #endif
    guard slave >= 0 else { throw CocoaError(.fileReadNoSuchFile) }
    return (master, slave)
  }
}
