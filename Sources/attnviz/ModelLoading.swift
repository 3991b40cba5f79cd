import Files
import Tokenization
import Transformers

extension ModelOptions {
  /// Reads the model that the options, the environment or the store name.
  func load() throws -> Model {
    let location = try ModelStore.resolve(model)
    return try Model(folder: location.folder, name: location.name)
  }

  /// Reads its tokenizer only.
  func loadTokenizer() throws -> Tokenizer {
    try Tokenizer.load(folder: ModelStore.resolve(model).folder)
  }
}

extension Model {
  /// Runs the model, says first what a long text costs, and warns when a number is not finite.
  func run(
    _ text: String, pair: String? = nil, recording: Recording = .everything,
    _ common: CommonOptions
  ) throws -> Run {
    let run = try run(text, pair: pair, digest: nil, pass: Pass(recording: recording))
    if let site = run.notFinite { common.say("warning: \(site) is not finite") }
    return run
  }
}
