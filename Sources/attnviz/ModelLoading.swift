import Files
import Tensors
import Tokenization
import Transformers

extension ModelOptions {
  /// Reads the model that the options, the environment or the store name, and its digest.
  func load() throws -> (model: Model, digest: String?) {
    let store = ModelStore()
    let location = try store.resolve(model)
    return (try Model(location), try store.digest(of: location))
  }

  /// Reads its tokenizer only; a folder with nothing but a tokenizer will do.
  func loadTokenizer() throws -> Tokenizer {
    if let model, fileExists(model + "/tokenizer.json") {
      return try Tokenizer.load(folder: model)
    }
    return try ModelStore().resolve(model).tokenizer()
  }
}

extension Model {
  /// Runs the model, says first what a long text costs, and warns when a number is not finite.
  func run(
    _ text: String, pair: String? = nil, digest: String?, recording: Recording = .everything,
    attentionTemperature: AttentionTemperature = .init(),
    target settings: Generation.Settings = .greedy(count: Generation.Settings.targetCount),
    _ common: CommonOptions
  ) throws -> Run {
    let pass = Pass(recording: recording, attentionTemperature: attentionTemperature)
    let run = try run(text, pair: pair, digest: digest, pass: pass, target: settings) {
      announce(recording, tokens: $0, target: settings.count, common)
    }
    common.detail("\(name) from \(folder): \(run.count) tokens, products by \(BLAS.description)")
    if let site = run.notFinite { common.say("warning: \(site) is not finite") }
    return run
  }

  /// Says what it costs to record a long text.
  func announce(
    _ recording: Recording, tokens: Int, target: Int, _ common: CommonOptions
  ) {
    let bytes = recording.bytesOfMaps(
      configuration, tokens: tokens, target: min(target, configuration.maximumTokens))
    guard bytes > 200 << 20, tokens <= configuration.maximumTokens else { return }
    let heads = configuration.layers * configuration.heads
    common.say("\(heads) heads × \(tokens)²: \(bytes >> 20) MB of scores and weights")
  }
}
