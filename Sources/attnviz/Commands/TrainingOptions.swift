import ArgumentParser
import Training

/// How a model is trained.
struct TrainingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Steps in all: 1000 when not given.", valueName: "N"))
  var steps: Int?

  @Option(help: ArgumentHelp("Texts, or pairs, of a step.", valueName: "N"))
  var batch = 32

  @Option(help: ArgumentHelp("Tokens of a text, or the most of a pair.", valueName: "N"))
  var context = 64

  @Option(help: ArgumentHelp("Tokens of the vocabulary, 256 bytes included.", valueName: "N"))
  var vocabulary = 2048

  @Option(help: ArgumentHelp("The largest learning rate.", valueName: "rate"))
  var learningRate = 1e-3

  @Option(
    help: ArgumentHelp(
      "Steps until it is reached; it then falls along half a cosine.", valueName: "N"))
  var warmup = 100

  @Option(help: ArgumentHelp("How fast matrices fall towards 0.", valueName: "rate"))
  var weightDecay = 0.1

  @Option(help: ArgumentHelp("The longest gradient; 0 for any.", valueName: "norm"))
  var clip = 1.0

  @Option(help: ArgumentHelp("How much is left out by chance.", valueName: "share"))
  var dropout = 0.0

  @Option(help: ArgumentHelp("The seed of all that is drawn.", valueName: "N"))
  var seed = 0

  @Option(help: ArgumentHelp("The share that is kept aside to look at.", valueName: "share"))
  var validation = 0.05

  @Option(help: ArgumentHelp("Steps between checkpoints.", valueName: "N"))
  var checkpointEvery = 250

  func validate() throws {
    for (name, value) in [
      ("--steps", steps ?? 1), ("--batch", batch), ("--checkpoint-every", checkpointEvery),
    ] where value < 1 {
      throw ValidationError("\(name) takes a number from 1.")
    }
    guard warmup >= 0 else { throw ValidationError("--warmup takes a number from 0.") }
    guard vocabulary >= 261 else {
      throw ValidationError("--vocabulary takes a number from 261: every byte is a token.")
    }
    guard learningRate > 0, learningRate.isFinite else {
      throw ValidationError("--learning-rate takes a number above 0.")
    }
    guard weightDecay >= 0, clip >= 0 else {
      throw ValidationError("--weight-decay and --clip take a number from 0.")
    }
    guard (0..<1).contains(dropout), (0...0.5).contains(validation) else {
      throw ValidationError("--dropout takes a share below 1, --validation one up to 0.5.")
    }
  }

  func settings() -> TrainingSettings {
    var settings = TrainingSettings()
    settings.steps = steps ?? settings.steps
    (settings.batch, settings.context) = (batch, context)
    (settings.rate, settings.warmup) = (learningRate, warmup)
    (settings.decay, settings.clip, settings.dropout) = (weightDecay, clip, dropout)
    (settings.seed, settings.validation) = (seed, validation)
    settings.checkpointEvery = checkpointEvery
    return settings
  }
}
