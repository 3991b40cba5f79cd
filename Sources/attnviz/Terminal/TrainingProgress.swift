import Training

/// How far a training run is.
struct TrainingProgress {
  private var progress: StepProgress

  init(_ trainer: Trainer, quiet: Bool) {
    progress = StepProgress(after: trainer.step, quiet: quiet)
  }

  /// Shows the last step.
  mutating func show(_ trainer: Trainer) {
    let seconds = progress.seconds
    progress.show(Self.line(trainer, seconds), trainer.step, of: trainer.settings.steps)
  }

  /// Shows the loss of what is kept aside, in a line that stays.
  func look(_ trainer: Trainer) {
    let kept = trainer.log.looks.last.map { ", kept aside \(Self.rounded($0.loss))" } ?? ""
    progress.say(Self.line(trainer, progress.seconds) + kept)
  }

  /// Clears the line that changes.
  func end() { progress.end() }

  private static func line(_ trainer: Trainer, _ seconds: Double) -> String {
    let steps = trainer.log.steps.suffix(20)
    let loss = steps.reduce(0) { $0 + $1.loss } / Double(max(1, steps.count))
    let rate = Double(trainer.tokens) / max(seconds, 1e-9)
    return "step \(trainer.step) of \(trainer.settings.steps): loss \(rounded(loss)), "
      + "\(Int(rate)) tokens/s"
  }

  private static func rounded(_ x: Double) -> String { "\((x * 1000).rounded() / 1000)" }
}
