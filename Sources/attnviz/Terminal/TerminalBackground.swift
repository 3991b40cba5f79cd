import Figures
import Files
import Stepping

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Whether the terminal's background is dark, where it says so.
enum TerminalBackground {
  /// Asks the terminal for its colour, else reads `COLORFGBG`; `nil` when neither tells.
  static func find() -> (isDark: Bool, reason: String)? {
    if let ground = ask() {
      let luminance = NumberFormat.fixed(ground.luminance, decimals: 2)
      return (isDark(ground), "it answered with a luminance of \(luminance)")
    }
    return named()
  }

  /// Whether a ground is nearer to black than to white, for the eye.
  static func isDark(_ ground: Color) -> Bool {
    ground.contrast(with: Color(0xFFFFFF)) >= ground.contrast(with: Color(0x000000))
  }

  /// What `COLORFGBG` says: its last number is one of the sixteen colours.
  static func named() -> (isDark: Bool, reason: String)? {
    guard let value = environment("COLORFGBG"),
      let number = value.split(separator: ";").last.flatMap({ Int($0) }), (0...15).contains(number)
    else { return nil }
    // The dark ones of the sixteen: black, red, green, yellow, blue, magenta, cyan; bright black.
    return (number < 7 || number == 8, "COLORFGBG is \(value.visible)")
  }

  /// The longest time to wait for an answer, in milliseconds.
  private static let patience = 200

  /// Asks a terminal that neither waits for lines nor repeats what it reads for its background
  /// (OSC 11). The question for its kind, which every terminal answers, comes after it, so that
  /// those that do not know the first are not waited for. The decoder has the answer; the keys are
  /// those that came meanwhile.
  static func ask(_ terminal: Int32, _ decoder: inout KeyDecoder) -> [Key] {
    let question = Array("\u{1B}]11;?\u{1B}\\\u{1B}[c".utf8)
    guard write(terminal, question, question.count) == question.count else { return [] }
    var keys: [Key] = []
    var buffer = [UInt8](repeating: 0, count: 256)
    let end = milliseconds + patience
    while !decoder.isKindKnown, case let left = end - milliseconds, left > 0 {
      var request = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
      let ready = poll(&request, 1, Int32(left))
      if ready < 0, errno == EINTR { continue }
      guard ready > 0, case let count = read(terminal, &buffer, buffer.count), count > 0 else {
        break
      }
      keys += decoder.keys(from: buffer[..<count])
    }
    return keys
  }

  /// Asks the terminal of this process, which is left as it was.
  private static func ask() -> Color? {
    guard isatty(STDOUT_FILENO) == 1, environment("TERM") != "dumb" else { return nil }
    let terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard terminal >= 0 else { return nil }
    defer { close(terminal) }
    var before = termios()
    guard tcgetattr(terminal, &before) == 0 else { return nil }
    var quiet = before
    quiet.c_lflag &= ~tcflag_t(ICANON | ECHO)
    guard tcsetattr(terminal, TCSANOW, &quiet) == 0 else { return nil }
    defer { _ = tcsetattr(terminal, TCSAFLUSH, &before) }
    var decoder = KeyDecoder()
    _ = ask(terminal, &decoder)
    return decoder.ground
  }

  /// Time that never jumps.
  private static var milliseconds: Int {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Int(now.tv_sec) * 1000 + Int(now.tv_nsec) / 1_000_000
  }
}
