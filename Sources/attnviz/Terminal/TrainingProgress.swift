import Files
import Training

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// How far a training run is, on standard error: one line that changes on a terminal, else a line
/// now and then.
struct TrainingProgress {
  private let quiet: Bool
  private let isLive = isatty(STDERR_FILENO) == 1
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private let firstStep: Int
  private var shown: ContinuousClock.Instant?

  init(_ trainer: Trainer, quiet: Bool) {
    self.quiet = quiet
    start = clock.now
    firstStep = trainer.step
  }

  /// Shows the last step: on a terminal some times a second, else every ten seconds.
  mutating func show(_ trainer: Trainer) {
    let pause: Duration = isLive ? .milliseconds(200) : .seconds(10)
    guard !quiet, shown.map({ clock.now - $0 > pause }) ?? true else { return }
    shown = clock.now
    let text = line(trainer)
    if isLive { draw(text) } else { Output.message(text) }
  }

  /// Shows the loss of what is kept aside, in a line that stays.
  mutating func look(_ trainer: Trainer) {
    guard !quiet else { return }
    end()
    let kept = trainer.log.looks.last.map { ", kept aside \(Self.rounded($0.loss))" } ?? ""
    Output.message(line(trainer) + kept)
  }

  /// Clears the line that changes.
  func end() {
    if isLive, !quiet { draw("") }
  }

  private func line(_ trainer: Trainer) -> String {
    let steps = trainer.log.steps.suffix(20)
    let loss = steps.reduce(0) { $0 + $1.loss } / Double(max(1, steps.count))
    let seconds = (clock.now - start) / .seconds(1)
    let made = trainer.step - firstStep
    let rest = seconds / Double(max(1, made)) * Double(trainer.settings.steps - trainer.step)
    let rate = Double(trainer.tokens) / max(seconds, 1e-9)
    return "step \(trainer.step) of \(trainer.settings.steps): loss \(Self.rounded(loss)), "
      + "\(Int(rate)) tokens/s, \(Self.time(rest)) to go"
  }

  private static func rounded(_ x: Double) -> String { "\((x * 1000).rounded() / 1000)" }

  private static func time(_ seconds: Double) -> String {
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
