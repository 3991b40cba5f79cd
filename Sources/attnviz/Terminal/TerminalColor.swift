import ArgumentParser
import Figures
import Files

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// When to use colour.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never
}

/// What a terminal can show.
enum TerminalColor: Equatable {
  case none, palette256, full

  /// The colours to use on standard output: `--color`, then `NO_COLOR`, then
  /// `FORCE_COLOR`/`CLICOLOR_FORCE`, then whether it is a terminal.
  static func on(_ choice: ColorChoice) -> TerminalColor {
    switch choice {
    case .never: return .none
    case .always: return best
    case .auto:
      if environment("NO_COLOR") != nil { return .none }
      let isForced = ["FORCE_COLOR", "CLICOLOR_FORCE"].contains {
        environment($0).map { $0 != "0" } ?? false
      }
      if isForced { return best }
      return isatty(STDOUT_FILENO) == 1 && environment("TERM") != "dumb" ? best : .none
    }
  }

  private static var best: TerminalColor {
    ["truecolor", "24bit"].contains(environment("COLORTERM") ?? "") ? .full : .palette256
  }

  /// Text on a coloured ground; plain text without colour.
  func paint(_ text: String, _ ink: Color, on ground: Color) -> String {
    guard self != .none else { return text }
    return "\u{1B}[38;\(code(ink));48;\(code(ground))m\(text)\u{1B}[0m"
  }

  /// Bold text.
  func bold(_ text: String) -> String {
    self == .none ? text : "\u{1B}[1m\(text)\u{1B}[0m"
  }

  /// Text that stands back.
  func quiet(_ text: String) -> String {
    self == .none ? text : "\u{1B}[2m\(text)\u{1B}[0m"
  }

  private func code(_ color: Color) -> String {
    if self == .full { return "2;\(color.red);\(color.green);\(color.blue)" }
    let (red, green, blue) = (
      Self.cubeStep(color.red), Self.cubeStep(color.green), Self.cubeStep(color.blue)
    )
    return "5;\(16 + 36 * red + 6 * green + blue)"
  }

  /// The nearest of the six steps 0, 95, 135, 175, 215, 255 of the 256-colour cube.
  private static func cubeStep(_ channel: UInt8) -> Int {
    if channel < 48 { return 0 }
    return channel < 115 ? 1 : (Int(channel) - 35) / 40
  }
}

/// The terminal's size.
enum TerminalSize {
  /// Cells in a row: the terminal's, else `COLUMNS`, else 80.
  static var columns: Int {
    var size = winsize()
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
      return Int(size.ws_col)
    }
    return environment("COLUMNS").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } ?? 80
  }
}
