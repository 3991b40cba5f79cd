import Files
import Transformers

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Progress on standard error: one line that changes on a terminal, else one line a stage.
struct ProgressLine {
  private let name: String
  private let quiet: Bool
  private let isLive = isatty(STDERR_FILENO) == 1
  private var shown = ""
  private var stage: ModelProgress.Stage?

  /// Starts with nothing shown; `name` begins every line.
  init(_ name: String, quiet: Bool) {
    self.name = name
    self.quiet = quiet
  }

  /// Shows how far things are.
  mutating func show(_ progress: ModelProgress) {
    guard !quiet else { return }
    if isLive {
      let percent = progress.total > 0 ? progress.done * 100 / progress.total : 0
      let done = progress.done > 0 ? ": \(percent) %" : ""
      draw("\(name): \(progress.stage.rawValue) \(progress.total.megabytes)\(done)")
    } else if stage != progress.stage {
      Output.message("\(name): \(progress.stage.rawValue) \(progress.total.megabytes)")
    }
    stage = progress.stage
  }

  /// Clears the line that changes.
  mutating func end() {
    if isLive, !shown.isEmpty { draw("") }
  }

  private mutating func draw(_ text: String) {
    guard text != shown else { return }
    shown = text
    try? Array("\r\u{1B}[K\(text)".utf8).withUnsafeBytes {
      try writeAll($0, to: STDERR_FILENO, path: "standard error")
    }
  }
}
