import ArgumentParser
import Files
import TextDrawing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// When to use colour.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never
}

extension TerminalColor {
  /// The colours to use on standard output: `--color`, then `NO_COLOR`, then
  /// `FORCE_COLOR`/`CLICOLOR_FORCE`, then whether it is a terminal.
  static func on(_ choice: ColorChoice) -> TerminalColor { chosen(choice).color }

  /// The colours to use on standard output, and what decided it.
  static func chosen(_ choice: ColorChoice) -> (color: TerminalColor, reason: String) {
    switch choice {
    case .never: return (.none, "--color never")
    case .always: return (best, "--color always")
    case .auto:
      if environment("NO_COLOR") != nil { return (.none, "NO_COLOR is set") }
      let force = ["FORCE_COLOR", "CLICOLOR_FORCE"].first {
        environment($0).map { $0 != "0" } ?? false
      }
      if let force { return (best, "\(force) is set") }
      guard TerminalSize.isTerminal else { return (.none, "standard output is no terminal") }
      if environment("TERM") == "dumb" { return (.none, "TERM is dumb") }
      let promise = environment("COLORTERM").map { "COLORTERM is \($0)" }
      return (best, promise ?? "TERM is \(environment("TERM") ?? "not set")")
    }
  }

  /// `COLORTERM` promises 24 bits; a few old terminals have sixteen colours.
  private static var best: TerminalColor {
    if ["truecolor", "24bit"].contains(environment("COLORTERM") ?? "") { return .full }
    let old = ["ansi", "linux", "cygwin", "xterm-16color", "rxvt-16color"]
    return old.contains(environment("TERM") ?? "") ? .palette16 : .palette256
  }
}

/// The terminal's size.
enum TerminalSize {
  /// Whether standard output is a terminal.
  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Cells in a row: the terminal's, else `COLUMNS`, else 80.
  static var columns: Int {
    var size = winsize()
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
      return Int(size.ws_col)
    }
    return environment("COLUMNS").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } ?? 80
  }
}
