import Files

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// How far a long piece of work is, on standard error: one line that changes on a terminal, else a
/// line now and then.
struct StepProgress {
  private let quiet: Bool
  private let isLive = isatty(STDERR_FILENO) == 1
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private let first: Int
  private var shown: ContinuousClock.Instant?

  /// - Parameter first: Steps that were made before.
  init(after first: Int = 0, quiet: Bool) {
    self.first = first
    self.quiet = quiet
    start = clock.now
  }

  /// Seconds since the beginning.
  var seconds: Double { (clock.now - start) / .seconds(1) }

  /// Shows a step and what is left: on a terminal some times a second, else every ten seconds.
  mutating func show(_ text: @autoclosure () -> String, _ done: Int, of all: Int) {
    let pause: Duration = isLive ? .milliseconds(200) : .seconds(10)
    guard !quiet, shown.map({ clock.now - $0 > pause }) ?? true else { return }
    shown = clock.now
    let line = "\(text()), \(rest(done, of: all))".visible
    if isLive { draw(line) } else { Output.message(line) }
  }

  /// Says something in a line that stays.
  func say(_ text: String) {
    guard !quiet else { return }
    end()
    Output.message(text.visible)
  }

  /// Clears the line that changes.
  func end() {
    if isLive, !quiet { draw("") }
  }

  /// What is left at the speed so far: "12 s to go".
  func rest(_ done: Int, of all: Int) -> String {
    Self.time(seconds / Double(max(1, done - first)) * Double(all - done)) + " to go"
  }

  /// A time in words.
  static func time(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    return whole < 60
      ? "\(whole) s"
      : whole < 3600
        ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole / 60 % 60) min"
  }

  private func draw(_ text: String) {
    try? Array("\r\u{1B}[K\(text)".utf8).withUnsafeBytes {
      try writeAll($0, to: STDERR_FILENO, path: "standard error")
    }
  }
}
