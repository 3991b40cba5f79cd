import Files
import Foundation
import Testing

/// A terminal that tests look at: a tmux server of their own, with a shell in one window.
final class Tmux {
  /// Whether tmux is installed.
  static let isInstalled = ((try? runProgram(["which", "tmux"])) ?? nil)?.code == 0

  let folder: String
  private let socket: String

  /// Starts a shell in a folder.
  init(
    _ folder: String, columns: Int = 80, rows: Int = 24, variables: [String: String] = [:]
  ) throws {
    self.folder = folder
    // The path of a socket is short.
    socket = "/tmp/attnviz-\(UInt32.random(in: 0 ... .max))"
    var all = [
      "PS1": "$ ", "PS2": "> ", "HISTFILE": "/dev/null", "LC_ALL": "C.UTF-8",
      "TERM": "tmux-256color",
    ]
    all.merge(variables) { $1 }
    let settings = all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let unset = [
      "ATTNVIZ_MODEL", "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "COLORTERM", "COLORFGBG",
      "TMUX", "ENV", "BASH_ENV",
    ].filter { all[$0] == nil }.flatMap { ["-u", $0] }
    let shell = (["env"] + unset + settings + ["sh", "-i"]).map { "'\($0)'" }
      .joined(separator: " ")
    _ = try call([
      "-f", "/dev/null", "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "-c", folder,
      shell,
    ])
    try wait { $0.contains("$") }
  }

  deinit {
    _ = try? call(["kill-server"])
    try? FileManager.default.removeItem(atPath: socket)
  }

  /// Ends the window and whatever runs in it, as closing a terminal does.
  func close() throws { _ = try call(["kill-server"]) }

  /// Types letters.
  func type(_ text: String) throws { _ = try call(["send-keys", "-l", "--", text]) }

  /// Presses keys by their names: `Right`, `Enter`, `C-z`, `x`.
  func press(_ keys: String...) throws { _ = try call(["send-keys"] + keys) }

  /// Types a line and Enter.
  func run(_ line: String) throws {
    try type(line)
    try press("Enter")
  }

  func resize(columns: Int, rows: Int) throws {
    _ = try call(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
  }

  /// What is seen; with colours as controls where asked for.
  func screen(colors: Bool = false) throws -> String {
    try call(["capture-pane", "-p"] + (colors ? ["-e"] : []))
  }

  /// What tmux knows of the window.
  func value(of name: String) throws -> String {
    try call(["display-message", "-p", "#{\(name)}"]).trimmingCharacters(in: .newlines)
  }

  /// Looks until the screen is as it should be.
  @discardableResult
  func wait(
    _ location: SourceLocation = #_sourceLocation, until isReached: (String) -> Bool
  ) throws -> String {
    let end = Date().addingTimeInterval(120)
    var seen = ""
    while Date() < end {
      seen = try screen()
      if isReached(seen) { return seen }
      usleep(50_000)
    }
    Issue.record("after two minutes the screen is\n\(seen)", sourceLocation: location)
    throw Timeout()
  }

  /// Waits for words.
  @discardableResult
  func wait(
    for words: String..., location: SourceLocation = #_sourceLocation
  ) throws -> String {
    try wait(location) { screen in words.allSatisfy(screen.contains) }
  }

  struct Timeout: Error {}

  /// Calls tmux. Not by Foundation's `Process`, which waits for the server too.
  private func call(_ words: [String]) throws -> String {
    try runProgram(["tmux", "-S", socket] + words)?.output ?? ""
  }
}
