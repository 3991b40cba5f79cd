import Files
import TextDrawing

/// The terminal: colours and why, size, characters, background.
enum TerminalFindings {
  static var all: [Finding] {
    guard TerminalSize.isTerminal else {
      return [
        Finding("terminal", "output", .ok, "standard output is no terminal", isTerminal(false)),
        colors, background,
      ]
    }
    return [size, characters, colors, background]
  }

  private static func isTerminal(_ value: Bool) -> [JSON.Member] {
    [JSON.Member("terminal", .bool(value))]
  }

  /// Narrower terminals break the lines of tables.
  private static let leastColumns = 60

  private static var size: Finding {
    let columns = TerminalSize.columns
    let isWide = columns >= leastColumns
    return Finding(
      "terminal", "size", isWide ? .ok : .warning, "\(columns) columns",
      advice: isWide
        ? nil : "widen it to \(leastColumns) columns or more, or write figures to files",
      isTerminal(true) + [JSON.Member("columns", .integer(columns))])
  }

  /// The locale says which characters the terminal is sent; figures as text are UTF-8.
  private static var characters: Finding {
    let name = ["LC_ALL", "LC_CTYPE", "LANG"].first { environment($0) != nil }
    let value = name.flatMap(environment) ?? ""
    let isUnicode = value.lowercased().replacing("-", with: "").contains("utf8")
    return Finding(
      "terminal", "characters", isUnicode ? .ok : .warning,
      name.map { "\($0) is \(value.visible)" } ?? "no locale is set",
      advice: isUnicode
        ? nil : "if words look wrong, set LANG=C.UTF-8; --color never draws figures in ASCII",
      [JSON.Member("locale", .string(value))])
  }

  private static var colors: Finding {
    let (color, reason) = TerminalColor.chosen(.auto)
    let name =
      switch color {
      case .none: "none"
      case .palette16: "16"
      case .palette256: "256"
      case .full: "24 bits"
      }
    return Finding(
      "terminal", "colours", .ok, "\(name): \(reason)",
      [JSON.Member("colors", .string(name)), JSON.Member("reason", .string(reason))])
  }

  private static var background: Finding {
    let found = TerminalBackground.find()
    return Finding(
      "terminal", "background", .ok,
      found.map { "\($0.isDark ? "dark" : "light"): \($0.reason)" } ?? "not known: it does not say",
      [
        JSON.Member("background", found.map { .string($0.isDark ? "dark" : "light") } ?? .null),
        JSON.Member("background_reason", found.map { .string($0.reason) } ?? .null),
      ])
  }
}
