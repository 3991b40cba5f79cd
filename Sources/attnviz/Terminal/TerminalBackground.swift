import Files

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Whether the terminal's background is dark, where it says so.
enum TerminalBackground {
  /// Asks the terminal for its colour (OSC 11), else reads `COLORFGBG`; `nil` when neither tells.
  static func find() -> (isDark: Bool, reason: String)? {
    if let answer = ask(), let luminance = luminance(of: answer) {
      return (luminance < 0.5, "it answered with a luminance of \(hundredths(luminance))")
    }
    guard let value = environment("COLORFGBG"),
      let number = value.split(separator: ";").last.flatMap({ Int($0) }), (0...15).contains(number)
    else { return nil }
    // The dark ones of the sixteen: black, red, green, yellow, blue, magenta, cyan; bright black.
    return (number < 7 || number == 8, "COLORFGBG is \(value.visible)")
  }

  private static func hundredths(_ number: Double) -> String {
    let value = Int((number * 100).rounded())
    return "\(value / 100).\(value % 100 / 10)\(value % 10)"
  }

  /// The longest time to wait for an answer, in milliseconds.
  private static let patience: Int32 = 200

  /// What a terminal answers to the question for its background. The question for its kind, which every
  /// terminal answers, comes after it, so that those that do not know the first are not waited for.
  private static func ask() -> String? {
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
    let question = Array("\u{1B}]11;?\u{1B}\\\u{1B}[c".utf8)
    guard write(terminal, question, question.count) == question.count else { return nil }
    return answer(from: terminal)
  }

  private static func answer(from terminal: Int32) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 256)
    while bytes.count < 1024, bytes.last != UInt8(ascii: "c") || !isWhole(bytes) {
      var request = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
      guard poll(&request, 1, patience) > 0 else { break }
      let count = read(terminal, &buffer, buffer.count)
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether the answer to the second question has begun: ESC [ ?
  private static func isWhole(_ bytes: [UInt8]) -> Bool {
    bytes.firstRange(of: Array("\u{1B}[?".utf8)) != nil
  }

  /// The relative luminance of an answer `…rgb:RRRR/GGGG/BBBB…` (ITU-R BT.709, linear light).
  private static func luminance(of answer: String) -> Double? {
    guard let start = answer.firstRange(of: "rgb:")?.upperBound else { return nil }
    let parts = answer[start...].prefix { $0.isHexDigit || $0 == "/" }.split(separator: "/")
    let levels = parts.compactMap { part -> Double? in
      guard (1...4).contains(part.count), let value = Int(part, radix: 16) else { return nil }
      return Double(value) / Double((1 << (4 * part.count)) - 1)
    }
    guard levels.count == 3 else { return nil }
    let linear = levels.map { $0 * $0 * ($0 * 0.305306011 + 0.682171111) + $0 * 0.012522878 }
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
  }
}
